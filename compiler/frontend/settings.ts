// Arguments as written → the settings of one operator, each with where it came from.
import type { Argument, Expression } from '../../grammar/ast.ts';
import { spanText } from '../../grammar/source.ts';
import type { ArgSpec, ArgSpecs, Written } from '../ops/argument.ts';
import { KEYWORDS } from '../ops/index.ts';
import { INPUT_ARGS } from '../ops/input.ts';
import { usedHere, type Diagnostics } from './diagnostics.ts';
import { evaluate, NoValue, reportNoValue, unknownName, type ValueOf } from './expression.ts';
import { pathScope, type FileScope, type Scope } from './scope.ts';
import { Settings, type CommonSettings, type Setting } from './setting.ts';
import { showName } from '../support/show-name.ts';
import { didYouMeanAttribute, didYouMeanChoice } from './synonyms.ts';

/** The signature that arguments are checked against. */
export interface Signature {
  readonly keyword: string;
  readonly positional: readonly string[];
  readonly args: ArgSpecs;
}

export const INPUT_SIGNATURE: Signature = { keyword: 'INPUT', positional: ['shape'], args: INPUT_ARGS };

/** What is the same for all operators of one network. */
export interface Settling {
  readonly valueOf: ValueOf;
  readonly diagnostics: Diagnostics;
  /** Settings of operators without arguments, by file and operator: worked out once. */
  readonly bases: Map<FileScope, Map<string, Base>>;
}

/** An argument, and the name that was written before it or that its place gives it. */
interface Named {
  readonly name: string;
  readonly argument: Argument;
}

/** Where an argument stands, and what its names mean there. */
interface Place {
  readonly scope: Scope;
  readonly from: 'given' | 'file';
}

interface Base extends CommonSettings {
  readonly isRight: boolean;
}

/**
 * Written arguments first, then the file's defaults, then the operator's own. Undefined when one of them
 * is wrong: that has been reported.
 */
export function settle(
  signature: Signature,
  written: readonly Argument[],
  scope: Scope,
  settling: Settling,
): Settings | undefined {
  const base = baseOf(signature, scope.file, settling);
  const surplus = surplusOf(signature, written);
  if (surplus) {
    reportSurplus(signature, surplus, written, settling.diagnostics);
    return undefined;
  }
  const settings = new Settings(base);
  let { isRight } = base;
  const seen: Named[] = [];
  for (let index = 0; index < written.length; index++) {
    const argument = written[index]!;
    const name = argument.name?.text ?? signature.positional[index];
    const named = name === undefined || argument.value.kind === 'error' ? undefined : { name, argument };
    const setting =
      named && isTaken(signature, named, seen, settling.diagnostics)
        ? read(signature, named, { scope, from: 'given' }, settling)
        : undefined;
    if (named && setting) settings.set(named.name, setting);
    else isRight = false;
  }
  return isRight ? settings : undefined;
}

/** Says what is wrong with arguments of an operator that has nothing to work on: nothing depends on sizes here. */
export function lookAtArguments(
  signature: Signature,
  written: readonly Argument[],
  scope: Scope,
  diagnostics: Diagnostics,
): void {
  const valueOf = (): never => {
    throw new NoValue();
  };
  settle(signature, written, scope, { valueOf, diagnostics, bases: new Map() });
}

function baseOf(signature: Signature, file: FileScope, settling: Settling): Base {
  const known = settling.bases.get(file)?.get(signature.keyword);
  if (known) return known;

  const settings = new Map<string, Setting>();
  let isRight = true;
  for (const [name, spec] of Object.entries(signature.args))
    if (spec.default !== undefined)
      settings.set(name, { text: spec.show(spec.default), value: spec.default, from: 'default' });
  const scope: Scope = { file, path: pathScope(''), frames: [], parameters: new Map() };
  for (const [name, argument] of file.defaults.get(signature.keyword) ?? []) {
    const setting = read(signature, { name, argument }, { scope, from: 'file' }, settling);
    if (setting) settings.set(name, setting);
    else isRight = false;
  }
  const values = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
  const base = { settings, values, isRight };
  const ofFile = settling.bases.get(file) ?? new Map<string, Base>();
  settling.bases.set(file, ofFile.set(signature.keyword, base));
  return base;
}

/** One argument as its specification reads it; undefined when it is of the wrong sort, which is reported. */
function read(
  { keyword, args }: Signature,
  { name, argument: { value, span } }: Named,
  { scope, from }: Place,
  { valueOf, diagnostics }: Settling,
): Setting | undefined {
  const spec = args[name]!;
  try {
    const written = wordOf(value, spec) ?? evaluate(value, scope, valueOf);
    const read = spec.read(written);
    if (read !== undefined) return { text: spec.show(read), value: read, from, span };
    const unknown = mayBeNamed(spec) && unknownName(value, scope, written);
    const text = spanText(value.span);
    const meant = didYouMeanChoice(text, spec.words ?? []);
    if (unknown && meant === '') {
      const takes = `${keyword}'s ${name} is ${spec.expects}`;
      const help = unknown.help === undefined ? takes : `${takes}; ${unknown.help}`;
      diagnostics.report(unknown.code, unknown.span, unknown.message, {
        help,
        related: usedHere(scope.frames, unknown.span),
      });
      return undefined;
    }
    const isTooLarge = numbersIn(written).some((number) => number > (spec.most ?? Infinity));
    const expects = isTooLarge ? `at most ${spec.most}` : spec.expects;
    const shown = valueText(written);
    const isPlain = shown === undefined || shown === text || Number(text) === Number(shown);
    const quoted = `'${showName(text)}'`;
    const found = isPlain ? quoted : `${quoted} (${shown})`;
    diagnostics.report('E037', value.span, `${keyword}'s ${name} is ${expects}, not ${found}${meant}`, {
      help: hint(text, spec, written) ?? hintOfOther(text, name, args, written),
      related: usedHere(scope.frames, value.span),
    });
  } catch (error) {
    reportNoValue(error, scope, diagnostics);
  }
  return undefined;
}

/** A word that the argument knows is that word, whatever values are called. */
const wordOf = (expression: Expression, { words = [] }: ArgSpec<unknown>): Written | undefined =>
  expression.kind === 'name' && !expression.field && words.includes(expression.name.text)
    ? { kind: 'word', text: expression.name.text }
    : undefined;

/** Whether a name that nobody knows was probably meant as that of a number or a value. */
const mayBeNamed = (spec: ArgSpec<unknown>): boolean =>
  spec.read({ kind: 'number', value: 1 }) !== undefined || spec.expects === 'the name of a value';

const numbersIn = (written: Written): readonly number[] => {
  if (written.kind === 'number') return [written.value];
  if (written.kind === 'sizes') return written.sizes.map((size) => size ?? 0);
  return written.kind === 'tuple' ? written.elements.flatMap(numbersIn) : [];
};

/** What an expression came to, where that can be said in a word. */
const valueText = (written: Written): string | undefined => {
  if (written.kind === 'number') return String(written.value);
  return written.kind === 'word' ? written.text : undefined;
};

/** Slips that have a better answer than "not of this sort". */
function hint(text: string, spec: ArgSpec<unknown>, written: Written): string | undefined {
  const takes = (other: Written): boolean => spec.read(other) !== undefined;
  if (written.kind === 'string' && takes({ kind: 'word', text: written.text }))
    return `write it without quotes: ${written.text}`;
  if (written.kind === 'string' && /^\d+$/.test(written.text))
    return `write it without quotes: ${written.text}`;
  if (written.kind === 'word' && takes({ kind: 'string', text: written.text }))
    return `write it in quotes: "${written.text}"`;
  if (spec.words?.includes('relu') && KEYWORDS.has(text.toUpperCase()))
    return `${text.toUpperCase()} is an operator of its own: write it behind this one, -> ${text.toUpperCase()}`;
  const sizes = written.kind === 'tuple' ? written.elements.flatMap(numbersIn) : [];
  if (sizes.length > 1 && takes({ kind: 'sizes', sizes })) return `write ${sizes.join('x')}`;
  if (written.kind === 'value' && takes({ kind: 'number', value: 1 }))
    return `'${text}' is a value; its sizes are ${text}.c, ${text}.h and ${text}.w`;
  return undefined;
}

/** An argument that stands in the place of another one. */
function hintOfOther(text: string, name: string, args: ArgSpecs, written: Written): string | undefined {
  if (name === 'filters' && written.kind === 'sizes' && args['kernel']?.read(written) !== undefined)
    return `the kernel stands behind the filters: (${args[name]!.show(64)}, ${text})`;
  const other = Object.keys(args).find((each) => each !== name && args[each]!.words?.includes(text));
  return other === undefined ? undefined : `write ${other}=${text}`;
}

/** Whether the signature has an argument of this name, for the first time; says so where it has not. */
function isTaken(
  { keyword, args }: Signature,
  { name, argument }: Named,
  seen: Named[],
  diagnostics: Diagnostics,
): boolean {
  if (!Object.hasOwn(args, name)) {
    diagnostics.report(
      'E032',
      argument.name!.span,
      `${keyword} has no attribute '${name}'${didYouMeanAttribute(name, Object.keys(args))}`,
      {
        help:
          name === 'name'
            ? `a layer gets its name behind it: ${keyword}(…) as ${nameIn(argument)}`
            : `${keyword} has ${Object.keys(args).join(', ') || 'no attributes'}`,
      },
    );
    return false;
  }
  // So few that a list takes less room than a map, and is as fast.
  const first = seen.find((each) => each.name === name);
  if (first)
    diagnostics.report('E036', argument.span, `${name} is given twice`, {
      related: [{ span: first.argument.span, text: 'given here first' }],
    });
  else seen.push({ name, argument });
  return first === undefined;
}

/** `name="conv1"`: what was meant as the name of a layer. */
const nameIn = ({ value }: Argument): string =>
  value.kind === 'string' && /^[a-z_]\w*$/.test(value.value) ? showName(value.value) : 'name';

/** The first argument without a name that there is no place for. */
const surplusOf = ({ positional }: Signature, written: readonly Argument[]): Argument | undefined =>
  written.length <= positional.length
    ? undefined
    : written
        .slice(positional.length)
        .find(({ name, value }) => name === undefined && value.kind !== 'error');

/** Says of an argument without a name that there is no place for it. */
function reportSurplus(
  { keyword, positional, args }: Signature,
  { span }: Argument,
  written: readonly Argument[],
  diagnostics: Diagnostics,
): void {
  const takes =
    positional.length === 0
      ? 'no arguments without a name'
      : `at most ${positional.length} without a name (${positional.join(', ')})`;
  diagnostics.report('E031', span, `${keyword} takes ${takes}`, {
    help: joinedSizes(args, positional, written) ?? nameTheRest(args, positional),
  });
}

/** `INPUT(224, 224, 3)`: sizes that were meant as one shape. */
function joinedSizes(
  args: ArgSpecs,
  [first, ...more]: readonly string[],
  written: readonly Argument[],
): string | undefined {
  const all = written.filter(({ name }) => name === undefined).map(({ value }) => value);
  // A batch that is left open.
  const sizes = all[0]?.kind === 'name' && all[0].name.text === 'None' ? all.slice(1) : all;
  const numbers = sizes.flatMap((size) => (size.kind === 'number' ? [size.value] : []));
  const isShape = first === 'shape' && more.length === 0 && numbers.length === sizes.length;
  const canBe = isShape && args[first]!.read({ kind: 'sizes', sizes: numbers }) !== undefined;
  if (!canBe) return undefined;
  const [channels, height, width] = numbers;
  const isPicture = 'channels' in args && numbers.length === 3 && height === width;
  const isFirst = isPicture && (channels === 1 || channels === 3);
  return isFirst
    ? `write ${height}x${width}x${channels}: the channels come last`
    : `write ${numbers.join('x')}`;
}

function nameTheRest(args: ArgSpecs, positional: readonly string[]): string | undefined {
  const named = Object.keys(args).filter((name) => !positional.includes(name));
  return named.length > 0 ? `name the others: ${named.map((name) => `${name}=…`).join(', ')}` : undefined;
}

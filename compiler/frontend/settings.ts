// Arguments as written → the settings of one operator, each with where it came from.
import type { Argument, Expression } from '../../grammar/ast.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { ArgSpec, ArgSpecs, Written } from '../ops/argument.ts';
import { didYouMean } from '../support/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import { evaluate, reportNoValue, type ValueOf } from './expression.ts';
import type { Scope } from './scope.ts';
import { didYouMeanAttribute } from './synonyms.ts';

export type SettingOrigin = 'given' | 'file' | 'default' | 'rule';

/** One argument of one use of an operator. */
export interface Setting {
  /** As it would be written. */
  readonly text: string;
  readonly value: unknown;
  readonly from: SettingOrigin;
  /** Why a rule decided so. */
  readonly reason?: string;
  readonly span?: Span;
}

export type Settings = Map<string, Setting>;

/** The signature that arguments are checked against. */
export interface Signature {
  readonly keyword: string;
  readonly positional: readonly string[];
  readonly args: ArgSpecs;
}

interface Sources {
  readonly scope: Scope;
  readonly valueOf: ValueOf;
  readonly diagnostics: Diagnostics;
}

/**
 * Written arguments first, then the file's defaults, then the operator's own. Undefined when one of them
 * is wrong: that has been reported.
 */
export function settle(
  signature: Signature,
  written: readonly Argument[],
  { scope, valueOf, diagnostics }: Sources,
): Settings | undefined {
  const settings: Settings = new Map();
  let isRight = true;
  for (const [name, argument] of match(signature, written, diagnostics)) {
    if (argument === undefined) isRight = false;
    else if (!put(name, argument, 'given', scope)) isRight = false;
  }
  const inFile = scope.file.defaults.get(signature.keyword) ?? new Map<string, Argument>();
  for (const [name, argument] of inFile) {
    const file: Scope = { ...scope, parameters: new Map(), values: new Map() };
    delete (file as { outer?: Scope }).outer; // a fresh object of our own
    if (!settings.has(name) && !put(name, argument, 'file', file)) isRight = false;
  }
  for (const [name, spec] of Object.entries(signature.args)) {
    if (settings.has(name) || spec.default === undefined) continue;
    settings.set(name, { text: spec.show(spec.default), value: spec.default, from: 'default' });
  }
  return isRight ? settings : undefined;

  function put(name: string, { value, span }: Argument, from: SettingOrigin, where: Scope): boolean {
    const spec = signature.args[name]!;
    try {
      const written = evaluate(value, where, valueOf);
      const read = spec.read(written);
      if (read !== undefined) {
        settings.set(name, { text: spec.show(read), value: read, from, span });
        return true;
      }
      reportWrongSort(spec, name, value, written);
    } catch (error) {
      reportNoValue(error, diagnostics);
    }
    return false;
  }

  function reportWrongSort(
    spec: ArgSpec<unknown>,
    name: string,
    { kind, span }: Expression,
    written: Written,
  ): void {
    const text = spanText(span);
    const value = written.kind === 'number' && kind !== 'number' ? ` (${written.value})` : '';
    diagnostics.report(
      'E037',
      span,
      `${signature.keyword}'s ${name} is ${spec.expects}, not '${text}'${value}${didYouMean(text, spec.words ?? [])}`,
      { help: hint(text) },
    );
  }
}

/** Slips that have a better answer than "not of this sort". */
const hint = (text: string): string | undefined =>
  text.startsWith('"') ? `write it without quotes: ${text.replaceAll('"', '')}` : undefined;

/** Pairs each written argument with its name; undefined stands for one that has none. */
function* match(
  { keyword, positional, args }: Signature,
  written: readonly Argument[],
  diagnostics: Diagnostics,
): Generator<readonly [string, Argument | undefined]> {
  const seen = new Map<string, Span>();
  for (const [index, argument] of written.entries()) {
    const name = argument.name?.text ?? positional[index];
    if (argument.value.kind === 'error') {
      yield ['', undefined];
    } else if (name === undefined) {
      const takes =
        positional.length === 0
          ? 'no arguments without a name'
          : `at most ${positional.length} without a name (${positional.join(', ')})`;
      diagnostics.report('E031', argument.span, `${keyword} takes ${takes}`, {
        help: nameTheRest(args, positional),
      });
      yield ['', undefined];
      return;
    } else if (!Object.hasOwn(args, name)) {
      diagnostics.report(
        'E032',
        argument.name!.span,
        `${keyword} has no attribute '${name}'${didYouMeanAttribute(name, Object.keys(args))}`,
        {
          help: `${keyword} has ${Object.keys(args).join(', ') || 'no attributes'}`,
        },
      );
      yield [name, undefined];
    } else if (seen.has(name)) {
      diagnostics.report('E036', argument.span, `${name} is given twice`, {
        related: [{ span: seen.get(name)!, text: 'given here first' }],
      });
      yield [name, undefined];
    } else {
      seen.set(name, argument.span);
      yield [name, argument];
    }
  }
}

function nameTheRest(args: ArgSpecs, positional: readonly string[]): string | undefined {
  const named = Object.keys(args).filter((name) => !positional.includes(name));
  return named.length > 0 ? `name the others: ${named.map((name) => `${name}=…`).join(', ')}` : undefined;
}

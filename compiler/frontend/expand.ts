// The syntax tree → instances: repeats are unrolled, blocks inlined, arms followed, names resolved and
// turned into state_dict paths. Nothing is typed here; sizes of values are not known yet.
import type { Argument, Branch, Call, Chain, Group, Item, Program, Repeat } from '../../grammar/ast.ts';
import { spanText, type Span } from '../../grammar/source.ts';
import type { Keyword } from '../ops/keyword.ts';
import { KEYWORDS } from '../ops/index.ts';
import { didYouMean } from '../support/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import { evaluate, NoValue } from './expression.ts';
import {
  POISON,
  type Arms,
  type ArmValue,
  type Expansion,
  type Flow,
  type Instance,
  type NamedOutput,
} from './instance.ts';
import {
  countUp,
  innerScope,
  joinPath,
  lookUpValue,
  pathScope,
  valuesInScope,
  type BlockDeclaration,
  type Bound,
  type FileScope,
  type Scope,
} from './scope.ts';

/** Operators, and turns of repeats, that a program may expand to. */
const MAX_STEPS = 300_000;
/** Blocks within blocks. */
const MAX_BLOCK_DEPTH = 100;
/** Words that the expansion itself gives a meaning. */
const STRUCTURAL = ['INPUT', 'OUTPUT', 'SKIP'];

/** Thrown when the limit is met; everything stops there, with one diagnostic. */
class TooMuch extends Error {}

/** Expands the chains of `program`. What is wrong is reported; what depends on it is poisoned. */
export function expand(program: Program, file: FileScope, diagnostics: Diagnostics): Expansion {
  const expander = new Expander(diagnostics);
  try {
    expander.program(program, file);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
  }
  return expander.finish();
}

class Expander {
  readonly #diagnostics: Diagnostics;
  readonly #instances: Instance[] = [];
  readonly #outputs: NamedOutput[] = [];
  readonly #ends: { instance: Instance; span: Span }[] = [];
  readonly #used = new Set<Instance>();
  readonly #paths = new Map<string, Span>();
  #steps = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  program({ statements, span }: Program, file: FileScope): void {
    const scope: Scope = { file, path: pathScope(''), frames: [], parameters: new Map(), values: new Map() };
    let hasChain = false;
    for (const statement of statements) {
      if (statement.kind !== 'chain-statement') continue;
      hasChain = true;
      this.#statement(statement.chain, scope);
    }
    if (!hasChain)
      this.#diagnostics.report('E024', { ...span, start: span.end }, 'there is no network here', {
        help: 'a program is a chain such as: INPUT -> [CONV -> POOL]*3 -> FC',
      });
  }

  finish(): Expansion {
    const ends = this.#ends.filter(({ instance }) => !this.#used.has(instance));
    const known = new Set(this.#outputs.map(({ instance }) => instance));
    for (const end of ends) {
      if (known.has(end.instance)) continue;
      known.add(end.instance);
      this.#outputs.push(end);
    }
    return { instances: this.#instances, outputs: this.#outputs };
  }

  #statement(chain: Chain, scope: Scope): void {
    const end = this.#chain(chain, undefined, scope);
    const last = chain.items.at(-1);
    if (end === undefined || end === POISON || !last) return;
    if (end.kind === 'arms') this.#reportOpenBranch(end, last.span, 'the chain ends');
    else this.#ends.push({ instance: end, span: last.span });
  }

  #chain(chain: Chain, start: Flow | undefined, scope: Scope): Flow | undefined {
    let flow = start;
    for (const [position, item] of chain.items.entries()) {
      flow = this.#item(item, flow, scope, { position, isHead: position === 0 });
    }
    return flow;
  }

  #item(item: Item, start: Flow | undefined, scope: Scope, place: Place): Flow | undefined {
    // A name of its own, or the position in a sequence, opens a path; otherwise counters do.
    const name = item.as?.text ?? (scope.path.isSequence ? String(place.position) : undefined);
    let flow: Flow | undefined;
    if (item.repeat) {
      flow = this.#repeat(item, item.repeat, start, scope, { ...place, name });
    } else {
      this.#step(item.span);
      flow = this.#primary(item, start, scope, { ...place, name });
    }
    if (item.as && flow !== undefined) this.#define(item.as, flow, scope);
    return flow;
  }

  #repeat(
    item: Item,
    repeat: Repeat,
    start: Flow | undefined,
    scope: Scope,
    place: NamedPlace,
  ): Flow | undefined {
    const times = this.#count(repeat, scope);
    if (times === undefined) return POISON;
    let flow = start;
    for (let i = 0; i < times; i++) {
      this.#step(repeat.span);
      const parameters = repeat.index
        ? new Map([...scope.parameters, [repeat.index.text, i] as const])
        : scope.parameters;
      const name = place.name === undefined ? undefined : `${place.name}.${i}`;
      flow = this.#primary(item, flow, innerScope(scope, { parameters }), { ...place, name });
    }
    return flow;
  }

  #count({ count, span }: Repeat, scope: Scope): number | undefined {
    try {
      const value = evaluate(count, scope, () => {
        throw new NoValue({
          code: 'E025',
          span,
          message: 'a repeat count cannot depend on the size of a value',
        });
      });
      if (value.kind === 'number' && Number.isInteger(value.value) && value.value >= 0) return value.value;
      const shown = value.kind === 'number' ? `, not ${value.value}` : '';
      this.#diagnostics.report('E025', span, `a repeat count must be a whole number of at least 0${shown}`, {
        help: 'write a number, a parameter, or an expression in parentheses: [CONV]*(n - 1)',
      });
    } catch (error) {
      this.#reportNoValue(error);
    }
    return undefined;
  }

  #primary(item: Item, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow | undefined {
    const { primary } = item;
    switch (primary.kind) {
      case 'error':
        return POISON;
      case 'group':
        return this.#group(primary, flow, scope, place);
      case 'branch':
        return this.#branch(primary, flow, scope);
      case 'call':
        return this.#call(primary, flow, scope, place);
    }
  }

  #group({ chain }: Group, flow: Flow | undefined, scope: Scope, { name }: NamedPlace): Flow | undefined {
    if (name === undefined) return this.#chain(chain, flow, scope);
    const path = pathScope(joinPath(scope.path.prefix, name), true);
    return this.#chain(chain, flow, { ...scope, path });
  }

  #branch({ arms, span }: Branch, flow: Flow | undefined, scope: Scope): Flow {
    const values: ArmValue[] = arms.map((arm) => {
      // Arms are transparent for paths, but number no members.
      const path = { ...scope.path, isSequence: false };
      const end = this.#chain(arm, flow, innerScope(scope, { path }));
      return { value: this.#single(end, arm.span), span: arm.span };
    });
    return { kind: 'arms', values, span };
  }

  /** The one value at the end of an arm, or the one that a block or an operator takes. */
  #single(flow: Flow | undefined, span: Span): Instance | typeof POISON {
    if (flow === POISON) return POISON;
    if (flow === undefined) {
      this.#diagnostics.report('E020', span, `'${firstWord(span)}' has nothing to work on`, {
        help: 'start the chain with INPUT, or with the name of a value',
      });
      return POISON;
    }
    if (flow.kind !== 'arms') return flow;
    this.#reportOpenBranch(flow, span, `'${firstWord(span)}' follows`);
    return POISON;
  }

  #reportOpenBranch(arms: Arms, span: Span, what: string): void {
    const silent = arms.values.some(({ value }) => value === POISON);
    if (silent) return;
    this.#diagnostics.report('E021', span, `a branch gives ${arms.values.length} values, and ${what}`, {
      help: 'join them with ADD, MUL or CONCAT',
      related: [{ span: arms.span, text: 'the branch' }],
    });
  }

  #call(call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow | undefined {
    const { text } = call.name;
    const keyword = KEYWORDS.get(text);
    if (keyword) return this.#operator(keyword, call, flow, scope, place);
    if (text === 'INPUT') return this.#input(call, flow, scope, place);
    if (text === 'SKIP') return flow === undefined ? this.#single(flow, call.span) : flow;
    if (text === 'OUTPUT') return this.#output(call, flow);
    const block = scope.file.blocks.get(text);
    if (block) return this.#block(block, call, flow, scope, place);
    if (place.isHead && !call.args) {
      const found = lookUpValue(scope, text);
      if (found) return found.flow;
    }
    this.#unknown(call, scope);
    return POISON;
  }

  #unknown({ name }: Call, scope: Scope): void {
    const words = [...KEYWORDS.keys(), ...STRUCTURAL, ...scope.file.blocks.keys(), ...valuesInScope(scope)];
    const isValue = lookUpValue(scope, name.text) !== undefined;
    this.#diagnostics.report(
      'E030',
      name.span,
      isValue
        ? `'${name.text}' is a value; only the head of a chain can be one`
        : `unknown operator, block or value '${name.text}'${didYouMean(name.text, words)}`,
      { help: isValue ? `join values with ADD, MUL or CONCAT: CONCAT(${name.text}, _)` : undefined },
    );
  }

  #input(call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow {
    if (flow !== undefined || scope.frames.length > 0) {
      this.#diagnostics.report('E023', call.span, 'INPUT can only start a chain of the program');
      return POISON;
    }
    const path = joinPath(scope.path.prefix, place.name ?? 'input');
    return this.#add({ kind: 'input', ...this.#common(call, scope, path) });
  }

  #output(call: Call, flow: Flow | undefined): Flow {
    const value = this.#single(flow, call.span);
    const [name, ...surplus] = call.args ?? [];
    if (surplus.length > 0 || (name && (name.name?.text !== 'name' || name.value.kind !== 'string'))) {
      this.#diagnostics.report('E037', call.span, 'OUTPUT takes its name as a text', {
        help: 'write OUTPUT(name="scores")',
      });
      return POISON;
    }
    if (value === POISON) return POISON;
    const text = name?.value.kind === 'string' ? name.value.value : undefined;
    this.#outputs.push({ instance: value, ...(text !== undefined && { name: text }), span: call.span });
    return value;
  }

  #operator(keyword: Keyword, call: Call, flow: Flow | undefined, scope: Scope, place: NamedPlace): Flow {
    const path = joinPath(scope.path.prefix, this.#memberName(keyword.keyword.toLowerCase(), scope, place));
    const { inputs, args } = keyword.merges
      ? this.#joined(call, flow, scope)
      : { inputs: [this.#single(flow, call.span)], args: call.args ?? [] };
    const known = inputs.filter((input) => input !== POISON);
    if (known.length < inputs.length) return POISON;
    for (const input of known) this.#used.add(input);
    return this.#add({ kind: 'operator', ...this.#common(call, scope, path), keyword, args, inputs: known });
  }

  /** The values that a merge joins: the arms before it, or the values that it names. */
  #joined(call: Call, flow: Flow | undefined, scope: Scope): Joined {
    const named = (call.args ?? []).filter((arg) => arg.name !== undefined);
    const positional = (call.args ?? []).filter((arg) => arg.name === undefined);
    if (flow !== undefined && flow !== POISON && flow.kind === 'arms') {
      for (const { value } of positional)
        this.#diagnostics.report(
          'E031',
          value.span,
          `${call.name.text} after a branch joins its arms and takes no more values`,
        );
      return { inputs: flow.values.map(({ value }) => value), args: named };
    }
    const values = positional.map((arg) => this.#argumentValue(arg, call, flow, scope));
    const mentionsFlow = positional.some(({ value }) => value.kind === 'name' && value.name.text === '_');
    const inputs = flow === undefined || mentionsFlow ? values : [flow, ...values];
    if (inputs.length < 2 && !inputs.includes(POISON)) {
      this.#diagnostics.report('E027', call.span, `${call.name.text} needs at least two values`, {
        help: `put it after a branch { … | … }, or name the values: ${call.name.text}(name, _)`,
      });
      return { inputs: [POISON], args: named };
    }
    return { inputs, args: named };
  }

  #argumentValue(
    { value }: Argument,
    call: Call,
    flow: Flow | undefined,
    scope: Scope,
  ): Instance | typeof POISON {
    if (value.kind === 'error') return POISON;
    const name = value.kind === 'name' && !value.field ? value.name.text : undefined;
    if (name === '_') return this.#single(flow, value.span);
    const found = name === undefined ? undefined : lookUpValue(scope, name);
    if (found) return this.#single(found.flow, value.span);
    this.#diagnostics.report(
      'E022',
      value.span,
      `${call.name.text} argument '${spanText(value.span)}' is not a value in scope${didYouMean(name ?? '', valuesInScope(scope))}`,
      { help: 'name a value with `as`, outside of repeats, arms and blocks; _ is the value that flows in' },
    );
    return POISON;
  }

  #block(
    { block, file }: BlockDeclaration,
    call: Call,
    flow: Flow | undefined,
    scope: Scope,
    place: NamedPlace,
  ): Flow {
    const path = joinPath(scope.path.prefix, this.#memberName(block.name.text.toLowerCase(), scope, place));
    const input = this.#single(flow, call.span);
    const parameters = this.#bind(block, file, call, scope);
    if (!parameters || input === POISON) return POISON;
    if (scope.frames.length >= MAX_BLOCK_DEPTH) {
      this.#diagnostics.report('E026', call.span, `blocks are nested more than ${MAX_BLOCK_DEPTH} deep`);
      throw new TooMuch();
    }
    const frame = { block: block.name.text, path, span: call.span };
    if (scope.frames.some((outer) => outer.block === frame.block)) return POISON; // reported when declared
    const inner: Scope = {
      file,
      path: pathScope(path),
      frames: [...scope.frames, frame],
      parameters,
      values: new Map([['in', { flow: input, span: call.span }]]),
    };
    const end = this.#chain(block.body, input, inner);
    return this.#single(end, block.body.span);
  }

  /** Parameters by name: positional arguments, then named ones, then defaults. */
  #bind(
    { name, params }: BlockDeclaration['block'],
    file: FileScope,
    call: Call,
    scope: Scope,
  ): ReadonlyMap<string, Bound> | undefined {
    const bound = new Map<string, Bound>();
    let isRight = true;
    const wrong = (code: 'E033' | 'E036' | 'E034', span: Span, message: string): void => {
      isRight = false;
      this.#diagnostics.report(code, span, message, {
        help: `block ${name.text}(${params.map((p) => p.name.text).join(', ')})`,
      });
    };
    for (const [index, arg] of (call.args ?? []).entries()) {
      const parameter = arg.name ? params.find((p) => p.name.text === arg.name!.text) : params[index];
      if (!parameter && arg.name) {
        const names = params.map((p) => p.name.text);
        wrong(
          'E033',
          arg.name.span,
          `block ${name.text} has no parameter '${arg.name.text}'${didYouMean(arg.name.text, names)}`,
        );
      } else if (!parameter) {
        wrong(
          'E033',
          arg.span,
          `block ${name.text} takes ${params.length} ${params.length === 1 ? 'argument' : 'arguments'}`,
        );
      } else if (bound.has(parameter.name.text)) {
        wrong('E036', arg.span, `'${parameter.name.text}' is given twice`);
      } else {
        bound.set(parameter.name.text, { expression: arg.value, scope });
      }
    }
    for (const parameter of params) {
      if (bound.has(parameter.name.text)) continue;
      const declared: Scope = {
        file,
        path: pathScope(''),
        frames: [],
        parameters: new Map(bound),
        values: new Map(),
      };
      if (parameter.default)
        bound.set(parameter.name.text, { expression: parameter.default, scope: declared });
      else wrong('E034', call.span, `block ${name.text} needs '${parameter.name.text}'`);
    }
    return isRight ? bound : undefined;
  }

  /** A member's last path part; counters see named siblings of the same operator too. */
  #memberName(base: string, scope: Scope, { name }: NamedPlace): string {
    const number = countUp(scope.path, base);
    return name ?? `${base}${number}`;
  }

  #define(name: { text: string; span: Span }, flow: Flow, scope: Scope): void {
    const before = scope.values.get(name.text);
    if (before) {
      this.#diagnostics.report('E035', name.span, `'${name.text}' is already defined`, {
        related: [{ span: before.span, text: 'here' }],
      });
      return;
    }
    scope.values.set(name.text, { flow, span: name.span });
  }

  #common(call: Call, scope: Scope, path: string) {
    return { id: this.#instances.length, path, call, scope, span: call.span, blocks: scope.frames };
  }

  #add(instance: Instance): Instance | typeof POISON {
    const before = this.#paths.get(instance.path);
    if (before) {
      this.#diagnostics.report('E050', instance.span, `two layers have the path ${instance.path}`, {
        help:
          instance.kind === 'input'
            ? 'tell several inputs apart by name: INPUT(…) as left'
            : 'give one of them another name with `as`',
        related: [{ span: before, text: 'the other one' }],
      });
      return POISON;
    }
    this.#paths.set(instance.path, instance.span);
    this.#instances.push(instance);
    return instance;
  }

  #step(span: Span): void {
    if (++this.#steps <= MAX_STEPS) return;
    this.#diagnostics.report(
      'E026',
      span,
      `the program expands to more than ${MAX_STEPS.toLocaleString('en')} operators`,
    );
    throw new TooMuch();
  }

  #reportNoValue(error: unknown): void {
    if (!(error instanceof NoValue)) throw error;
    const { complaint } = error;
    if (complaint)
      this.#diagnostics.report(complaint.code, complaint.span, complaint.message, { help: complaint.help });
  }
}

interface Place {
  readonly position: number;
  readonly isHead: boolean;
}

interface NamedPlace extends Place {
  readonly name: string | undefined;
}

interface Joined {
  readonly inputs: readonly (Instance | typeof POISON)[];
  readonly args: readonly Argument[];
}

const firstWord = (span: Span): string => /^[^\s(\->→]*/.exec(spanText(span))![0];

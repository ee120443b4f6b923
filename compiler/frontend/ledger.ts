// What an expansion has made so far: instances, their paths, and which of them are outputs.
import type { Span } from '../../grammar/source.ts';
import { showName } from '../support/show-name.ts';
import type { Diagnostics } from './diagnostics.ts';
import { POISON, type ChainTree, type Expansion, type Instance, type NamedOutput } from './instance.ts';

/** Operators, and turns of repeats, that a program may expand to. */
export const MAX_STEPS = 250_000;

/** Larger counts say no more to anybody. */
const MOST_SAID = 1e15;

/** Thrown when a limit is met; everything stops there, with one diagnostic. */
export class TooMuch extends Error {}

export class Ledger {
  readonly #diagnostics: Diagnostics;
  readonly #instances: Instance[] = [];
  readonly #outputs: NamedOutput[] = [];
  readonly #ends: NamedOutput[] = [];
  /** By the `id` of instances: whether an operator reads them. */
  readonly #isRead: boolean[] = [];
  readonly #paths = new Map<string, Instance>();
  #steps = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get nextId(): number {
    return this.#instances.length;
  }

  /** Counts one more operator or turn, at `span`. Throws `TooMuch`. */
  step(span: Span): void {
    if (++this.#steps <= MAX_STEPS) return;
    this.stop(span, `the program expands to more than ${MAX_STEPS.toLocaleString('en')} operators`);
  }

  /** Refuses so many turns of a repeat before the first one. Throws `TooMuch`. */
  expect(turns: number, span: Span): void {
    if (this.#steps + turns > MAX_STEPS) this.#stopAt(span, turns, 'turns');
  }

  /** Refuses what expands to so many operators, or more, before the first one. Throws `TooMuch`. */
  expectAtLeast(steps: number, span: Span): void {
    if (steps > MAX_STEPS) this.#stopAt(span, steps, 'operators and turns');
  }

  #stopAt(span: Span, count: number, what: string): never {
    const most = MAX_STEPS.toLocaleString('en');
    const here =
      count < MOST_SAID ? count.toLocaleString('en') : `more than ${MOST_SAID.toLocaleString('en')}`;
    this.stop(span, `the program expands to more than ${most} operators: ${here} ${what} here`);
  }

  stop(span: Span, message: string): never {
    this.#diagnostics.report('E026', span, message);
    throw new TooMuch();
  }

  add(instance: Instance): Instance | typeof POISON {
    const before = this.#paths.get(instance.path);
    if (before) {
      this.#reportSamePath(instance, before);
      return POISON;
    }
    this.#paths.set(instance.path, instance);
    this.#instances.push(instance);
    this.#isRead.push(false);
    if (instance.kind === 'operator')
      for (const input of instance.inputs) this.#isRead[input.instance.id] = true;
    return instance;
  }

  #reportSamePath(instance: Instance, before: Instance): void {
    const path = showName(instance.path);
    const { span } = instance;
    if (span.source === before.span.source && span.start === before.span.start) {
      this.#diagnostics.report('E050', span, `every turn of the repeat makes a layer called '${path}'`, {
        help: `name the repeat instead: […]*N as name gives name.0.${path}, name.1.${path}, …`,
      });
      return;
    }
    const isInput = instance.kind === 'input';
    this.#diagnostics.report('E050', span, `two layers have the path '${path}'`, {
      help: isInput
        ? 'tell several inputs apart by name: INPUT(…) as left'
        : `name one of them otherwise with 'as'; a layer without a name is called by its kind and its number`,
      related: [{ span: before.span, text: `this is '${path}' too` }],
    });
  }

  output(output: NamedOutput): void {
    this.#outputs.push(output);
  }

  /** The end of a chain: an output, unless somebody reads it. */
  end(end: NamedOutput): void {
    this.#ends.push(end);
  }

  finish(chains: readonly ChainTree[]): Expansion {
    const known = new Set(this.#outputs.map(({ instance }) => instance));
    const ends = this.#ends.filter(({ instance }) => !this.#isRead[instance.id]);
    const isAll = known.size === 0 && ends.every(({ instance }) => instance.kind === 'input');
    for (const end of ends) {
      if (known.has(end.instance) || (end.instance.kind === 'input' && !isAll)) continue;
      known.add(end.instance);
      this.#outputs.push(end);
    }
    return { instances: this.#instances, outputs: this.#outputs, chains };
  }
}

// Phrases → chains. A value that one phrase reads flows along an arrow. Where several read it, and their ways
// meet again in one merge, it becomes a branch; otherwise the value gets a name.
import { isConstant, type ConstantNode, type GraphOutput, type Node } from '../ir/graph.ts';
import { refuse } from '../support/refusal.ts';
import { weightPhrase, type Chain, type Item, type Phrase } from './phrase.ts';

/** Items in one branch, beyond which names read better. */
const LONGEST_BRANCH = 40;
/** Items in an arm beside an empty one, beyond which a name reads better than a branch around so much. */
const LONGEST_DETOUR = 16;
const DEEPEST = 3;

export function structure(phrases: readonly Phrase[], outputs: readonly GraphOutput[]): Chain[] {
  return new Structuring(phrases, outputs).program();
}

class Structuring {
  readonly #phrases: readonly Phrase[];
  readonly #outputs: readonly GraphOutput[];
  readonly #makers = new Map<Node, Phrase>();
  readonly #readers = new Map<Node, Phrase[]>();
  /** Place of each phrase in the order of the graph. */
  readonly #place = new Map<Phrase, number>();
  /** Phrases that stand in a chain. */
  readonly #done = new Set<Phrase>();
  /** Names of values, and which of them were asked for. */
  readonly #names = new Map<Node, string>();
  readonly #spoken = new Set<Node>();

  constructor(phrases: readonly Phrase[], outputs: readonly GraphOutput[]) {
    this.#phrases = phrases;
    this.#outputs = outputs;
    for (const [place, phrase] of phrases.entries()) {
      this.#place.set(phrase, place);
      this.#makers.set(phrase.result, phrase);
    }
    for (const phrase of phrases)
      for (const input of this.#computed(phrase)) {
        const readers = this.#readers.get(input);
        if (readers) readers.push(phrase);
        else this.#readers.set(input, [phrase]);
      }
  }

  program(): Chain[] {
    const chains: Item[][] = [];
    for (const phrase of this.#phrases)
      if (!this.#done.has(phrase) && this.#isReady(phrase)) chains.push(this.#statement(phrase));
    const missing = this.#phrases.find((phrase) => !this.#done.has(phrase));
    if (missing) refuse('E047', `${missing.word} ${missing.named.name} could not be put into a chain`);
    const spoken = new Set([...this.#spoken].map((node) => this.#nameOf(node)));
    return chains.map((chain) => chain.filter((item) => item.kind !== 'name' || spoken.has(item.name)));
  }

  /** Everything that it reads is made, and can be named or flows. */
  #isReady(phrase: Phrase): boolean {
    return this.#computed(phrase).every((input) => this.#done.has(this.#makers.get(input)!));
  }

  /** The chain that a phrase begins: a value flows into what reads no other, or also what is learned. */
  #statement(first: Phrase): Item[] {
    this.#done.add(first);
    const [flow] = this.#computed(first);
    const items: Item[] =
      flow && (first.inputs.length === 1 || this.#readsWeights(first))
        ? [{ kind: 'value', name: this.#say(flow) }, ...this.#behind(flow, first)]
        : [this.#item(first, this.#operands(first, undefined))];
    return this.#goOn(items, first.result);
  }

  /** The chain on from a value that flows. */
  #goOn(items: Item[], from: Node): Item[] {
    let value = from;
    for (;;) {
      for (const { name, node, labels } of this.#outputs)
        if (node === value) items.push({ kind: 'output', name, hasLabels: labels !== undefined });
      const readers = this.#readers.get(value) ?? [];
      const branch = readers.length > 1 ? this.#branch(value) : undefined;
      if (branch) {
        const { arms, merge, inside } = branch;
        for (const phrase of [...inside, merge]) this.#done.add(phrase);
        items.push({ kind: 'branch', arms }, this.#item(merge, []));
        value = merge.result;
        continue;
      }
      if (readers.length !== 1) this.#name(items, value);
      const next = readers.find((reader) => !this.#done.has(reader) && this.#isReady(reader));
      if (!next) {
        if (readers.length === 1) this.#name(items, value);
        return items;
      }
      this.#done.add(next);
      items.push(...this.#behind(value, next));
      value = next.result;
    }
  }

  #name(items: Item[], value: Node): void {
    items.push({ kind: 'name', name: this.#nameOf(value) });
  }

  #nameOf(value: Node): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `x${this.#names.size + 1}`;
    this.#names.set(value, name);
    return name;
  }

  #say(value: Node): string {
    this.#spoken.add(value);
    return this.#nameOf(value);
  }

  /** What a merge names; `_` is the value that flows. What reads one value only names none. */
  #operands({ inputs }: Phrase, flow: Node | undefined): string[] {
    if (inputs.length < 2) return [];
    return inputs.map((input) =>
      typeof input === 'string' ? input : input === flow ? '_' : this.#say(input),
    );
  }

  #item(phrase: Phrase, operands: readonly string[]): Item {
    return { kind: 'phrase', phrase, args: phrase.args, operands, path: undefined };
  }

  /** A phrase behind a value that it reads, with what else it reads. */
  #behind(flow: Node, phrase: Phrase): Item[] {
    if (this.#readsWeights(phrase)) return this.#withArms(phrase, flow);
    return [this.#item(phrase, this.#operands(phrase, flow))];
  }

  /** A merge with weights among its values: `{ SKIP | WEIGHT(64) as scale } -> MUL`. */
  #withArms(merge: Phrase, flow: Node): Item[] {
    const arms = merge.inputs.map((input): Chain => {
      if (typeof input === 'string') return refuse('E047', `${merge.word} joins a number and a weight`);
      if (this.#isWeight(input)) return [this.#item(weightPhrase(input), [])];
      return [input === flow ? SKIP : { kind: 'value', name: this.#say(input) }];
    });
    return [{ kind: 'branch', arms }, this.#item(merge, [])];
  }

  /** The branch that begins at a value, if everything that reads it meets again in one merge. */
  #branch(base: Node): Branch | undefined {
    const merge = this.#meeting(base);
    if (!merge) return undefined;
    const inside = new Set<Phrase>();
    const arms = this.#arms(merge, base, inside, 0);
    if (!arms || inside.size > LONGEST_BRANCH) return undefined;
    const all = this.#readers.get(base)!.every((reader) => reader === merge || inside.has(reader));
    const hasDetour = arms.some((arm) => arm[0] === SKIP) && arms.some((arm) => arm.length > LONGEST_DETOUR);
    return all && !hasDetour ? { arms, merge, inside } : undefined;
  }

  /** The first phrase through which every way from a value goes. */
  #meeting(base: Node): Phrase | undefined {
    const open = new Set(this.#readers.get(base));
    // Phrases stand in the order of the graph: the first one is never behind another.
    for (let steps = 0; steps < 4 * LONGEST_BRANCH; steps++) {
      const first = [...open].reduce((a, b) => (this.#place.get(a)! < this.#place.get(b)! ? a : b));
      if (open.size === 1) return this.#computed(first).length > 1 ? first : undefined;
      open.delete(first);
      const readers = this.#readers.get(first.result) ?? [];
      if (readers.length === 0 || this.#isOutput(first.result)) return undefined;
      for (const reader of readers) open.add(reader);
    }
    return undefined;
  }

  /** A weight that stands in an arm. */
  #isWeight(input: Node | string): input is ConstantNode {
    return typeof input !== 'string' && isConstant(input) && !this.#makers.has(input);
  }

  #readsWeights({ inputs }: Phrase): boolean {
    return inputs.some((input) => this.#isWeight(input));
  }

  /** Values among what a phrase reads; numbers are none, nor are weights in arms. */
  #computed({ inputs }: Phrase): Node[] {
    return inputs.filter((input): input is Node => typeof input !== 'string' && !this.#isWeight(input));
  }

  #isOutput(value: Node): boolean {
    return this.#outputs.some(({ node }) => node === value);
  }

  /** The arms of a merge whose values come from `base` alone. */
  #arms(merge: Phrase, base: Node, inside: Set<Phrase>, depth: number): Chain[] | undefined {
    if (depth > DEEPEST) return undefined;
    const arms: Chain[] = [];
    for (const input of merge.inputs) {
      if (typeof input === 'string') return undefined;
      if (this.#isWeight(input)) arms.push([this.#item(weightPhrase(input), [])]);
      else {
        const chain = this.#chainTo(input, base, inside, depth);
        if (!chain) return undefined;
        arms.push(chain.length === 0 ? [SKIP] : chain);
      }
    }
    return arms;
  }

  /** The chain from `base` to a value that nobody else reads. */
  #chainTo(value: Node, base: Node, inside: Set<Phrase>, depth: number): Chain | undefined {
    if (value === base) return [];
    const readers = this.#readers.get(value) ?? [];
    const maker = this.#makers.get(value);
    if (!maker || readers.length !== 1 || this.#isOutput(value)) return undefined;
    return this.#chainOf(maker, base, inside, depth);
  }

  #chainOf(phrase: Phrase, base: Node, inside: Set<Phrase>, depth: number): Chain | undefined {
    if (inside.has(phrase) || inside.size > LONGEST_BRANCH || this.#done.has(phrase)) return undefined;
    inside.add(phrase);
    const [flow, ...others] = this.#computed(phrase);
    if (flow && others.length === 0) {
      const before = this.#chainTo(flow, base, inside, depth);
      return before && [...before, ...this.#behind(flow, phrase)];
    }
    const inner = this.#baseOf(phrase, base);
    if (!inner) return undefined;
    const collected = new Set<Phrase>(inside);
    const size = collected.size;
    const arms = this.#arms(phrase, inner, collected, depth + 1);
    if (!arms || collected.size === size) return undefined;
    for (const each of collected) inside.add(each);
    const isClosed = inner === base || this.#readers.get(inner)!.every((reader) => collected.has(reader));
    if (!isClosed) return undefined;
    const before = inner === base ? [] : this.#makersChain(inner, base, inside, depth);
    return before && [...before, { kind: 'branch', arms }, this.#item(phrase, [])];
  }

  /** The chain to a value that a branch starts from. */
  #makersChain(value: Node, base: Node, inside: Set<Phrase>, depth: number): Chain | undefined {
    const maker = this.#makers.get(value);
    return maker && !this.#isOutput(value) ? this.#chainOf(maker, base, inside, depth) : undefined;
  }

  /** The last value that everything which a merge reads comes from, not before `base`. */
  #baseOf(merge: Phrase, base: Node): Node | undefined {
    const open = new Set(this.#computed(merge));
    for (let steps = 0; steps < 4 * LONGEST_BRANCH; steps++) {
      if (open.size === 1) {
        const [only] = open;
        if (only === base || this.#readers.get(only!)!.length > 1) return only;
      }
      const candidates = [...open].filter((value) => value !== base);
      if (candidates.length === 0) return undefined;
      const last = candidates.reduce((a, b) => (this.#placeOf(a) > this.#placeOf(b) ? a : b));
      open.delete(last);
      const maker = this.#makers.get(last);
      if (!maker) return undefined;
      for (const input of this.#computed(maker)) open.add(input);
    }
    return undefined;
  }

  #placeOf(value: Node): number {
    return this.#place.get(this.#makers.get(value)!) ?? -1;
  }
}

interface Branch {
  readonly arms: readonly Chain[];
  readonly merge: Phrase;
  readonly inside: ReadonlySet<Phrase>;
}

const SKIP: Item = { kind: 'value', name: 'SKIP' };

// What an importer's operator is given: one node of the ONNX graph, its inputs as values, and a way to emit
// nodes of ours.
import type { ConstantNode, Node } from '../ir/graph.ts';
import type { AttrSpecs, AttrsOf, Kind, OpDefinition, OperandsOf, OperandSpecs } from '../ops/define.ts';
import { refuse } from '../support/refusal.ts';
import { elementType } from './elements.ts';
import type { Emitter } from './emitter.ts';
import { argument, quoted } from '../support/quoted.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './model.ts';
import { channelsLastOrder, commonOrder, elementsLike, plainOrder, type Like, type Value } from './value.ts';

/** Lists of sizes, axes and the like are far shorter. */
const MOST_NUMBERS = 2 ** 16;

/** Imports a node: one value per output that is used; undefined for outputs that nobody asked for. */
export type Import = (call: Call) => Value | readonly (Value | undefined)[];

export class Call {
  readonly node: OnnxNode;
  /** Version of the operator set that the model was written for. */
  readonly opset: number;
  readonly #values: readonly (Value | undefined)[];
  readonly #emitter: Emitter;
  /** How many outputs are asked for. */
  readonly outputs: number;

  constructor(
    node: OnnxNode,
    given: {
      readonly values: readonly (Value | undefined)[];
      readonly opset: number;
      readonly emitter: Emitter;
    },
  ) {
    this.node = node;
    this.opset = given.opset;
    this.#values = given.values;
    this.#emitter = given.emitter;
    this.outputs = node.outputs.length;
  }

  // ---- inputs

  get inputs(): readonly (Value | undefined)[] {
    return this.#values;
  }

  /** All inputs, of an operator that takes any number. */
  all(): Value[] {
    return this.#values.map((_, i) => this.input(i));
  }

  input(i: number): Value {
    return this.#values[i] ?? refuse('E090', `its input ${i + 1} is missing`);
  }

  optional(i: number): Value | undefined {
    return this.#values[i];
  }

  /** The numbers of an input that must be known now; `what` it is, for the message. */
  numbers(i: number, what: string): readonly number[] {
    return this.numbersOf(this.input(i), what);
  }

  numbersOf(value: Value, what: string, because?: string): readonly number[] {
    const data = this.weight(value, what, because).data!; // those of a file have data
    if (data.length > MOST_NUMBERS) refuse('E090', `its ${what} are ${data.length} numbers`);
    return [...data];
  }

  /** Whole numbers: sizes, axes, positions. */
  integers(i: number, what: string): readonly number[] {
    const numbers = this.numbers(i, what);
    requireWhole(numbers, what);
    return numbers;
  }

  /** The constant with its axes in ONNX's order that a value must be; `because` says why it must. */
  weight(value: Value, what: string, because?: string): ConstantNode {
    const node = this.plain(value);
    if (node.op === 'constant') return node;
    const names = this.#emitter.inputsBehind(value.node);
    const why = because === undefined ? '' : `: ${because}`;
    return refuse('E092', `its ${what} must be known when the network is compiled${why}`, {
      help:
        names.length === 0
          ? 'it is computed from the data; export the model for fixed sizes'
          : `give it: ${names.map((name) => `--constant ${argument(name)}=…`).join(' ')}`,
    });
  }

  /** An input of later operator sets that was an attribute of earlier ones. */
  numbersOrAttribute(i: number, name: string): readonly number[] | undefined {
    if (this.optional(i)) return this.integers(i, name);
    return this.has(name) ? this.ints(name) : undefined;
  }

  // ---- attributes

  has(name: string): boolean {
    return this.node.attributes.has(name);
  }

  int(name: string, otherwise: number): number {
    const value = this.float(name, otherwise);
    return Number.isInteger(value) ? value : refuse('E090', `its ${name} is ${value}, no whole number`);
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.int(name, otherwise ? 1 : 0) !== 0;
  }

  float(name: string, otherwise: number): number {
    const value = this.#attribute(name, ['int', 'float'])?.value ?? otherwise;
    return Number.isNaN(value) ? refuse('E090', `its ${name} is no number`) : value;
  }

  ints(name: string, otherwise: readonly number[] = []): readonly number[] {
    const values = this.floats(name, otherwise);
    requireWhole(values, name);
    return values;
  }

  floats(name: string, otherwise: readonly number[] = []): readonly number[] {
    const attribute = this.#attribute(name, ['ints', 'floats', 'int']);
    if (!attribute) return otherwise;
    return typeof attribute.value === 'number' ? [attribute.value] : (attribute.value as readonly number[]);
  }

  text(name: string, otherwise: string): string {
    const attribute = this.#attribute(name, ['text']);
    return attribute ? String(attribute.value) : otherwise;
  }

  /** One of some words. */
  word<const W extends string>(name: string, words: readonly [W, ...W[]]): W {
    const written = this.text(name, words[0]);
    return (
      words.find((word) => word === written) ??
      refuse('E091', `its ${name} is ${quoted(written)}; ${words.join(', ')} are supported`)
    );
  }

  tensor(name: string, kind: 'tensor' | 'sparse tensor' = 'tensor'): OnnxTensor | undefined {
    return this.#attribute(name, [kind])?.value as OnnxTensor | undefined;
  }

  graph(name: string): OnnxGraph {
    const attribute = this.#attribute(name, ['graph']);
    return (attribute?.value as OnnxGraph | undefined) ?? refuse('E090', `it has no ${name}`);
  }

  #attribute<K extends OnnxAttribute['kind']>(
    name: string,
    kinds: readonly K[],
  ): Extract<OnnxAttribute, { kind: K; value: unknown }> | undefined {
    const attribute = this.node.attributes.get(name);
    if (!attribute) return undefined;
    if (!kinds.some((kind) => kind === attribute.kind))
      refuse('E090', `its attribute ${name} is of the sort ${attribute.kind}, not ${kinds[0]}`);
    return attribute as Extract<OnnxAttribute, { kind: K; value: unknown }>; // its kind was just seen
  }

  /** An axis, counted from the end where it is negative. */
  axis(axis: number, rank: number): number {
    const positive = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
      refuse('E090', `its axis ${axis} is none of a value of ${rank} axes`);
    return positive;
  }

  // ---- nodes of ours

  emit<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind>(
    definition: OpDefinition<Name, O, A, K>,
    operands: OperandsOf<O, Node>,
    attrs: Partial<AttrsOf<A>> = {},
  ): Node {
    return this.#emitter.emit(definition, operands, attrs);
  }

  /** A constant of whole shape `dims`. */
  constant(data: Float32Array, dims: readonly number[], name = 'value', like: Like = 'float'): Value {
    const node = this.#emitter.constant(name, data, dims.length === 0 ? [1] : dims);
    return { node, dims, order: plainOrder(dims.length), ...elementsLike(like) };
  }

  /** Room for the numbers of a constant that may be large. */
  make(dims: readonly number[]): Float32Array<ArrayBuffer> {
    return this.#emitter.make(dims);
  }

  scalar(value: number, like: Like = 'float'): Value {
    return this.constant(Float32Array.of(value), [], 'value', like);
  }

  tensorValue(tensor: OnnxTensor): Value {
    const { sort, name: type } = elementType(tensor.type, 'it');
    const { dims } = tensor;
    const node = this.#emitter.stored('value', tensor);
    return { node, dims, order: plainOrder(dims.length), sort, type };
  }

  /** The tensor of the file that a value is, in the order of its node's axes. */
  stored(value: Value): OnnxTensor | undefined {
    return this.#emitter.storedAs(value.node);
  }

  // ---- layouts

  /** The node of a value with its axes in ONNX's order. */
  plain(value: Value): Node {
    return this.inOrder(value, plainOrder(value.dims.length));
  }

  /** The node of a value with its axes as N, spatial axes, C. */
  channelsLast(value: Value): Node {
    return this.inOrder(value, channelsLastOrder(value.dims.length));
  }

  inOrder(value: Value, order: readonly number[]): Node {
    return this.#emitter.inOrder(value, order);
  }

  /** The same elements under another shape; `node` has its axes in ONNX's order, and so has the result. */
  reshape(node: Node, dims: readonly number[], like: Like): Value {
    const order = plainOrder(dims.length);
    return { node: this.#emitter.view(node, dims), dims, order, ...elementsLike(like) };
  }

  view(node: Node, shape: readonly number[]): Node {
    return this.#emitter.view(node, shape);
  }

  /** A result with its axes in ONNX's order. */
  plainValue(node: Node, like: Like = 'float', rank = node.type.shape.length): Value {
    const dims = rank === 0 ? [] : node.type.shape;
    return { node, dims, order: plainOrder(rank), ...elementsLike(like) };
  }

  /** A result with its axes as N, spatial axes, C. */
  channelsLastValue(node: Node, like: Like = 'float'): Value {
    return this.ordered(node, channelsLastOrder(node.type.shape.length), like);
  }

  ordered(node: Node, order: readonly number[], like: Like): Value {
    const dims = plainOrder(order.length).map((axis) => node.type.shape[order.indexOf(axis)]!);
    return { node, dims, order, ...elementsLike(like) };
  }

  /** Values that are broadcast to each other, in one order of as many axes as the largest has; ONNX aligns at the last axis. */
  aligned(values: readonly Value[]): { readonly nodes: readonly Node[]; readonly order: readonly number[] } {
    const rank = Math.max(...values.map(({ dims }) => dims.length));
    const wide = values.map((value) => this.widened(value, rank));
    const order = commonOrder(wide);
    return { nodes: wide.map((value) => this.inOrder(value, order)), order };
  }

  /** With further axes of size 1 in front. */
  widened(value: Value, rank: number): Value {
    const more = rank - value.dims.length;
    if (more === 0) return value;
    const dims = [...plainOrder(more).map(() => 1), ...value.dims];
    const order = [...plainOrder(more), ...value.order.map((axis) => axis + more)];
    const node = this.#emitter.view(
      value.node,
      order.map((axis) => dims[axis]!),
    );
    return { ...value, node, dims, order };
  }
}

function requireWhole(numbers: readonly number[], what: string): void {
  const wrong = numbers.find((number) => !Number.isInteger(number));
  if (wrong !== undefined) refuse('E090', `${wrong} among its ${what} is no whole number`);
}

/** The numbers of a constant. */
export const dataOf = (node: Node): Float32Array | undefined =>
  node.op === 'constant' ? node.data : undefined;

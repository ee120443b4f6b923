// Variables of `forward`: which value is in which, and when one is free again.
import {
  inputsOf,
  isConstant,
  isOp,
  type ConstantNode,
  type Graph,
  type InputNode,
  type Node,
  type OpNode,
} from '../../ir/graph.ts';
import { channelsFirst } from '../../ops/onnx.ts';
import { isOneOrder } from '../../ops/reshape.ts';
import { invariant } from '../../support/assert.ts';
import { NameAllocator } from '../../support/names.ts';
import { sameShape, type Shape } from '../../tensor/types.ts';
import { identifier } from './names.ts';

type ReshapedInput = OpNode & { readonly op: 'reshape'; readonly operands: { readonly x: InputNode } };

/** Names of values. A value's name is free again after its last reader, and the first free one is taken. */
export class Variables {
  readonly #names = new Map<Node, string>();
  readonly #free: string[] = [];
  readonly #allocator = new NameAllocator(['self', 'torch', 'nn', 'F', 'take', 'stretch', 'range']);
  readonly #readers: ReadonlyMap<Node, readonly Node[]>;
  readonly #outputs: ReadonlySet<Node>;
  /** Inputs under the shape that they have already, where the network wants channels last. */
  readonly #asGiven: ReadonlySet<Node>;
  readonly #unread = new Map<Node, number>();
  #made = 0;

  constructor(graph: Graph) {
    const given = new Map(graph.inputs.map(({ node, dims }) => [node as Node, dims]));
    this.#asGiven = new Set(graph.nodes.filter((node) => isAsGiven(node, given)));
    const readers = new Map<Node, Node[]>();
    for (const node of graph.nodes) {
      if (this.isOther(node)) continue;
      for (const input of inputsOf(node).map((each) => this.#valueOf(each))) {
        const known = readers.get(input);
        if (known) known.push(node);
        else readers.set(input, [node]);
      }
    }
    this.#readers = readers;
    this.#outputs = new Set(graph.outputs.map(({ node }) => this.#valueOf(node)));
    for (const { name, node } of graph.inputs)
      this.#names.set(
        node,
        graph.inputs.length === 1 ? this.#next() : this.#allocator.take(identifier(name)),
      );
  }

  /** Constants are in none: modules own them. */
  of(node: Exclude<Node, ConstantNode>): string {
    const name = this.#names.get(node);
    invariant(name !== undefined, () => `${node.op} ${node.name} is in a variable`);
    return name;
  }

  /** Whether an input of the network is read as callers give it. */
  isAsGiven(node: Node): node is ReshapedInput {
    return this.#asGiven.has(node);
  }

  /** Another view of a value, which is written where it is read, and is no value. */
  isOther(node: Node): boolean {
    return node.op === 'transpose' || this.isAsGiven(node);
  }

  #valueOf(node: Node): Node {
    return node.op === 'transpose' || this.isAsGiven(node) ? this.#valueOf(node.operands.x) : node;
  }

  /** A part of its layer that only the next part of it reads. */
  isInlined(node: OpNode): boolean {
    const [reader, ...others] = this.#readers.get(node) ?? [];
    if (reader === undefined || others.length > 0 || this.#outputs.has(node)) return false;
    return reader.origins[0]!.path === node.origins[0]!.path;
  }

  /** Called when everything that the value is made of has been read. */
  assign(node: OpNode): string {
    for (const read of this.#readBy(node)) this.#release(read);
    const name = this.#free.toSorted(byAge)[0] ?? this.#next();
    if (this.#free.includes(name)) this.#free.splice(this.#free.indexOf(name), 1);
    this.#names.set(node, name);
    return name;
  }

  /** Values with names that the node reads, itself or by what it has inlined. */
  #readBy(node: Node): Node[] {
    return inputsOf(node)
      .map((each) => this.#valueOf(each))
      .flatMap((input) =>
        isOp(input) && !this.#names.has(input) ? this.#readBy(input) : isConstant(input) ? [] : [input],
      );
  }

  #release(node: Node): void {
    const left = (this.#unread.get(node) ?? this.#readers.get(node)!.length) - 1;
    this.#unread.set(node, left);
    const name = this.#names.get(node)!;
    if (left === 0 && !this.#outputs.has(node) && isShort(name)) this.#free.push(name);
  }

  /** x, y, z, x4, x5, … */
  #next(): string {
    const name = SHORT[this.#made] ?? `x${this.#made + 1}`;
    this.#made++;
    return this.#allocator.take(name);
  }
}

/** Whether a node gives an input the very shape that callers give it, with channels first. */
function isAsGiven(node: Node, given: ReadonlyMap<Node, Shape | undefined>): boolean {
  if (node.op !== 'reshape' || node.attrs.batch !== 0 || !isOneOrder(node.type)) return false;
  const dims = given.get(node.operands.x);
  return dims !== undefined && sameShape(dims.slice(1), channelsFirst(node.type.shape).slice(1));
}

const SHORT = ['x', 'y', 'z'];
const isShort = (name: string): boolean => /^([xyz]|x\d+)$/.test(name);
const byAge = (a: string, b: string): number => ageOf(a) - ageOf(b);
const ageOf = (name: string): number => (SHORT.includes(name) ? SHORT.indexOf(name) : Number(name.slice(1)));

// Variables of `forward`: which value is in which, and when one is free again.
import { inputsOf, isConstant, isOp, type Graph, type Node, type OpNode } from '../../ir/graph.ts';
import { NameAllocator } from '../../support/names.ts';
import { identifier } from './names.ts';

/** The value whose axes these are in another order: orders are written where a value is read, and are no values. */
const untransposed = (node: Node): Node => (node.op === 'transpose' ? untransposed(node.operands.x) : node);

/** Names of values. A value's name is free again after its last reader, and the first free one is taken. */
export class Variables {
  readonly #names = new Map<Node, string>();
  readonly #free: string[] = [];
  readonly #allocator = new NameAllocator(['self', 'torch', 'nn', 'F', 'take', 'stretch', 'range']);
  readonly #readers: ReadonlyMap<Node, readonly Node[]>;
  readonly #outputs: ReadonlySet<Node>;
  readonly #unread = new Map<Node, number>();
  #made = 0;

  constructor(graph: Graph) {
    const readers = new Map<Node, Node[]>();
    for (const node of graph.nodes) {
      if (node.op === 'transpose') continue;
      for (const input of inputsOf(node).map(untransposed)) {
        const known = readers.get(input);
        if (known) known.push(node);
        else readers.set(input, [node]);
      }
    }
    this.#readers = readers;
    this.#outputs = new Set(graph.outputs.map(({ node }) => untransposed(node)));
    for (const { name, node } of graph.inputs)
      this.#names.set(
        node,
        graph.inputs.length === 1 ? this.#next() : this.#allocator.take(identifier(name)),
      );
  }

  of(node: Node): string {
    return this.#names.get(node)!;
  }

  /** A part of its layer that only the next part of it reads, or another order of axes. */
  isInlined(node: OpNode): boolean {
    if (node.op === 'transpose') return true;
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
      .map(untransposed)
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

const SHORT = ['x', 'y', 'z'];
const isShort = (name: string): boolean => /^([xyz]|x\d+)$/.test(name);
const byAge = (a: string, b: string): number => ageOf(a) - ageOf(b);
const ageOf = (name: string): number => (SHORT.includes(name) ? SHORT.indexOf(name) : Number(name.slice(1)));

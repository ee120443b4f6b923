// Grows our graph while an ONNX graph is walked: nodes, constants computed on the way, transposes shared.
import { GraphBuilder } from '../ir/builder.ts';
import {
  dropDead,
  inputsOf,
  isOp,
  type ConstantNode,
  type Graph,
  type Node,
  type Origin,
} from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { evaluateNode } from '../ir/semantics.ts';
import type { AttrSpecs, AttrsOf, Kind, OpDefinition, OperandsOf, OperandSpecs } from '../ops/define.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { NameAllocator } from '../support/names.ts';
import { refuse } from '../support/refusal.ts';
import { f32, sameShape, sizeOf } from '../tensor/types.ts';
import { sameOrder, type Value } from './value.ts';

export class Emitter {
  readonly builder: GraphBuilder;
  readonly #weights = new NameAllocator();
  /** What constants would be called, if others were not; most of these are gone in the end. */
  readonly #wishes = new Map<string, string>();
  readonly #inOrder = new Map<Node, Map<string, Node>>();
  #origin: Origin = { path: 'input', keyword: 'Constant', blocks: [] };

  constructor(name: string) {
    this.builder = new GraphBuilder(name);
  }

  /** Nodes emitted from now on come from here. */
  at(origin: Origin): void {
    this.#origin = origin;
  }

  /** A node; what depends on constants alone is computed at once. */
  emit<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind>(
    definition: OpDefinition<Name, O, A, K>,
    operands: OperandsOf<O, Node>,
    attrs: Partial<AttrsOf<A>> = {},
  ): Node {
    const { path } = this.#origin;
    const node = this.builder.op(definition, operands, attrs, { name: path, origins: [this.#origin] });
    const inputs = inputsOf(node);
    const { shape } = node.type;
    // Nothing can be in it: whatever it depends on.
    if (sizeOf(shape) === 0) return this.constant(path, new Float32Array(0), shape);
    if (inputs.length === 0 || !inputs.every((input) => input.op === 'constant')) return node;
    // All were just seen to be constants; those of a file have data.
    const { data } = evaluateNode(node, (operand) => operand as ConstantNode & { data: Float32Array });
    const [only, ...others] = inputs;
    const name = others.length === 0 ? this.#wishes.get(only!.name)! : path;
    return this.constant(name, data, shape);
  }

  constant(name: string, data: Float32Array, shape: readonly number[]): ConstantNode {
    if (sizeOf(shape) > 2 ** 28) refuse('E046', `${name} would be a constant of ${shape.join('×')}`);
    const path = this.#weights.take(name);
    this.#wishes.set(path, name);
    return this.builder.constant(path, f32(...shape), { origin: this.#origin, init: 'zero', data });
  }

  /** The graph without what nothing needs. Constants that are other views of weights have the weights' names. */
  finish(): Graph {
    const names = new NameAllocator();
    return rebuild(dropDead(this.builder.finish()), (node) => {
      if (node.op !== 'constant') return node;
      const name = names.take(this.#wishes.get(node.name)!);
      return name === node.name ? node : { ...node, name };
    });
  }

  /** A value with its axes in this order. Axes of one element move for free. */
  inOrder({ node, order: from }: Value, to: readonly number[]): Node {
    if (sameOrder(from, to)) return node;
    const known = this.#inOrder.get(node)?.get(to.join());
    if (known) return known;
    const perm = to.map((axis) => from.indexOf(axis));
    const { shape } = node.type;
    const moving = perm.filter((axis) => shape[axis] !== 1);
    const moved = moving.every((axis, i) => i === 0 || moving[i - 1]! < axis)
      ? this.view(
          node,
          perm.map((axis) => shape[axis]!),
        )
      : this.emit(transpose, { x: node }, { perm });
    const orders = this.#inOrder.get(node) ?? new Map<string, Node>();
    this.#inOrder.set(node, orders.set(to.join(), moved));
    return moved;
  }

  /** The same elements under another shape. */
  view(node: Node, dims: readonly number[]): Node {
    const shape = dims.length === 0 ? [1] : dims;
    if (sameShape(node.type.shape, shape)) return node;
    if (node.op === 'reshape') return this.view(node.operands.x, dims);
    if (sizeOf(shape) !== sizeOf(node.type.shape))
      refuse('E043', `${node.type.shape.join('×')} elements cannot have the shape ${dims.join('×')}`);
    if (sizeOf(shape) === 0) return this.constant(this.#origin.path, new Float32Array(0), shape);
    const [first, ...item] = shape;
    const batch = first === node.type.shape[0] ? 0 : first!;
    return this.emit(reshape, { x: node }, { shape: item, batch });
  }

  /** Names of the graph's inputs that a value depends on. */
  inputsBehind(node: Node): string[] {
    const names = new Set<string>();
    const seen = new Set<Node>();
    const todo = [node];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (next.op === 'input') names.add(next.name);
      if (isOp(next)) todo.push(...inputsOf(next));
    }
    return [...names];
  }
}

// Grows our graph while an ONNX graph is walked: nodes, constants computed on the way, transposes shared.
import { GraphBuilder } from '../ir/builder.ts';
import {
  dropDead,
  inputsOf,
  isOp,
  type ConstantNode,
  type Graph,
  type Node,
  type OpNode,
  type Origin,
} from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { evaluateNode, macsOf } from '../ir/semantics.ts';
import type { AttrSpecs, AttrsOf, Kind, OpDefinition, OperandsOf, OperandSpecs } from '../ops/define.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { isPortName, NameAllocator } from '../support/names.ts';
import { refuse } from '../support/refusal.ts';
import { transpose as transposed } from '../tensor/transpose.ts';
import { f32, sameShape, sizeOf, type Shape, type Tensor } from '../tensor/types.ts';
import { readElements, titleOf } from './elements.ts';
import type { OnnxTensor } from './model.ts';
import { fillElements } from './sparse.ts';
import { sameOrder, type Value } from './value.ts';

/** More axes than any network has, and few enough to be arguments of a function. */
const MOST_AXES = 64;

/** Numbers that are made here and not read from the file, together: 576 MiB, enough for VGG-19 filled with ones. */
const MOST_MADE = 9 * 2 ** 24;

/** Steps of computing constants by the operators' definitions: about half a second, and more for more weights. */
const STEPS = 2 ** 21;
const STEPS_PER_WEIGHT = 4;

/** What an import is for: to compile the graph, or only to see which sizes its values have. */
export type Purpose = 'network' | 'outline';

/** Numbers that are computed in an outline too. */
const FEW = 2 ** 12;

export class Emitter {
  readonly builder: GraphBuilder;
  #made = 0;
  #steps = STEPS;
  readonly #weights = new NameAllocator();
  /** What the file calls our inputs. */
  readonly #inputs = new Map<Node, string>();
  /** What constants would be called, if others were not; most of these are gone in the end. */
  readonly #wishes = new Map<string, string>();
  readonly #stored = new Map<Node, OnnxTensor>();
  readonly #permuted = new Map<Node, Map<string, Node>>();
  #origin: Origin = { path: 'input', keyword: 'Constant', blocks: [] };

  /** Whether only sizes count: numbers of what is large are left zeros. */
  readonly #isOutline: boolean;

  constructor(name: string, purpose: Purpose) {
    this.builder = new GraphBuilder(name);
    this.#isOutline = purpose === 'outline';
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
    requireShape(shape);
    // Nothing can be in it: whatever it depends on.
    if (sizeOf(shape) === 0) return this.constant(path, new Float32Array(0), shape);
    if (inputs.length === 0 || !inputs.every((input) => input.op === 'constant')) return node;
    if (this.leavesOut(shape)) return this.constant(path, this.make(shape), shape);
    // All were just seen to be constants; those of a file have data.
    const { data } = this.#evaluate(node, inputs as (ConstantNode & { data: Float32Array })[]);
    const [only, ...others] = inputs;
    const name = others.length === 0 ? this.#wishes.get(only!.name)! : path;
    return this.constant(name, data, shape);
  }

  /** Whether the numbers of a constant of this shape are left out: shapes never depend on so many. */
  leavesOut(shape: readonly number[]): boolean {
    return this.#isOutline && sizeOf(shape) > FEW;
  }

  /** Room for numbers that the file does not hold. Throws a `Refusal` of the `subject` where they get too many. */
  make(shape: readonly number[], subject = 'it'): Float32Array<ArrayBuffer> {
    requireShape(shape, subject);
    const count = sizeOf(shape);
    this.#made += count;
    if (!(this.#made <= MOST_MADE))
      refuse(
        'E046',
        `${subject} would be a constant of ${shape.join('×')}, which is more than a model may fill up`,
      );
    return new Float32Array(count);
  }

  /** What a node makes of constants. Throws a `Refusal` where that takes too long. */
  #evaluate(node: OpNode, inputs: readonly Tensor[]): { readonly data: Float32Array } {
    const { shape } = node.type;
    this.#made += sizeOf(shape);
    const isTranspose = node.op === 'transpose';
    const window = 'kernel' in node.attrs ? sizeOf(node.attrs.kernel) : 1;
    const sizes = [node, ...inputs].map(({ type }) => window * sizeOf(type.shape));
    this.#steps -= isTranspose ? sizes[0]! / 16 : Math.max(macsOf(node), ...sizes);
    if (this.#steps < 0 || this.#made > MOST_MADE)
      refuse('E046', 'it depends on constants alone, and takes too long to compute, or too much memory', {
        help: 'have such constants computed when the model is exported',
      });
    // Weights that lie the other way round are large, and common.
    if (isTranspose) return { data: transposed(inputs[0]!.data, inputs[0]!.type.shape, node.attrs.perm) };
    return evaluateNode(node, (operand) => operand as Node & Tensor); // one of the inputs
  }

  /** Numbers of the file: the more there are (`count` of them, if others are made), the more may be computed from them. */
  weight(name: string, data: Float32Array, shape: readonly number[], count = data.length): ConstantNode {
    this.#steps += STEPS_PER_WEIGHT * count;
    return this.constant(name, data, shape);
  }

  /** A tensor of the file, whose own bits `storedAs` gives. Throws a `Refusal` as `readElements` does. */
  stored(name: string, tensor: OnnxTensor): ConstantNode {
    const { dims, sparse } = tensor;
    const isMade = sparse !== undefined || this.leavesOut(dims);
    const data = isMade ? this.make(dims, titleOf(tensor)) : readElements(tensor);
    if (sparse && !this.leavesOut(dims)) fillElements(tensor, data);
    const node = this.weight(name, data, dims.length === 0 ? [1] : dims, sparse?.values.dims[0]);
    this.#stored.set(node, tensor);
    return node;
  }

  /** The tensor of the file that a node is; its elements may be rounded there. */
  storedAs(node: Node): OnnxTensor | undefined {
    return this.#stored.get(node);
  }

  /** An input, which the file calls `name`; its sizes, and as one item of a batch. */
  input(
    name: string,
    { dims, item, hasOpenBatch }: Record<'dims' | 'item', Shape> & { readonly hasOpenBatch: boolean },
  ): Node {
    requireShape(dims);
    const called = isPortName(name) ? name : this.#origin.path;
    const node = this.builder.input(called, f32(...item), this.#origin, { dims, hasOpenBatch });
    this.#inputs.set(node, name);
    return node;
  }

  constant(name: string, data: Float32Array, shape: readonly number[]): ConstantNode {
    requireShape(shape);
    const path = this.#weights.take(name);
    this.#wishes.set(path, name);
    return this.builder.constant(path, f32(...shape), { origins: [this.#origin], init: 'zero', data });
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
    const perm = to.map((axis) => from.indexOf(axis));
    const known = this.#permuted.get(node)?.get(perm.join());
    if (known) return known;
    const { shape } = node.type;
    const moving = perm.filter((axis) => shape[axis] !== 1);
    const moved = moving.every((axis, i) => i === 0 || moving[i - 1]! < axis)
      ? this.view(
          node,
          perm.map((axis) => shape[axis]!),
        )
      : this.emit(transpose, { x: node }, { perm });
    const permuted = this.#permuted.get(node) ?? new Map<string, Node>();
    this.#permuted.set(node, permuted.set(perm.join(), moved));
    return moved;
  }

  /** The same elements under another shape. */
  view(node: Node, dims: readonly number[]): Node {
    const shape = dims.length === 0 ? [1] : dims;
    requireShape(shape);
    if (sameShape(node.type.shape, shape)) return node;
    if (node.op === 'reshape') return this.view(node.operands.x, dims);
    if (sizeOf(shape) !== sizeOf(node.type.shape))
      refuse('E043', `${node.type.shape.join('×')} elements cannot have the shape ${dims.join('×')}`);
    if (sizeOf(shape) === 0) return this.constant(this.#origin.path, new Float32Array(0), shape);
    const [first, ...item] = shape;
    const batch = first === node.type.shape[0] ? 0 : first!;
    return this.emit(reshape, { x: node }, { shape: item, batch });
  }

  /** What the file calls the inputs that a value depends on. */
  inputsBehind(node: Node): string[] {
    const names = new Set<string>();
    const seen = new Set<Node>();
    const todo = [node];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const name = this.#inputs.get(next);
      if (name !== undefined) names.add(name);
      if (isOp(next)) todo.push(...inputsOf(next));
    }
    return [...names];
  }
}

/** Sizes that can be: what a file says leads to any numbers. Throws a `Refusal`. */
export function requireShape(shape: readonly number[], subject = 'it'): void {
  if (shape.length > MOST_AXES) refuse('E091', `${subject} has ${shape.length} axes, more than ${MOST_AXES}`);
  if (shape.some((size) => !Number.isInteger(size) || size < 0))
    refuse('E090', `${subject} would have the shape ${shape.join('×')}`);
}

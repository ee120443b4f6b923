// Random networks from the operator table: each operator is used as its own `sample` says, behind a
// convolution that brings an earlier value to the shape that the sample wants. Everything follows from the seed.
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { isConstant, type Graph, type Node } from '../../compiler/ir/graph.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import type { OpDefinition, Pick } from '../../compiler/ops/define.ts';
import { OPS, type OpName } from '../../compiler/ops/index.ts';
import { Refusal } from '../../compiler/support/refusal.ts';
import { f32, sizeOf, type Shape } from '../../compiler/tensor/types.ts';
import { channelsOf, spatialOf } from '../../compiler/tensor/window.ts';
import { isMany, OP_NAMES, pickFrom } from './arbitrary.ts';

/** Operators that most rewrites are about come more often than their share. */
const FREQUENT: readonly OpName[] = ['batch_norm', 'conv', 'relu', 'relu6', 'add', 'pool', 'dropout', 'pad'];
const WEIGHTS = new Set(['weight', 'bias', 'mean', 'variance', 'slope']);

/** A network of `length` operators and what they need, with weights. */
export function randomGraph(seed: number, length = 8): Graph {
  const next = mulberry32(seed);
  const growing = new GrowingGraph(pickFrom(next));
  for (let i = 0; i < length; i++) growing.grow();
  return fillConstants(growing.finish(), next);
}

/** Numbers for every constant: vectors positive, for one of them may be a variance. */
export function fillConstants(graph: Graph, next: () => number): Graph {
  const fill = (shape: Shape) =>
    Float32Array.from({ length: sizeOf(shape) }, () => (shape.length === 1 ? 0.2 + next() : 2 * next() - 1));
  return rebuild(graph, (node) =>
    isConstant(node) && !node.data ? { ...node, data: fill(node.type.shape) } : node,
  );
}

/** Numbers for every input. */
export function randomInputs(graph: Graph, seed: number): Record<string, Float32Array> {
  const next = mulberry32(seed);
  return Object.fromEntries(
    graph.inputs.map(({ name, node }) => [
      name,
      Float32Array.from({ length: sizeOf(node.type.shape) }, () => 2 * next() - 1),
    ]),
  );
}

/** Operators that jump or blow up: a rounding error before them is a different number behind. */
const UNSTEADY: ReadonlySet<OpName> = new Set([
  ...([
    'floor',
    'ceil',
    'round',
    'trunc',
    'sign',
    'equal',
    'less',
    'less_or_equal',
    'and',
    'or',
    'xor',
  ] as const),
  ...(['not', 'where', 'thresholded', 'remainder', 'gather', 'exp', 'log', 'pow', 'div', 'sqrt'] as const),
  ...(['tan', 'asin', 'acos', 'sinh', 'cosh', 'acosh', 'atanh', 'is_nan', 'is_inf'] as const),
  ...(['bit_and', 'bit_or', 'bit_xor', 'top_k', 'grid_sample', 'scatter'] as const),
]);
const STEADY = OP_NAMES.filter((op) => !UNSTEADY.has(op));

class GrowingGraph {
  readonly #pick: Pick;
  readonly #builder = new GraphBuilder('random');
  readonly #values: Node[];
  #names = 0;

  constructor(pick: Pick) {
    this.#pick = pick;
    const origin = { path: 'input', keyword: 'INPUT', blocks: [] };
    this.#values = [
      this.#builder.input('input', f32(1, pick.int(4, 8), pick.int(4, 8), pick.int(1, 3)), origin),
      this.#builder.input('signal', f32(1, pick.int(4, 8), pick.int(1, 3)), origin),
    ];
  }

  /** One operator more, or one of the uses of operators that rewrites look for. */
  grow(): void {
    switch (this.#pick.int(0, 12)) {
      case 0: {
        const first = this.#pointwise(this.#map());
        if (this.#pick.of([false, true])) this.#pointwise(first);
        return;
      }
      case 1:
        return void this.#globalMean();
      case 2: {
        const x = this.#map();
        return void this.#emit('mul', { a: x, b: this.#emit('sigmoid', { x }) });
      }
      case 3: {
        const x = this.#map();
        return void this.#emit('add', { a: this.#emit('tanh', { x }), b: this.#emit('tanh', { x }) });
      }
      default:
        return this.#sample();
    }
  }

  #pointwise(from: Node): Node {
    const [filters, ones] = [this.#pick.int(1, 4), spatialOf(from.type.shape).map(() => 1)];
    const weight = this.#weight([filters, channelsOf(from.type.shape), ...ones]);
    const bias = this.#pick.of([undefined, this.#weight([filters])]);
    const pad = [...ones, ...ones].map(() => 0);
    return this.#emit('conv', { x: from, weight, bias }, { stride: ones, dilation: ones, pad });
  }

  #globalMean(): Node {
    const from = this.#map();
    const kernel = spatialOf(from.type.shape);
    const pad = [...kernel, ...kernel].map(() => 0);
    const attrs = { mode: 'avg', kernel, stride: kernel, dilation: kernel.map(() => 1), pad };
    return this.#emit('pool', { x: from }, attrs);
  }

  /** A late value with spatial axes. */
  #map(): Node {
    const maps = this.#values.filter(({ type }) => type.shape.length > 2);
    return this.#pick.of(maps.slice(-2));
  }

  #sample(): void {
    const op = this.#pick.of([...STEADY, ...FREQUENT, ...FREQUENT]);
    const { operands, attrs } = operatorOf(op).sample(this.#pick);
    const shapes = { ...operands } as Record<string, Shape | readonly Shape[] | undefined>; // what samples are made of
    const bound = Object.entries(shapes).map(([name, shape]) => {
      if (shape === undefined) return [name, undefined];
      if (isMany(shape)) return [name, shape.map((each) => this.#value(each))];
      return [name, WEIGHTS.has(name) ? this.#weight(shape) : this.#value(shape)];
    });
    this.#emit(op, Object.fromEntries(bound), attrs);
  }

  finish(): Graph {
    const isLast = (node: Node, index: number) => index >= this.#values.length - 2 && node.op !== 'input';
    const some = this.#values.filter((node, i) => isLast(node, i) || (i > 1 && this.#pick.int(0, 5) === 0));
    for (const node of some) this.#builder.output(`out_${node.name}`, node);
    return this.#builder.finish();
  }

  /** A value of the wanted shape, for one item: one that is there, or a convolution or FC of one. */
  #value(wanted: Shape): Node {
    const shape = [1, ...wanted.slice(1)];
    const same = this.#values.filter(({ type }) => type.shape.join() === shape.join());
    const recent = this.#values.slice(-3);
    if (same.length > 0 && this.#pick.int(0, 2) > 0) return this.#pick.of(same);
    if (shape.length === 2) {
      const from = this.#pick.of(recent);
      return this.#emit('fc', {
        x: from,
        weight: this.#weight([shape[1]!, sizeOf(from.type.shape)]),
        bias: this.#pick.of([undefined, this.#weight([shape[1]!])]),
      });
    }
    if (shape.length > 4) {
      const row = this.#value([1, sizeOf(shape)]);
      return this.#emit('reshape', { x: row }, { shape: shape.slice(1) });
    }
    const ofRank = this.#values.filter(({ type }) => type.shape.length === shape.length);
    const from = this.#pick.of(ofRank.slice(-3));
    const [have, want] = [spatialOf(from.type.shape), spatialOf(shape)];
    const kernel = have.map((size, axis) => Math.max(1, size - want[axis]! + 1));
    const ends = have.map((size, axis) => Math.max(0, want[axis]! - size));
    return this.#emit(
      'conv',
      {
        x: from,
        weight: this.#weight([channelsOf(shape), channelsOf(from.type.shape), ...kernel]),
        bias: undefined,
      },
      { stride: kernel.map(() => 1), dilation: kernel.map(() => 1), pad: [...kernel.map(() => 0), ...ends] },
    );
  }

  #weight(shape: Shape): Node {
    const origin = { path: `w${this.#names}`, keyword: 'TEST', blocks: [] };
    return this.#builder.constant(`w${this.#names++}`, f32(...shape), { origins: [origin], init: 'he' });
  }

  #emit(op: OpName, operands: object, attrs: object = {}): Node {
    const name = `${op}${this.#names++}`;
    try {
      const origins = [{ path: name, keyword: op.toUpperCase(), blocks: [] }];
      // Name, operands and attributes come from one sample of one operator.
      const definition = OPS[op] as unknown as OpDefinition<string, {}, {}, 'view'>;
      const node = this.#builder.op(definition, operands, attrs, { name, origins });
      this.#values.push(node);
      return node;
    } catch (error) {
      if (error instanceof Refusal) return this.#values.at(-1)!;
      throw error;
    }
  }
}

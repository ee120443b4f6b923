// Random uses of operators: shapes and attributes from the operator's own `sample`, numbers at random.
// fast-check makes the choices, so that a failure shrinks and its seed is printed.
import * as fc from 'fast-check';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { isConstant, type Graph, type Node, type Origin } from '../../compiler/ir/graph.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import type { Pick } from '../../compiler/ops/define.ts';
import { OPS, type OpName } from '../../compiler/ops/index.ts';
import { f32, sizeOf, type Shape } from '../../compiler/tensor/types.ts';
import type { Arrays } from './targets.ts';

export const OP_NAMES = Object.keys(OPS) as readonly OpName[]; // the table's own keys

export const pickBy = (choose: fc.GeneratorValue): Pick => ({
  int: (min, max) => choose(fc.integer, { min, max }),
  of: (choices) => choose(fc.constantFrom, ...choices),
});

/** Choices that numbers from 0 to 1 decide. */
export function pickFrom(next: () => number): Pick {
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return { int, of: (choices) => choices[int(0, choices.length - 1)]! };
}

/** Choices that a number decides. */
export const picker = (seed: number): Pick => pickFrom(mulberry32(seed));

/** Operands that are weights: they are shared by all items of a batch. */
const WEIGHTS = new Set(['weight', 'bias', 'mean', 'variance', 'slope', 'indices']);

/** One use of an operator, before its batch is known. */
export interface Use {
  readonly op: OpName;
  readonly batch: number;
  readonly attrs: object;
  /** By operand; a list for an operand of many. */
  readonly shapes: Readonly<Record<string, Shape | readonly Shape[] | undefined>>;
}

export function sampleUse(op: OpName, pick: Pick): Use {
  const { operands, attrs } = operatorOf(op).sample(pick);
  const shapes = { ...operands } as Use['shapes']; // what samples are made of
  const first = Object.values(shapes)[0]!;
  return { op, attrs, shapes, batch: (isMany(first) ? first[0]! : first)[0]! };
}

/** Shapes of an operand of many. */
export const isMany = (shape: Shape | readonly Shape[]): shape is readonly Shape[] =>
  typeof shape[0] === 'object';

const ORIGIN: Origin = { path: 'use', keyword: 'TEST', blocks: [] };

/** Puts a use into a graph: activations become inputs for `batch` items, weights constants. */
export function placeUse(builder: GraphBuilder, use: Use, batch = use.batch): Node {
  const place = (name: string, shape: Shape): Node =>
    WEIGHTS.has(name)
      ? builder.constant(name, f32(...shape), { origins: [ORIGIN], init: 'zero' })
      : builder.input(name, f32(batch, ...shape.slice(1)), ORIGIN);
  const operands = Object.entries(use.shapes).map(([name, shape]) => [
    name,
    shape === undefined
      ? undefined
      : isMany(shape)
        ? shape.map((each, i) => place(`${name}${i}`, each))
        : place(name, shape),
  ]);
  return emit(builder, use.op, Object.fromEntries(operands), use.attrs);
}

/** A node of an operator known only at run time. */
export const emit = (
  builder: GraphBuilder,
  op: OpName,
  operands: Readonly<Record<string, unknown>>,
  attrs: object = {},
): Node =>
  // Operands and attributes come from this operator's own sample; `infer` and the verifier check them.
  builder.op(OPS[op] as never, operands as never, attrs as never, { name: op, origins: [ORIGIN] });

/** The graph of one use, with numbers in its weights. */
export function graphOf(use: Use, { batch = use.batch, seed = 1 } = {}): Graph {
  const builder = new GraphBuilder('use');
  builder.output('output', placeUse(builder, use, batch));
  return withWeights(builder.finish(), seed);
}

/** Random numbers for every weight: no zeros or ones that would hide a mistake. */
export function withWeights(graph: Graph, seed: number): Graph {
  const next = mulberry32(seed);
  return rebuild(graph, (node) => {
    if (!isConstant(node)) return node;
    const data = numbers(sizeOf(node.type.shape), next, 1.5);
    const isVariance = /variance|running_var/.test(node.name);
    return { ...node, data: isVariance ? data.map((v) => Math.abs(v) + 0.1) : data };
  });
}

/** Inputs that say places between −1 and 1. */
const SMALL = new Set(['grid']);

/** Random inputs, from beyond where every activation bends. */
export function randomInputs(graph: Graph, seed: number): Arrays {
  const next = mulberry32(seed ^ 0x5eed);
  return Object.fromEntries(
    graph.inputs.map(({ name, node }) => [
      name,
      numbers(sizeOf(node.type.shape), next, SMALL.has(name) ? 1.5 : 8),
    ]),
  );
}

const numbers = (length: number, next: () => number, reach: number): Float32Array =>
  Float32Array.from({ length }, () => (2 * next() - 1) * reach);

/** Item `i` of every array of a batch. */
export const itemOf = (arrays: Arrays, i: number, batch: number): Arrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, data]) => {
      const length = data.length / batch;
      return [name, data.slice(i * length, (i + 1) * length)];
    }),
  );

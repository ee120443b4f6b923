// Values of an ONNX graph while it is imported.
//
// ONNX keeps channels before positions (N, C, H, W); the graph keeps them last. Instead of transposing
// around every operator, a value remembers in which order its axes lie: a Transpose of ONNX is then only
// another order, and data moves only where an operator cannot work with the order that there is.
import type { Node } from '../ir/graph.ts';
import { sizeOf } from '../tensor/types.ts';
import type { Sort } from './elements.ts';

/** What a value's elements are. */
export interface Elements {
  readonly sort: Sort;
  /** Name of their type, where it matters: the range of quantised values. */
  readonly type?: string;
}

/** Elements of a sort, or as those of another value are. */
export type Like = Sort | Elements;

export const elementsLike = (like: Like): Elements => {
  if (typeof like === 'string') return { sort: like };
  const { sort, type } = like;
  return type === undefined ? { sort } : { sort, type };
};

export interface Value extends Elements {
  /** Its shape is `order.map((axis) => dims[axis])`; that of a scalar is [1]. */
  readonly node: Node;
  /** Sizes as ONNX sees them. */
  readonly dims: readonly number[];
  /** For each axis of the node, the axis of ONNX that it is. */
  readonly order: readonly number[];
}

/** Axes as they stand. */
export const plainOrder = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

/** N, C, spatial axes → N, spatial axes, C. */
export const channelsLastOrder = (rank: number): number[] =>
  rank < 3 ? plainOrder(rank) : [0, ...plainOrder(rank).slice(2), 1];

export const sameOrder = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

/**
 * The order for values of one rank that meet: that of the largest of those that are computed, and of several
 * as large one that is not ONNX's own, for kernels like that better.
 */
export function commonOrder(values: readonly Value[]): readonly number[] {
  const computed = values.filter(({ node }) => node.op !== 'constant');
  const largest = Math.max(...computed.map(({ dims }) => sizeOf(dims)));
  const leading = computed.filter(({ dims }) => sizeOf(dims) === largest).map(({ order }) => order);
  const plain = plainOrder(values[0]!.dims.length);
  return leading.find((order) => !sameOrder(order, plain)) ?? leading[0] ?? plain;
}

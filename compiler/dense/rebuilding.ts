// What the walk over a network (at-size.ts) and the rules for single operators (layer.ts) share.
import type { ConstantNode, Node, OpNode } from '../ir/graph.ts';
import type { Computation } from '../ir/semantics.ts';

/** Scores at every position, or the mean or maximum over them. */
export type Scores = 'map' | 'average' | 'max';

export interface AtOptions {
  /** Height and width of the input, or its length. */
  readonly size: readonly number[];
  /** Absent: the network as it is, at another size. */
  readonly dense?: Scores;
  /** Input positions per position of the result; absent: the network's own. */
  readonly stride?: number;
}

/** A value of the trained network, and what stands for it. */
export interface Place {
  readonly node: Node;
  /** In training: input positions per position, along each axis. */
  readonly stride: readonly number[];
  /** How many times finer it is now. */
  readonly rate: readonly number[];
  /**
   * Moved by as many input positions the picture moves this value by whole positions, and all that it is made
   * of: see grain.ts.
   */
  readonly grain: readonly number[];
  /** Comes from the head: one position in training, a map now. */
  readonly isHead: boolean;
}

/** What the rules for single operators work with. */
export interface Rebuilding extends AtOptions {
  /** Height and width of the input in training. */
  readonly trained: readonly number[];
  /** Undefined for weights. */
  placeOf(node: Node): Place | undefined;
  /** Adds a weight that was not there. */
  weight(node: ConstantNode): ConstantNode;
  /** Adds a node; throws a `Refusal` where it does not fit. */
  make(computation: Computation, from: Pick<OpNode, 'name' | 'origins'>): OpNode;
  /** What the size of values has become that had `size` in training; undefined where they differ now. */
  sizeLike(size: readonly number[]): readonly number[] | undefined;
}

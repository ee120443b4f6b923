import type { Graph } from '../compiler/ir/graph.ts';
import type { Workload } from './workloads.ts';

/** A workload with weights and an input, which all contestants compute. */
export interface Problem {
  readonly workload: Workload;
  /** As the program says it. */
  readonly written: Graph;
  /** After the compiler's passes: normalisation is folded, activations are fused. */
  readonly graph: Graph;
  readonly input: Float32Array;
  readonly flops: number;
}

/** One way to compute a problem, ready to run. */
export interface Ready {
  /** The output of the whole batch. */
  run(): Float32Array | Promise<Float32Array>;
  /** Brings an output into the order of all others, where it has another one. */
  channelsLast?(output: Float32Array): Float32Array;
  dispose?(): void;
}

export interface Entry {
  readonly name: string;
  enter(problem: Problem): Promise<Ready>;
}

/** Shape of the input with its batch. */
export const inputShape = ({ graph, workload }: Problem): number[] => [
  workload.items,
  ...graph.inputs[0]!.node.type.shape.slice(1),
];

/** Largest difference from what was expected, relative to the largest value. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let [difference, largest] = [0, 0];
  for (const [i, value] of a.entries()) {
    difference = Math.max(difference, Math.abs(value - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return difference / largest;
}

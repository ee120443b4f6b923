import type { Graph } from '../ir/graph.ts';
import { verify } from '../ir/verify.ts';

/**
 * One rewrite of the graph. A pass that fires nowhere gives the same graph object.
 * Its numeric class says what may change: `exact`, no bit; `reassociates`, rounding only; `lossy`, more.
 */
export interface Pass {
  readonly name: string;
  readonly numeric: 'exact' | 'reassociates' | 'lossy';
  run(graph: Graph): Graph;
}

/** Runs passes in order; the verifier runs before the first and after each. */
export function runPasses(graph: Graph, passes: readonly Pass[]): Graph {
  return passes.reduce((current, pass) => verify(pass.run(current)), verify(graph));
}

import type { Graph } from '../ir/graph.ts';
import { printGraph } from '../ir/text.ts';
import { verify } from '../ir/verify.ts';

/**
 * One rewrite of the graph. A pass that fires nowhere gives the same graph object.
 * Its numeric class says what may change: `exact`, no bit; `reassociates`, rounding only; `lossy`, more.
 */
export interface Pass {
  readonly name: string;
  /** One sentence, for `cnnc opt --list`. */
  readonly doc: string;
  readonly numeric: 'exact' | 'reassociates' | 'lossy';
  run(graph: Graph): Graph;
  /** Why it does nothing to this graph, where that needs saying to who asked for it. */
  idle?(graph: Graph): string | undefined;
}

/** What one pass did. `after` is `before` when it fired nowhere. */
export interface PassRun {
  readonly pass: Pass;
  readonly before: Graph;
  readonly after: Graph;
  readonly milliseconds: number;
}

/**
 * Runs passes in order; the verifier runs before the first and after each. `observe` hears of each one,
 * for dumps, timings and the record of what happened. A pass that throws, or leaves a graph that the
 * verifier rejects, is a bug of ours: it becomes a `PassFailure`.
 */
export function runPasses(
  graph: Graph,
  passes: readonly Pass[],
  observe: (run: PassRun) => void = () => {},
): Graph {
  let current = verify(graph);
  for (const [index, pass] of passes.entries()) {
    const before = current;
    const begun = performance.now();
    try {
      current = pass.run(before);
      // A pass that fired nowhere gave back a graph that is known to be right.
      if (current !== before) verify(current);
    } catch (error) {
      throw new PassFailure(before, passes.slice(index), error);
    }
    observe({ pass, before, after: current, milliseconds: performance.now() - begun });
  }
  return current;
}

/** A pass failed: our own mistake. `reproducer` is a file for `cnnc opt` that makes it fail again. */
export class PassFailure extends Error {
  readonly reproducer: string;

  constructor(graph: Graph, remaining: readonly Pass[], cause: unknown) {
    const [failed] = remaining;
    super(`pass ${failed?.name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.reproducer = `# cnnc opt repro.cir --passes=${printPipeline(remaining)}\n${printGraph(graph)}`;
  }
}

/** `drop-no-ops,fold-batch-norm`: as `--passes` takes it. */
export const printPipeline = (passes: readonly Pass[]): string => passes.map(({ name }) => name).join(',');

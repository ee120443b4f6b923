// The passes by hand: for `cnnc opt`, for `cnnc explain --optimized`, and for tables of what they save.
import { positionAt } from '../grammar/source.ts';
import { atSizes } from './at-sizes.ts';
import { bind, checked, network, type CheckResult } from './stages.ts';
import { totalMacs } from './dense/index.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { isConstant, type Graph } from './ir/graph.ts';
import { parseGraph } from './ir/parse.ts';
import { printGraph } from './ir/text.ts';
import type { CompileOptions } from './options.ts';
import { changesOf, describeChange, type Change } from './passes/changes.ts';
import { DEFAULT_PASSES, parsePipeline } from './passes/index.ts';
import { runPasses, type Pass } from './passes/pass.ts';
import { makePlan } from './plan/plan.ts';
import { Refusal } from './support/refusal.ts';

/** A graph in its text form may name its `passes` in its first line. */
export type OptimizeOptions = CompileOptions;

/** What a graph costs to run. */
export interface GraphCosts {
  readonly kernels: number;
  readonly macs: number;
  /** Memory for values; weights are not counted. */
  readonly arenaBytes: number;
}

/** One pass that ran. */
export interface Stage {
  readonly pass: string;
  readonly numeric: Pass['numeric'];
  readonly milliseconds: number;
  readonly hasFired: boolean;
  /** The graph after it, as text. */
  readonly text: string;
}

/** One thing that a pass did to a layer of the program. */
export interface LayerChange {
  /** The layer's path and keyword. */
  readonly path: string;
  readonly keyword: string;
  /** Where it stands in the program. */
  readonly file?: string;
  readonly line?: number;
  /** In words: `bn1 (batch_norm) went into conv1 (fold-batch-norm)`. */
  readonly change: string;
}

export interface OptimizeResult extends CheckResult {
  /** The graph as text after the last pass. */
  readonly text?: string;
  readonly stages: readonly Stage[];
  /** In the order of the program. */
  readonly changes: readonly LayerChange[];
  readonly before?: GraphCosts;
  readonly after?: GraphCosts;
}

/**
 * Runs passes over a program, or over a graph in its text form (a `path` that ends in `.cir`). Weights
 * are not needed; without them passes change shapes and structure only. A pass that fails throws a
 * `PassFailure` with a reproducer.
 */
export async function optimize(options: OptimizeOptions): Promise<OptimizeResult> {
  const diagnostics = new Diagnostics();
  const nothing: OptimizeResult = { ok: false, diagnostics: diagnostics.list, stages: [], changes: [] };
  if (!checked(options, {}, diagnostics)) return nothing;
  try {
    const graph = options.path?.endsWith('.cir')
      ? parseGraph(options.source ?? '')
      : await programGraph(options, diagnostics);
    if (!graph) return nothing;
    const passes = pipelineOf(options);
    const stages: Stage[] = [];
    const changes: Change[] = [];
    const result = runPasses(graph, passes, (run) => {
      const { pass, before, after, milliseconds } = run;
      const hasFired = before !== after;
      stages.push({
        pass: pass.name,
        numeric: pass.numeric,
        milliseconds,
        hasFired,
        text: printGraph(after),
      });
      changes.push(...changesOf(run));
      const why = hasFired ? undefined : pass.idle?.(before);
      if (why !== undefined)
        diagnostics.list.push({
          code: 'W103',
          severity: 'warning',
          message: `${pass.name} changes nothing: ${why}`,
          labels: [],
        });
    });
    return {
      ...nothing,
      ok: true,
      text: printGraph(result),
      stages,
      changes: byPlace(changes),
      before: costsOf(graph),
      after: costsOf(result),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    diagnostics.list.push({ severity: 'error', labels: [], ...error.complaint });
    return nothing;
  }
}

async function programGraph(options: OptimizeOptions, diagnostics: Diagnostics): Promise<Graph | undefined> {
  const built = await network(options, diagnostics);
  if (!built) return undefined;
  const hasWeights = options.weights !== undefined && built.graph.nodes.some(isConstant);
  const graph = hasWeights ? bind(built.graph, options, diagnostics) : built.graph;
  return graph && atSizes(graph, options, diagnostics)?.[0].graph;
}

/** A reproducer, and a fixture, say in their first lines what to run. */
function pipelineOf({ passes, path, source }: OptimizeOptions): readonly Pass[] {
  const own = path?.endsWith('.cir')
    ? /^# (?:RUN: )?cnnc opt \S+ --passes=(\S+)/m.exec(source ?? '')?.[1]
    : undefined;
  const wanted = passes ?? own;
  return wanted === undefined ? DEFAULT_PASSES : parsePipeline(wanted);
}

function costsOf(graph: Graph): GraphCosts {
  const { steps, arenaLength } = makePlan(graph);
  return { kernels: steps.length, macs: totalMacs(graph), arenaBytes: 4 * arenaLength };
}

function byPlace(changes: readonly Change[]): LayerChange[] {
  const start = ({ origin }: Change) => origin.span?.start ?? 0;
  return changes
    .toSorted((a, b) => start(a) - start(b))
    .map((change) => {
      const { path, keyword, span } = change.origin;
      const place = span && {
        file: span.source.path,
        line: positionAt(span.source, span.start).line,
      };
      return { path, keyword, ...place, change: describeChange(change) };
    });
}

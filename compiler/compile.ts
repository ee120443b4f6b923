// The pipeline on one screen.
import { atSizes } from './at-sizes.ts';
import { scratchOf } from './codegen/js/scratch.ts';
import type { BundleOrigin } from './bundle/manifest.ts';
import { modelOrigin } from './bundle/model-origin.ts';
import { emitBundle, type EmittedBundle } from './emit-bundle.ts';
import { explain } from './explain/explain.ts';
import { batchOf } from './export/batch.ts';
import { writeOnnx } from './export/onnx/index.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import type { Graph, Node } from './ir/graph.ts';
import type { CompileOptions, SourceOptions, WeightsOptions } from './options.ts';
import { bind, complain, network, type CheckResult, type Network } from './stages.ts';
import { DEFAULT_PASSES, parsePipeline } from './passes/index.ts';
import { lowerConvolutions } from './passes/lower-convolutions.ts';
import { runPasses, type Pass } from './passes/pass.ts';
import { makePlan } from './plan/plan.ts';
import { Refusal, type Complaint } from './support/refusal.ts';
import { summarizeGraph, type Summary } from './summary.ts';
import { remainingTransposes, type Transpose } from './transposes.ts';
import { version } from './version.ts';

export interface SummarizeResult extends CheckResult {
  readonly summary?: Summary;
  /** What the plan of the JavaScript target needs for values that are alive at once, and its kernels beside them. */
  readonly memory?: {
    readonly peakBytes: number;
    readonly lowerBoundBytes: number;
    readonly scratchBytes: number;
  };
  /** Where an ONNX model makes data move between layouts, after all passes. */
  readonly transposes?: readonly Transpose[];
}

export interface CompileResult extends SummarizeResult {
  /** The bundle by file name; empty when there was an error. */
  readonly files: Map<string, Uint8Array>;
  /** What each target of the bundle costs, at the first input size. */
  readonly targets: EmittedBundle['targets'];
  /** The network as the program says it, before any pass. */
  readonly graph?: Graph;
}

export interface ExportResult extends CheckResult {
  readonly model?: Uint8Array;
}

/** Compiles a program into a bundle. Bad programs and weights give diagnostics, never an exception. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const diagnostics = new Diagnostics();
  const built = await network(options, diagnostics);
  const passes = built && passesOf(options, diagnostics);
  const bound = passes && bind(built.graph, options, diagnostics);
  const placed = bound && atSizes(bound, options, diagnostics);
  const parts = built && placed && { networks: placed, origin: await originOf(built, options), passes };
  const bundle = parts && (await emitBundle(parts, options, diagnostics));
  const graph = placed?.[0].graph ?? bound ?? built?.graph;
  return {
    ok: bundle !== undefined,
    diagnostics: diagnostics.list,
    files: bundle?.files ?? new Map<string, Uint8Array>(),
    targets: bundle?.targets ?? {},
    ...(graph && { graph, summary: summarizeGraph(graph) }),
  };
}

/** What the bundle says it was made of. */
async function originOf({ program }: Network, options: CompileOptions): Promise<BundleOrigin> {
  const { onnx, constants, shapes, modelFile, path = 'model.onnx' } = options;
  if (program) return { program: explain(program, { marks: false }) };
  if (!onnx) return {};
  const file = modelFile ?? path.replace(/^.*[/\\]/, '');
  return { model: await modelOrigin({ onnx, file, constants, shapes }) };
}

/** The passes that are asked for. How convolutions are computed is settled before, by the option of its own. */
function passesOf(options: CompileOptions, diagnostics: Diagnostics): readonly Pass[] | undefined {
  const { conv = 'auto', passes = 'default' } = options;
  try {
    return [lowerConvolutions(conv), ...parsePipeline(passes)];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return complain(diagnostics, error.complaint);
  }
}

/** Says what is wrong with a program, if anything. */
export async function check(options: SourceOptions): Promise<CheckResult> {
  const diagnostics = new Diagnostics();
  const built = await network(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  return { ok: placed !== undefined, diagnostics: diagnostics.list };
}

/** Shapes and costs, without weights. */
export async function summarize(options: SourceOptions): Promise<SummarizeResult> {
  const diagnostics = new Diagnostics();
  const built = await network(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  const result = { ok: placed !== undefined, diagnostics: diagnostics.list };
  if (!placed) return result;
  const { graph } = placed[0];
  let optimized: Graph | undefined;
  // Takes passes and a plan: made when somebody asks.
  const afterPasses = () => (optimized ??= runPasses(graph, DEFAULT_PASSES));
  return {
    ...result,
    summary: summarizeGraph(graph),
    get memory() {
      return memoryOf(afterPasses());
    },
    get transposes() {
      return remainingTransposes(afterPasses());
    },
  };
}

function memoryOf(graph: Graph): NonNullable<SummarizeResult['memory']> {
  const plan = makePlan(graph);
  const { bytes: scratchBytes } = scratchOf(plan);
  return { peakBytes: 4 * plan.arenaLength, lowerBoundBytes: 4 * plan.lowerBound, scratchBytes };
}

/** The network and its weights as an ONNX model, at the first size where several are given. */
export async function exportOnnx(options: SourceOptions & WeightsOptions): Promise<ExportResult> {
  const diagnostics = new Diagnostics();
  const built = await network(options, diagnostics);
  const bound = built && bind(built.graph, options, diagnostics);
  const placed = bound && atSizes(bound, options, diagnostics);
  const fixedBy = placed && batchOf(placed[0].graph).fixedBy;
  if (fixedBy) diagnostics.list.push({ severity: 'warning', labels: [], ...fixedBatch(fixedBy) });
  return {
    ok: placed !== undefined,
    diagnostics: diagnostics.list,
    ...(placed && { model: writeOnnx(placed[0].graph, version) }),
  };
}

function fixedBatch({ name, origins }: Node): Complaint {
  const { keyword, path } = origins[0] ?? { keyword: '', path: name };
  return {
    code: 'W106',
    message: `the exported model takes batches of one: ${keyword} ${JSON.stringify(path)} joins the batch with other axes`,
    help: 'a bundle takes batches of any size: it computes each item by itself',
  };
}

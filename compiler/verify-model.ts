import { randomInputs } from '../runtime/random-inputs.ts';
import type { NumericClass } from '../runtime/tolerance.ts';
import { describeSize } from './describe-program.ts';
import { writeOnnx } from './export/onnx/index.ts';
import { interpret } from './ir/interpret.ts';
import type { Graph } from './ir/graph.ts';
import { compareRuns, type Run, type Verification } from './verification/compare-runs.ts';
import { openOnnx, type OnnxModel, type OnnxRuntime } from './verification/onnx-runtime.ts';
import { version } from './version.ts';

export interface VerifyOptions {
  /** The network as the program says it, with weights. */
  readonly graph: Graph;
  /** What is to be verified. */
  readonly run: Run;
  /** One run on random inputs for each. */
  readonly seeds: readonly number[];
  /** How far apart the results may be. */
  readonly numeric: NumericClass;
  /** ONNX Runtime as the oracle; default: the operators' own definitions. */
  readonly onnxRuntime?: OnnxRuntime | undefined;
  /** The ONNX file that the graph was made of, for ONNX Runtime; default: our own export. */
  readonly onnx?: Uint8Array | undefined;
  /** What was given for inputs of that file when the graph was made. */
  readonly constants?: OnnxModel['constants'];
}

/** Runs a model and an oracle on random inputs, and compares every output. */
export async function verifyModel({
  graph,
  run,
  onnxRuntime,
  onnx,
  constants,
  ...how
}: VerifyOptions): Promise<Verification> {
  const signature = signatureOf(graph);
  if (!onnxRuntime)
    return compareRuns({ subject: run, oracle: (inputs) => interpret(graph, inputs) }, signature, how);
  const file = onnx ?? writeOnnx(graph, version);
  const session = await openOnnx(onnxRuntime, { file, graph, isImported: onnx !== undefined, constants });
  try {
    return await compareRuns({ subject: run, oracle: session.run }, signature, how);
  } finally {
    await session.release();
  }
}

/** The inputs that stand for a seed. */
export const inputsOf = (graph: Graph, seed: number): Record<string, Float32Array> =>
  randomInputs(signatureOf(graph).inputs, seed);

const signatureOf = (graph: Graph) => describeSize({ graph, receptiveFields: new Map() });

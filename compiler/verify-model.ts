import { CnncError } from '../runtime/errors.ts';
import type { TensorSpec } from '../runtime/program.ts';
import { randomInputs } from '../runtime/random-inputs.ts';
import type { NumericClass } from '../runtime/tolerance.ts';
import { be, CHECKS, demand, isRecord, word, type Check, type Demands } from './check-options.ts';
import { describeSize } from './describe-program.ts';
import { writeOnnx } from './export/onnx/index.ts';
import { interpret } from './ir/interpret.ts';
import { isConstant, type Graph } from './ir/graph.ts';
import { compareRuns, type Arrays, type Run, type Verification } from './verification/compare-runs.ts';
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

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** A network that can be computed. */
export const graphWithWeights = be(
  'the graph that compile or reopenBundle gives, with weights',
  (value) =>
    isRecord(value) &&
    [value['inputs'], value['outputs'], value['nodes']].every(Array.isArray) &&
    (value as unknown as Graph).nodes.every((node) => !isConstant(node) || node.data !== undefined),
);

/** Complete by its type. */
const NUMERIC_CLASSES: Readonly<Record<NumericClass, true>> = {
  operator: true,
  network: true,
  winograd: true,
  winogradNetwork: true,
  imported: true,
  f16: true,
};

export const numericClass = word(...Object.keys(NUMERIC_CLASSES));

export const functionFrom = (what: string): Check => be(`a function from ${what}`, isFunction);

const DEMANDS: Demands = {
  needs: {
    graph: graphWithWeights,
    run: functionFrom('inputs to outputs, both by name'),
    seeds: be(
      'a list of whole numbers, one at least',
      (value) => Array.isArray(value) && value.length > 0 && value.every(Number.isSafeInteger),
    ),
    numeric: numericClass,
  },
  takes: {
    onnxRuntime: be(
      'the module onnxruntime-node or onnxruntime-web',
      (value) =>
        typeof value === 'object' && value !== null && 'InferenceSession' in value && 'Tensor' in value,
    ),
    onnx: CHECKS.onnx,
    constants: CHECKS.constants,
  },
};

/**
 * Runs a model and an oracle on random inputs, and compares every output. Throws a `CnncError` (OPTION_TYPE) when
 * the options are wrong, or what `run` gives.
 */
export async function verifyModel(options: VerifyOptions): Promise<Verification> {
  demand('verifyModel', options, DEMANDS);
  const { graph, run, onnxRuntime, onnx, constants, ...how } = options;
  const signature = signatureOf(graph);
  const subject: Run = async (inputs) => outputsIn(await run(inputs), signature.outputs);
  if (!onnxRuntime)
    return compareRuns({ subject, oracle: (inputs) => interpret(graph, inputs) }, signature, how);
  const file = onnx ?? writeOnnx(graph, version);
  const session = await openOnnx(onnxRuntime, { file, graph, isImported: onnx !== undefined, constants });
  try {
    return await compareRuns({ subject, oracle: session.run }, signature, how);
  } finally {
    await session.release();
  }
}

/** What a run gives, if these are its outputs. Throws a `CnncError` (OPTION_TYPE) where not. */
function outputsIn(given: unknown, outputs: readonly TensorSpec[]): Arrays {
  const values = isRecord(given) ? given : {};
  const found = outputs.map(({ name, shape }) => {
    const value = values[name];
    const length = shape.reduce((a, b) => a * b, 1);
    if (value instanceof Float32Array && value.length === length) return [name, value] as const;
    const what = value instanceof Float32Array ? `has ${value.length} numbers` : 'is no Float32Array';
    throw new CnncError(
      'OPTION_TYPE',
      `verifyModel: run: the output ${JSON.stringify(name)} ${what}; it must have ${length}`,
    );
  });
  return Object.fromEntries(found);
}

/** The inputs that stand for a seed. */
export const inputsOf = (graph: Graph, seed: number): Record<string, Float32Array> =>
  randomInputs(signatureOf(graph).inputs, seed);

const signatureOf = (graph: Graph) => describeSize({ graph, receptiveFields: new Map() });

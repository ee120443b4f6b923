// The test cases of the ONNX project (../shared/data/onnx-node): a model, inputs, and the outputs they should give.
import { existsSync, readFileSync } from 'node:fs';
import { decodeElements } from '../../compiler/frontend/weights/elements.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import { toPath } from '../../compiler/support/names.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { sharedPath } from './shared.ts';
import type { Arrays } from './targets.ts';
import { mismatch, type NumericClass } from './tolerance.ts';

interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

export interface OnnxCase {
  readonly id: string;
  readonly name: string;
  readonly generation: string;
  readonly path: string;
  readonly ops: readonly string[];
  /** Operators of convolutional networks only. */
  readonly core: boolean;
  readonly dtypes: readonly string[];
  readonly graphInputs: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly dims: readonly unknown[];
  }[];
  readonly graphOutputs: readonly { readonly name: string; readonly dtype: string }[];
  readonly dataSets: readonly {
    readonly inputs: readonly TensorEntry[];
    readonly outputs: readonly TensorEntry[];
  }[];
}

const folder = 'data/onnx-node';
export const CASES_FILE = `${folder}/cases.json`;

/** Numbers that runtimes do not agree on (MANIFEST.md). */
const DISPUTED =
  /training_dropout|mod_float_mixed_sign_example@v1\.5|maxunpool_export_with_output_shape|convinteger_with_padding@main|resize_downsample_scales_(cubic|linear)_align_corners|averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True@v1\.16/;

/** All cases but those that are disputed; none where ../shared is missing. */
export function readCases(): readonly OnnxCase[] {
  const file = sharedPath(CASES_FILE);
  if (!existsSync(file)) return [];
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: OnnxCase[] };
  return cases.filter(({ id }) => !DISPUTED.test(id));
}

/** Tests that need not pass, by the reason that permits it. All others do. */
const NOT_PASSED: Readonly<Record<string, readonly string[]>> = {
  'three spatial axes': [
    'test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False',
    'test_averagepool_3d_dilations_small',
    'test_convtranspose_3d',
    'test_lppool_3d_default',
    'test_maxpool_3d_dilations_use_ref_impl_large',
    'test_AvgPool3d',
    'test_AvgPool3d_stride1_pad0_gpu_input',
    'test_Conv3d_stride',
    'test_MaxPool3d',
    'test_MaxPool3d_stride',
    'test_MaxPool3d_stride_padding',
    'test_gridsample_volumetric_bilinear_align_corners_1',
    'test_gridsample_volumetric_nearest_align_corners_1',
  ],
  'statistics of the batch, as in training': [
    'test_batchnorm_epsilon_training_mode',
    'test_batchnorm_example_training_mode',
  ],
};

/** Why a case need not pass. */
export const excuseOf = ({ name }: OnnxCase): string | undefined =>
  Object.entries(NOT_PASSED).find(([, names]) => names.includes(name))?.[0];

/** Compiles a graph and opens it on a target. */
export type Open = (graph: Graph) => Promise<(inputs: Arrays) => Promise<Arrays>>;

/** What is wrong with a case on a target; undefined when it gives the right numbers. */
export async function wrongWith(one: OnnxCase, open: Open): Promise<string | undefined> {
  const bytes = readFileSync(sharedPath(`${folder}/${one.path}`));
  for (const dataSet of one.dataSets) {
    const inputs = dataSet.inputs.map((entry) => typed(entry, one.graphInputs));
    const outputs = dataSet.outputs.map((entry) => typed(entry, one.graphOutputs));
    const graph = await imported(bytes, one, inputs);
    if (typeof graph === 'string') return graph;
    const given = new Map(inputs.map((entry) => [toPath(entry.name), elementsOf(entry)]));
    const run = await open(graph);
    const results = await run(Object.fromEntries(graph.inputs.map(({ name }) => [name, given.get(name)!])));
    for (const [i, expected] of outputs.entries()) {
      const { name } = graph.outputs[i]!;
      const wrong = differs(results[name]!, expected);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
  }
  return undefined;
}

/** bfloat16 is stored as uint16; only the model says what it is. */
function typed(entry: TensorEntry, ends: OnnxCase['graphInputs'] | OnnxCase['graphOutputs']): TensorEntry {
  const isBrain = ends.some(({ name, dtype }) => name === entry.name && dtype === '16');
  return isBrain ? { ...entry, dtype: 'bfloat16' } : entry;
}

/** The graph, or why there is none. Inputs that must be known when it is compiled are given then. */
async function imported(
  bytes: Uint8Array,
  { graphInputs, ops }: OnnxCase,
  inputs: readonly TensorEntry[],
): Promise<Graph | string> {
  const isOpen = (name: string) =>
    graphInputs.some((input) => input.name === name && input.dims.some((size) => !(Number(size) > 0)));
  const shapes = Object.fromEntries(
    inputs.filter(({ name }) => isOpen(name)).map(({ name, dims }) => [name, dims]),
  );
  // Filters may be computed, but in networks they are known, and that is what other kernels are for.
  const known = new Set<string>(
    ops.some((op) => /^Conv(Transpose)?$/.test(op)) ? inputs.slice(1).map(({ name }) => name) : [],
  );
  for (;;) {
    const constants = Object.fromEntries(
      inputs.filter(({ name }) => known.has(name)).map((entry) => [entry.name, elementsOf(entry)]),
    );
    const { graph, complaints } = await importOnnx(bytes, { name: 'case', constants, shapes }, undefined);
    if (graph) return graph;
    const asked = complaints
      .flatMap(({ help = '' }) => [...help.matchAll(/--constant (\S+)=/g)].map((match) => match[1]!))
      .filter((name) => !known.has(name));
    if (asked.length === 0) return complaints.map(({ message }) => message).join('\n');
    for (const name of asked) known.add(name);
  }
}

function differs(actual: Float32Array, expected: TensorEntry): string | undefined {
  const elements = elementsOf(expected);
  const numeric = NUMERIC[expected.dtype];
  if (numeric) return mismatch(actual, elements, numeric);
  if (actual.length !== elements.length) return `${actual.length} numbers, not ${elements.length}`;
  const i = elements.findIndex((value, at) => value !== actual[at]);
  return i < 0 ? undefined : `element ${i} is ${actual[i]}, not ${elements[i]}`;
}

const NUMERIC: Readonly<Record<string, NumericClass>> = {
  float32: 'network',
  float64: 'network',
  float16: 'f16',
  bfloat16: 'f16',
};

let tensors: Buffer | undefined;

/** Everything is float32 for us. */
function elementsOf({ dtype, offset, bytes }: TensorEntry): Float32Array {
  tensors ??= readFileSync(sharedPath(`${folder}/tensors.bin`));
  const raw = new Uint8Array(tensors.subarray(offset, offset + bytes));
  const read = READERS[dtype];
  if (!read) throw new Error(`a tensor of ${dtype}`);
  return read(raw);
}

const READERS: Readonly<Record<string, (raw: Uint8Array<ArrayBuffer>) => Float32Array>> = {
  float32: (raw) => decodeElements(raw, 'F32'),
  float64: (raw) => decodeElements(raw, 'F64'),
  float16: (raw) => decodeElements(raw, 'F16'),
  bfloat16: (raw) => decodeElements(raw, 'BF16'),
  bool: (raw) => Float32Array.from(raw),
  uint8: (raw) => Float32Array.from(raw),
  int8: ({ buffer }) => Float32Array.from(new Int8Array(buffer)),
  uint16: ({ buffer }) => Float32Array.from(new Uint16Array(buffer)),
  int16: ({ buffer }) => Float32Array.from(new Int16Array(buffer)),
  uint32: ({ buffer }) => Float32Array.from(new Uint32Array(buffer)),
  int32: ({ buffer }) => Float32Array.from(new Int32Array(buffer)),
  uint64: ({ buffer }) => Float32Array.from(new BigUint64Array(buffer), Number),
  int64: ({ buffer }) => Float32Array.from(new BigInt64Array(buffer), Number),
};

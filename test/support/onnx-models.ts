// Trained models, and what ONNX Runtime gave for them (../shared/data/models; MANIFEST.md there says how).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeElements } from '../../compiler/frontend/weights/elements.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import type { Model } from '../../runtime/index.ts';
import { mulberry32 } from '../../runtime/random-inputs.ts';
import { deviation } from '../../runtime/tolerance.ts';
import { writeBundle } from './bundle.ts';
import { sharedPath } from './shared.ts';

export const MODELS = [
  'cifar10-winml',
  'deeplabv3-257',
  'fastestdet',
  'mnist-8',
  'mnist-burn',
  'person-detector',
  'retinaface-mbnet0.25',
  'sci-180x320',
  'silero-micro',
  'squeezenet-fp16',
  'squeezenet-fp32',
  'super-resolution-10',
  'tbefn-180x320',
  'tract-keras-example',
  'ultraface-rfb-320',
  'yunet-n-320',
] as const;

export type ModelName = (typeof MODELS)[number];

interface TensorFile {
  readonly name: string;
  readonly dtype: 'float32' | 'float16';
  readonly dims: readonly number[];
  /** Null for what is made by the generator instead. */
  readonly file: string | null;
  readonly sha256: string;
}

interface Recording {
  readonly inputs: readonly (TensorFile & { prng: { seed: number; lo: number; hi: number } })[];
  readonly outputs: readonly (TensorFile & { ortUnoptimisedDiff: { maxAbs: number } })[];
}

const folderOf = (name: ModelName): string => `data/models/${name}`;

export const modelPath = (name: ModelName): string => `${folderOf(name)}/model.onnx`;

export const modelBytes = (name: ModelName): Uint8Array => readFileSync(sharedPath(modelPath(name)));

const recordingOf = (name: ModelName): Recording =>
  JSON.parse(readFileSync(sharedPath(`${folderOf(name)}/random/io.json`), 'utf8')) as Recording;

/** The sizes that a model was recorded at, by input: some leave them open. */
export const modelShapes = (name: ModelName): Record<string, readonly number[]> =>
  Object.fromEntries(recordingOf(name).inputs.map((input) => [input.name, input.dims]));

/** Compiles a model, at the sizes it was recorded at, and opens the bundle; with a device, on that. */
export async function openOnnx(name: ModelName, device?: GPUDevice): Promise<Model> {
  const onnx = modelBytes(name);
  const { createModel } = await writeBundle({
    onnx,
    path: `${name}.onnx`,
    shapes: modelShapes(name),
    targets: [device ? 'webgpu' : 'js'],
  });
  return createModel(device ? { device } : {});
}

/** The recorded inputs, by the names that a bundle has for them. */
export const recordedInputs = (name: ModelName, model: Model): Record<string, Float32Array> =>
  Object.fromEntries(
    recordingOf(name).inputs.map((input, i) => [model.inputs[i]!.name, inputNumbers(name, input)]),
  );

/** The largest difference from what was recorded, as a share of the largest number of its output. */
export function largestError(
  name: ModelName,
  model: Model,
  results: Readonly<Record<string, Float32Array>>,
): number {
  const shares = recordingOf(name).outputs.map((output, i) => {
    const expected = stored(name, output);
    const { maxAbsolute } = deviation(results[model.outputs[i]!.name]!, expected, 'imported');
    return maxAbsolute / expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  });
  return Math.max(...shares);
}

/** Recorded inputs and outputs, by their names. */
export function recorded(name: ModelName): Record<'inputs' | 'outputs', Record<string, Float32Array>> {
  const { inputs, outputs } = recordingOf(name);
  return {
    inputs: Object.fromEntries(inputs.map((input) => [input.name, inputNumbers(name, input)])),
    outputs: Object.fromEntries(outputs.map((output) => [output.name, stored(name, output)])),
  };
}

/** Runs a model on its recorded inputs. What is wrong with its outputs, by the tolerance policy; [] is right. */
export async function wrongOutputs(name: ModelName, model: Model): Promise<string[]> {
  const { outputs } = recordingOf(name);
  const results = await model.run(recordedInputs(name, model));
  return outputs.flatMap((output, i) => {
    const actual = results[model.outputs[i]!.name]!;
    const { maxAbsolute, allowed } = deviation(actual, stored(name, output), 'imported');
    // Two correct runs of ONNX Runtime may differ by more.
    const enough = Math.max(allowed, output.ortUnoptimisedDiff.maxAbs);
    return actual.length === sizeOf(output.dims) && maxAbsolute <= enough
      ? []
      : [`${output.name}: ${maxAbsolute} apart, ${enough} is allowed; ${actual.length} numbers`];
  });
}

function inputNumbers(name: ModelName, input: Recording['inputs'][number]): Float32Array {
  if (input.file !== null) return stored(name, input);
  const { seed, lo, hi } = input.prng;
  const next = mulberry32(seed);
  const numbers = Float32Array.from({ length: sizeOf(input.dims) }, () => lo + next() * (hi - lo));
  const sha256 = createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex');
  if (sha256 !== input.sha256) throw new Error(`the input ${input.name} is not what was recorded`);
  return numbers;
}

function stored(name: ModelName, { file, dtype }: TensorFile): Float32Array {
  const bytes = readFileSync(sharedPath(`${folderOf(name)}/random/${file}`));
  return decodeElements(bytes, dtype === 'float16' ? 'F16' : 'F32');
}

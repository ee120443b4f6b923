// Models of a few nodes, imported, against ONNX Runtime on the same file.
import * as ort from 'onnxruntime-web';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { encodeModel } from '../../compiler/export/onnx/encode.ts';
import type { OnnxNode } from '../../compiler/export/onnx/model.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import type { OnnxAttributes } from '../../compiler/ops/onnx.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { TYPE } from './onnx-writer.ts';
import { openGraph, type TARGETS } from './targets.ts';
import { mismatch } from './tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export interface Case {
  readonly title: string;
  readonly opset?: number;
  /** Shape of the input x. */
  readonly x: readonly number[];
  /** Its numbers are 0 to 100, whole, instead of −3 to 3. */
  readonly isWhole?: true;
  readonly constants?: Readonly<Record<string, readonly number[] | BigInt64Array>>;
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly OnnxNode[];
  /** The same for ONNX Runtime where it does not have the operator, in no later operator set than 24. */
  readonly same?: readonly OnnxNode[];
}

/** `y = Op(inputs)`; the last one gives y. */
export const node = (
  output: string,
  op: string,
  inputs: string,
  attributes: OnnxAttributes = {},
): OnnxNode => ({
  name: output,
  op,
  inputs: inputs.split(' '),
  output,
  attributes,
});
export const cast = (output: string, input: string, to: keyof typeof TYPE) =>
  node(output, 'Cast', input, { to: TYPE[to] });
/** Puts channels last in memory. */
export const asMap = node('map', 'MaxPool', 'x', { kernel_shape: [2, 2] });

/** What is wrong with a model on a target, by what ONNX Runtime makes of the same numbers; undefined where nothing is. */
export async function wrongBesideOnnxRuntime(
  each: Case,
  target: (typeof TARGETS)[number],
): Promise<string | undefined> {
  const next = mulberry32(1);
  const x = Float32Array.from({ length: sizeOf(each.x) }, () =>
    each.isWhole ? Math.floor(next() * 100) : next() * 6 - 3,
  );
  const { graph, complaints } = await importOnnx(encoded(each, ['?']), { name: 'case' }, undefined);
  if (!graph) return complaints.map(({ message }) => message).join('\n');
  const [output] = graph.outputs;
  const asked = each.same ? { ...each, opset: Math.min(each.opset ?? 19, 24), nodes: each.same } : each;
  const expected = await byOnnxRuntime(encoded(asked, output!.dims!), x, each.x);
  const results = await (await openGraph(graph, target))({ x });
  return mismatch(results[output!.name]!, expected, 'network');
}

/** The model's bytes; `dims` are those of its output. */
const encoded = (
  { opset = 19, x, constants = {}, shapes = {}, nodes }: Case,
  dims: readonly (number | string)[],
) =>
  encodeModel({
    name: 'case',
    producerVersion: 'test',
    opset,
    inputs: [{ name: 'x', shape: x }],
    outputs: [{ name: 'y', shape: dims }],
    initializers: Object.entries(constants).map(([name, numbers]) => ({
      name,
      shape: shapes[name] ?? [numbers.length],
      data: numbers instanceof BigInt64Array ? numbers : Float32Array.from(numbers),
    })),
    nodes,
  });

async function byOnnxRuntime(
  model: Uint8Array,
  x: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model);
  const { y } = await session.run({ x: new ort.Tensor('float32', x, shape) });
  await session.release();
  return y!.data as Float32Array; // all of these give float32
}

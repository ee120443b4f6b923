// ONNX Runtime (its web build, one thread) as an oracle. Its tensors are channels-first, ours are not.
import * as ort from 'onnxruntime-web';
import { writeOnnx } from '../../compiler/export/onnx/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { channelsFirst } from '../../compiler/ops/onnx.ts';
import type { Shape } from '../../compiler/tensor/types.ts';
import type { Arrays } from './targets.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** Runs a graph by way of its ONNX export. `batch` items, which the exported model leaves open. */
export async function runOnnx(graph: Graph, inputs: Arrays, batch: number): Promise<Arrays> {
  const session = await ort.InferenceSession.create(writeOnnx(graph, 'test'));
  try {
    const feeds = graph.inputs.map(({ name, node }) => {
      const shape = [batch, ...node.type.shape.slice(1)];
      return [name, new ort.Tensor(toChannelsFirst(inputs[name]!, shape), channelsFirst(shape))] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = graph.outputs.map(({ name, node }) => {
      const { data } = results[name]!;
      if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      return [name, toChannelsLast(data, [batch, ...node.type.shape.slice(1)])] as const;
    });
    return Object.fromEntries(outputs);
  } finally {
    await session.release();
  }
}

/** Items, pixels and channels of a shape. */
function cut([batch, ...item]: Shape) {
  const channels = item.at(-1)!;
  return { batch: batch!, channels, pixels: item.slice(0, -1).reduce((a, b) => a * b, 1) };
}

function toChannelsFirst(data: Float32Array, shape: Shape): Float32Array {
  const { batch, channels, pixels } = cut(shape);
  return swapInner(data, [batch, pixels, channels]);
}

function toChannelsLast(data: Float32Array, shape: Shape): Float32Array {
  const { batch, channels, pixels } = cut(shape);
  return swapInner(data, [batch, channels, pixels]);
}

/** (n, a, b) → (n, b, a) */
function swapInner(data: Float32Array, [n, a, b]: readonly [number, number, number]): Float32Array {
  if (data.length !== n * a * b) throw new Error(`${data.length} numbers, not ${n}×${a}×${b}`);
  return Float32Array.from(data, (_, index) => {
    const [item, rest] = [Math.floor(index / (a * b)), index % (a * b)];
    return data[item * a * b + (rest % a) * b + Math.floor(rest / a)]!;
  });
}

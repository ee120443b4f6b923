// ONNX Runtime as an oracle. The package is the caller's, so that the compiler needs none. Its tensors are
// channels-first, ours are not.
import type { Graph } from '../ir/graph.ts';
import { channelsFirst } from '../ops/onnx.ts';
import { transpose } from '../tensor/transpose.ts';
import type { Shape } from '../tensor/types.ts';
import type { Arrays } from './compare-runs.ts';

interface OnnxTensor {
  readonly data: unknown;
}

/** What `onnxruntime-node` and `onnxruntime-web` both have, as far as it is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (data: Float32Array, dims: readonly number[]) => OnnxTensor;
}

interface OnnxSession {
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

export interface OnnxRun {
  run(inputs: Arrays): Promise<Arrays>;
  release(): Promise<void>;
}

/** Opens `model`, the export of `graph`, whose batch is left open. */
export async function openOnnx(
  { InferenceSession, Tensor }: OnnxRuntime,
  model: Uint8Array,
  { graph: { inputs, outputs }, batch = 1 }: { readonly graph: Graph; readonly batch?: number },
): Promise<OnnxRun> {
  const session = await InferenceSession.create(model);
  const shapeOf = ({ node }: Graph['outputs'][number]) => [batch, ...node.type.shape.slice(1)];
  return {
    async run(arrays) {
      const feeds = inputs.map((input) => {
        const shape = shapeOf(input);
        const data = transpose(arrays[input.name]!, shape, toFirst(shape));
        return [input.name, new Tensor(data, channelsFirst(shape))] as const;
      });
      const results = await session.run(Object.fromEntries(feeds));
      const values = outputs.map((output) => {
        const { data } = results[output.name]!;
        if (!(data instanceof Float32Array)) throw new Error(`${output.name} is not float32`);
        const shape = channelsFirst(shapeOf(output));
        return [output.name, transpose(data, shape, toLast(shape))] as const;
      });
      return Object.fromEntries(values);
    },
    release: () => session.release(),
  };
}

/** Axes N, spatial, C → N, C, spatial, and back. */
const toFirst = (shape: Shape): number[] => channelsFirst(shape.map((_, axis) => axis));
const toLast = ([batch, ...item]: Shape): number[] => [
  ...(batch === undefined ? [] : [0]),
  ...item.map((_, axis) => (axis === item.length - 1 ? 1 : axis + 2)),
];

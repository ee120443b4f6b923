// ONNX Runtime as an oracle. The package is the caller's, so that the compiler needs none. Its tensors are
// channels-first, ours are not.
import type { Graph } from '../ir/graph.ts';
import { channelsFirst, channelsLast } from '../ops/onnx.ts';
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
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

export interface OnnxRun {
  run(inputs: Arrays): Promise<Arrays>;
  release(): Promise<void>;
}

export interface OnnxModel {
  readonly file: Uint8Array;
  /** The same network; its inputs and outputs have the file's order, though perhaps other names. */
  readonly graph: Graph;
  /** `graph` was made of the file, and keeps its layouts; else the file was made of `graph`. */
  readonly isImported?: boolean;
  /** Items at once, where the file leaves that open. */
  readonly batch?: number;
}

export async function openOnnx(
  { InferenceSession, Tensor }: OnnxRuntime,
  { file, graph: { inputs, outputs }, isImported = false, batch = 1 }: OnnxModel,
): Promise<OnnxRun> {
  const session = await InferenceSession.create(file);
  const { inputNames, outputNames } = session;
  if (inputNames.length !== inputs.length)
    throw new Error(
      `the model takes ${inputNames.join(', ')}; constants cannot be given to ONNX Runtime yet`,
    );
  const shapeOf = ({ node }: Graph['outputs'][number]) => [batch, ...node.type.shape.slice(1)];
  const order = isImported ? KEPT : TRANSPOSED;
  return {
    async run(arrays) {
      const feeds = inputs.map((input, i) => {
        const shape = shapeOf(input);
        const data = transpose(arrays[input.name]!, shape, order.toFile(shape));
        return [inputNames[i]!, new Tensor(data, permuted(shape, order.toFile(shape)))] as const;
      });
      const results = await session.run(Object.fromEntries(feeds));
      const values = outputs.map((output, i) => {
        const shape = shapeOf(output);
        const data = numbers(results[outputNames[i]!]!.data);
        const theirs = permuted(shape, order.toFile(shape));
        return [output.name, transpose(data, theirs, order.fromFile(shape))] as const;
      });
      return Object.fromEntries(values);
    },
    release: () => session.release(),
  };
}

/** Of each axis in the file, or in the graph, which it is in the other. */
interface Order {
  toFile(shape: Shape): number[];
  fromFile(shape: Shape): number[];
}

const axesOf = (shape: Shape): number[] => shape.map((_, axis) => axis);
const KEPT: Order = { toFile: axesOf, fromFile: axesOf };
const TRANSPOSED: Order = {
  toFile: (shape) => channelsFirst(axesOf(shape)),
  fromFile: (shape) => channelsLast(shape.length),
};

const permuted = (shape: Shape, axes: readonly number[]): number[] => axes.map((axis) => shape[axis]!);

/** Whole numbers and truth values become the numbers that the graph has for them. */
const numbers = (data: unknown): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number | bigint>, Number); // an array of numbers of some type

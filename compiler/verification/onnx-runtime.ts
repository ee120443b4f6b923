// ONNX Runtime as an oracle. The package is the caller's, so that the compiler needs none. Its tensors are
// channels-first, ours are not.
import type { Graph, GraphInput, GraphOutput } from '../ir/graph.ts';
import { channelsFirst, channelsLast } from '../ops/onnx.ts';
import { transpose } from '../tensor/transpose.ts';
import type { Shape } from '../tensor/types.ts';
import type { Arrays } from './compare-runs.ts';
import { fromElements, toElements, type Elements } from './elements.ts';

interface OnnxTensor {
  readonly data: unknown;
  readonly type: string;
}

/** What `onnxruntime-node` and `onnxruntime-web` both have, as far as it is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: SessionOptions): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: never, data: Elements, dims: readonly number[]) => OnnxTensor;
}

interface SessionOptions {
  readonly logSeverityLevel: 3;
  /** Entries of its configuration, which `onnxruntime-web` adds to. */
  readonly extra: Record<string, unknown>;
}

interface InputMetadata {
  readonly name: string;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Not of all versions. */
  readonly inputMetadata?: readonly InputMetadata[];
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
  /** Inputs of the file that are none of the graph, by name. */
  readonly constants?: Readonly<Record<string, ArrayLike<number | bigint | boolean>>> | undefined;
  /** Items at once, where the file leaves that open. */
  readonly batch?: number;
}

export async function openOnnx(
  { InferenceSession, Tensor }: OnnxRuntime,
  { file, graph: { inputs, outputs }, isImported = false, constants = {}, batch = 1 }: OnnxModel,
): Promise<OnnxRun> {
  const session = await InferenceSession.create(file, {
    // Errors only: it has an advice for every weight that is also an input.
    logSeverityLevel: 3,
    // On x86 without VNNI, sums of products of 8-bit numbers saturate at 16 bits, unless precision is asked for.
    extra: { session: { x64quantprecision: '1' } },
  });
  const { outputNames, inputMetadata = [] } = session;
  const inputNames = session.inputNames.filter((name) => !Object.hasOwn(constants, name));
  if (inputNames.length !== inputs.length)
    throw new Error(
      `the model takes ${inputNames.join(', ')}, not ${inputs.map(({ name }) => name).join(', ')}`,
    );
  const about = new Map(session.inputNames.map((name, i) => [name, inputMetadata[i]]));
  const tensor = (name: string, data: Float32Array, shape: readonly number[]) => {
    const type = about.get(name)?.type ?? 'float32';
    return new Tensor(type as never, toElements(data, type), shape); // a type of its own metadata
  };
  const given = Object.entries(constants).map(([name, values]) => {
    const data = Float32Array.from(values, Number);
    const sizes = about.get(name)?.shape?.map(Number);
    return [name, tensor(name, data, sizes?.every(Number.isInteger) ? sizes : [data.length])] as const;
  });
  const shapeOf = ({ node, dims }: GraphInput | GraphOutput): Shape => {
    const shape = dims ?? node.type.shape;
    return batch === 1 ? shape : [batch, ...shape.slice(1)];
  };
  const orderOf = ({ dims }: GraphInput | GraphOutput): Order => (isImported || dims ? KEPT : TRANSPOSED);
  return {
    async run(arrays) {
      const feeds = inputs.map((input, i) => {
        const shape = shapeOf(input);
        const order = orderOf(input);
        const data = transpose(arrays[input.name]!, shape, order.toFile(shape));
        const name = inputNames[i]!;
        return [name, tensor(name, data, permuted(shape, order.toFile(shape)))] as const;
      });
      const results = await session.run(Object.fromEntries([...feeds, ...given]));
      const values = outputs.map((output, i) => {
        const shape = shapeOf(output);
        const order = orderOf(output);
        const { data: elements, type } = results[outputNames[i]!]!;
        const data = fromElements(elements, type);
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

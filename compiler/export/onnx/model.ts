// An ONNX model as data, as much of it as we write (onnx/onnx.proto).
import type { OnnxAttributes } from '../../ops/onnx.ts';

export interface OnnxModel {
  readonly name: string;
  readonly producerVersion: string;
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

/** An input or output: float32. An axis that is a word is open. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  /** An output before it, which nobody reads. */
  readonly unread?: string;
  readonly attributes: OnnxAttributes;
}

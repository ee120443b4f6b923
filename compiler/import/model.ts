// An ONNX model as data, as much of it as we read (onnx/onnx.proto). Names are the file's own: anything at all.

export interface OnnxFile {
  /** Versions of the operator sets, by domain; ONNX's own has the domain ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  /** Empty where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export type OnnxAttribute =
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'texts'; readonly value: readonly string[] }
  | { readonly kind: 'tensor' | 'sparse tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'other' };

/** An axis is a size, a name, or undefined where nothing is said. */
export type OnnxDim = number | string | undefined;

export interface OnnxValueInfo {
  readonly name: string;
  /** Undefined for what is no tensor. */
  readonly tensor?: { readonly type: number; readonly dims: readonly OnnxDim[] | undefined };
}

export interface OnnxTensor {
  readonly name: string;
  /** Number of the element type (TensorProto.DataType). */
  readonly type: number;
  readonly dims: readonly number[];
  /** Elements one by one, as some writers store them. */
  readonly numbers: readonly number[];
  /** Or as bytes, little-endian. */
  readonly raw?: Uint8Array;
  /** Or in another file. */
  readonly external?: ExternalData;
  /** Or only some of them. */
  readonly sparse?: SparseElements;
}

/** Elements of a tensor that are said, and where they lie; the others are zeros. */
export interface SparseElements {
  /** Of one axis. */
  readonly values: OnnxTensor;
  /** For each value its place, row by row, or one coordinate per axis. Left out where there are no values. */
  readonly indices?: OnnxTensor;
}

export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  readonly length: number | undefined;
}

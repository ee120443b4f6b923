// How operators say themselves in ONNX. An operator's mapping stands in its own file and is written for
// ONNX's layout: channels come right after the batch, and the batch may be of any size.
import type { TensorType } from '../tensor/types.ts';
import type { AttrSpecs, AttrsOf, OneOperand, OperandsOf, OperandSpecs, PairOperands } from './define.ts';

/** ONNX's numbers of element types. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, bool: 9 } as const;

/** Opset 19: the first in which AveragePool dilates. */
export const OPSET = 19;

/** A whole number, a list of them, a word, or a number with a fraction. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

export const float = (value: number): OnnxAttribute => ({ float: value });

/** What a mapping works with. Values go by their names. */
export interface OnnxCall<O extends OperandSpecs> {
  /** Types of the operands, in our own layout. */
  readonly types: OperandsOf<O, TensorType>;
  readonly out: TensorType;
  /** Adds a node; gives the name of its result. Inputs left out at the end or in between are undefined. */
  node(op: string, inputs: readonly (string | undefined)[], attributes?: OnnxAttributes): string;
  /** The same for an operator whose second result is meant. */
  second(op: string, inputs: readonly string[], attributes?: OnnxAttributes): string;
  /** A constant of whole numbers. */
  ints(values: readonly number[]): string;
  /** A constant of one number. */
  number(value: number): string;
}

/** Operands by their names → the name of the result. */
export type OnnxMapping<O extends OperandSpecs, A extends AttrSpecs> = (
  operands: OperandsOf<O, string>,
  attrs: AttrsOf<A>,
  call: OnnxCall<O>,
) => string;

/** An operator of one operand that ONNX has too. */
export const asOnnx =
  (op: string, attributes: OnnxAttributes = {}): OnnxMapping<OneOperand, AttrSpecs> =>
  ({ x }, _, { node }) =>
    node(op, [x], attributes);

/** N, spatial axes, C → N, C, spatial axes. A constant per channel is a vector in both. */
export const channelsFirst = <T = number>(shape: readonly T[]): T[] =>
  shape.length < 3 ? [...shape] : [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)];

/** Of N, C, spatial axes, the axis that each of N, spatial axes, C is. */
export const channelsLast = (rank: number): number[] =>
  Array.from({ length: rank }, (_, axis) => toOnnxAxis(axis, rank));

/** The axis of N, C, spatial axes that an axis of N, spatial axes, C is. */
export const toOnnxAxis = (axis: number, rank: number): number =>
  axis === 0 ? 0 : axis === rank - 1 ? 1 : axis + 1;

/** The axis of channels in N, C, spatial axes; the only one of a vector without a batch. */
export const onnxChannels = ({ shape }: TensorType): number => toOnnxAxis(shape.length - 1, shape.length);

type Emit = Pick<OnnxCall<OperandSpecs>, 'node' | 'ints'>;

/** A value of fewer axes than the result, which has `rank`, so that it stretches as ours do: along the last axes, channels being the last. */
export function ofRank(
  value: string,
  { shape }: TensorType,
  { rank, node, ints }: Emit & { readonly rank: number },
): string {
  if (shape.length === rank || shape.length === 0 || rank < 3) return value;
  const ones = Array.from({ length: rank - shape.length }, () => 1);
  if (shape.length === 1) return node('Reshape', [value, ints([...shape, ...ones.slice(1)])]);
  const ours = shape.length < 3 ? value : node('Transpose', [value], { perm: channelsLast(shape.length) });
  const whole = node('Reshape', [ours, ints([...ones, ...shape])]);
  return node('Transpose', [whole], { perm: channelsFirst([...ones, ...shape].map((_, axis) => axis)) });
}

/** Two operands that stretch to each other, each with as many axes as the result. */
export function stretchedPair(
  { a, b }: OperandsOf<PairOperands, string>,
  { types, out, ...emit }: OnnxCall<PairOperands>,
): readonly string[] {
  const side = { ...emit, rank: out.shape.length };
  return [ofRank(a, types.a, side), ofRank(b, types.b, side)];
}

/** An operator of two operands that ONNX has too. */
export const asOnnxPair =
  (op: string, attributes: OnnxAttributes = {}): OnnxMapping<PairOperands, AttrSpecs> =>
  (pair, _, call) =>
    call.node(op, stretchedPair(pair, call), attributes);

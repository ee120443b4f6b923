// The numbers of a tensor in an ONNX file. The graph computes in float32; whole numbers and truth values are
// float32 as well, exact up to 2^24, which covers shapes, indices and 8-bit arithmetic.
import { decodeElements } from '../frontend/weights/elements.ts';
import { refuse } from '../support/refusal.ts';
import { sizeOf } from '../tensor/types.ts';
import type { OnnxTensor } from './model.ts';

/** What the elements of a value are; arithmetic on `int` cuts off fractions. */
export type Sort = 'float' | 'int' | 'bool';

export interface ElementType {
  readonly name: string;
  readonly sort: Sort;
  readonly bytes: number;
}

/** TensorProto.DataType, as far as it is supported. */
const TYPES: ReadonlyMap<number, ElementType> = new Map(
  (
    [
      [1, 'float32', 'float', 4],
      [2, 'uint8', 'int', 1],
      [3, 'int8', 'int', 1],
      [4, 'uint16', 'int', 2],
      [5, 'int16', 'int', 2],
      [6, 'int32', 'int', 4],
      [7, 'int64', 'int', 8],
      [9, 'bool', 'bool', 1],
      [10, 'float16', 'float', 2],
      [11, 'float64', 'float', 8],
      [12, 'uint32', 'int', 4],
      [13, 'uint64', 'int', 8],
      [16, 'bfloat16', 'float', 2],
    ] as const
  ).map(([number, name, sort, bytes]) => [number, { name, sort, bytes }]),
);

/** Least and greatest value of the whole numbers that quantised values and narrow conversions are. */
export const RANGES: ReadonlyMap<string, { readonly low: number; readonly high: number }> = new Map([
  ['uint8', { low: 0, high: 2 ** 8 - 1 }],
  ['int8', { low: -(2 ** 7), high: 2 ** 7 - 1 }],
  ['uint16', { low: 0, high: 2 ** 16 - 1 }],
  ['int16', { low: -(2 ** 15), high: 2 ** 15 - 1 }],
]);

/** Others have names too, for messages. */
const NAMES: Readonly<Record<number, string>> = {
  8: 'string',
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};

/** The element type of that number. Throws a `Refusal` (E091) for types that nothing here computes with. */
export function elementType(type: number, subject: string): ElementType {
  const known = TYPES.get(type);
  if (known) return known;
  return refuse(
    'E091',
    `${subject} has elements of type ${NAMES[type] ?? `number ${type}`}, which is not supported`,
  );
}

/** The element type of that name: `float32`. */
export const typeNamed = (name: string): ElementType | undefined =>
  [...TYPES.values()].find((type) => type.name === name);

/** More elements than this in one weight are refused: 1 GiB as float32. */
const MOST_ELEMENTS = 2 ** 28;

/** What messages call it; those without a name belong to a node. */
export const titleOf = ({ name }: OnnxTensor): string =>
  name === '' ? 'its value' : `the tensor ${JSON.stringify(name)}`;

/**
 * The elements, row by row, of a tensor that is not sparse. Throws a `Refusal`: E090 where they are not all there,
 * E091 for their type.
 */
export function readElements(tensor: OnnxTensor): Float32Array {
  const numbers = readNumbers(tensor);
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers, Number);
}

/** As `readElements`, but whole numbers are not rounded. */
export function readNumbers(tensor: OnnxTensor): ArrayLike<number | bigint> {
  const subject = titleOf(tensor);
  const { name, bytes } = elementType(tensor.type, subject);
  const { dims, raw, numbers } = tensor;
  if (dims.some((size) => size < 0)) refuse('E090', `${subject} has the shape ${dims.join('×')}`);
  const count = sizeOf(dims);
  if (!(count <= MOST_ELEMENTS)) refuse('E046', `${subject} is ${dims.join('×')}: more than 2^28 elements`);
  if (raw) {
    if (raw.length !== count * bytes)
      refuse(
        'E090',
        `${subject} is ${dims.join('×')} of ${name}, ${count * bytes} bytes, but has ${raw.length}`,
      );
    return decodeRaw(raw, name);
  }
  if (numbers.length !== count)
    refuse('E090', `${subject} is ${dims.join('×')}, ${count} elements, but has ${numbers.length}`);
  if (name !== 'float16' && name !== 'bfloat16') return numbers;
  return decodeRaw(new Uint8Array(Uint16Array.from(numbers).buffer), name);
}

function decodeRaw(bytes: Uint8Array, name: string): ArrayLike<number | bigint> {
  switch (name) {
    case 'float32':
      return decodeElements(bytes, 'F32');
    case 'float64':
      return decodeElements(bytes, 'F64');
    case 'float16':
      return decodeElements(bytes, 'F16');
    case 'bfloat16':
      return decodeElements(bytes, 'BF16');
    default:
      return decodeIntegers(bytes, name);
  }
}

function decodeIntegers(bytes: Uint8Array, name: string): ArrayLike<number | bigint> {
  // A copy: elements of several bytes must be aligned.
  const own = new Uint8Array(bytes).buffer;
  switch (name) {
    case 'int8':
      return new Int8Array(own);
    case 'uint16':
      return new Uint16Array(own);
    case 'int16':
      return new Int16Array(own);
    case 'uint32':
      return new Uint32Array(own);
    case 'int32':
      return new Int32Array(own);
    case 'uint64':
      return new BigUint64Array(own);
    case 'int64':
      return new BigInt64Array(own);
    default:
      return bytes;
  }
}

// Other numbers of the same bits: of the bytes that the file has, or of what float32 holds exactly.
import { refuse } from '../../support/refusal.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { elementType, typeNamed, type ElementType } from '../elements.ts';
import type { OnnxTensor } from '../model.ts';
import { fillElements } from '../sparse.ts';
import type { Value } from '../value.ts';
import { cast } from './elementwise.ts';

const bitCast: Import = (call) => {
  if (!call.has('to')) refuse('E090', 'it does not say of which type its result is');
  const x = call.input(0);
  const number = call.int('to', 0);
  const to = elementType(number, 'its result');
  const from = typeOf(x, to);
  if (from && from.bytes !== to.bytes)
    refuse('E090', `its input of ${from.name} has ${8 * from.bytes} bits, ${to.name} ${8 * to.bytes}`);
  if (from?.name === to.name) return x;
  const bits = from && bitsKnown(call, x, from);
  if (bits) {
    const { shape } = x.node.type;
    const data = call.make(shape);
    fillElements(withType(number, bits), data);
    return { ...x, node: call.constant(data, shape, 'bits').node, sort: to.sort, type: to.name };
  }
  if (from && holdsBoth(from, to)) return cast(call, x, to);
  return refuse(
    'E091',
    `it takes the bits of ${from?.name ?? 'floats'} as ${to.name}, but ${from?.name === 'float32' ? LARGE : 'these are computed in float32, which has other bits'}`,
  );
};

const LARGE =
  'they make larger whole numbers than 2^24, up to which float32 holds them, and all is computed in float32';

/** Where nothing is said of an input's type, the one of its sort that is as wide as the result, if there is only one. */
function typeOf(x: Value, to: ElementType): ElementType | undefined {
  if (x.type !== undefined) return typeNamed(x.type);
  if (x.sort === 'bool') return typeNamed('bool');
  if (x.sort === 'int') return { ...to, name: 'whole numbers', sort: 'int' };
  return typeNamed(`float${8 * Math.max(to.bytes, 4)}`);
}

/** Whether float32 holds the whole numbers of both types, as far as it holds those of `from`. */
const holdsBoth = (from: ElementType, to: ElementType): boolean =>
  from.sort !== 'float' && to.sort === 'int' && (to.bytes < 4 || !to.name.startsWith('u'));

/** A tensor of the file, or of numbers that are known and were not rounded, as bytes. */
function bitsKnown(call: Call, x: Value, from: ElementType): OnnxTensor | undefined {
  const stored = call.stored(x);
  if (stored) return asBytes(stored, from);
  const data = dataOf(x.node);
  const isExact = from.sort === 'float' ? from.name === 'float32' : data?.every(isSmall);
  if (!data || !isExact) return undefined;
  return { name: '', type: 0, dims: x.node.type.shape, numbers: [], raw: bytesOf(data, from) };
}

function asBytes(tensor: OnnxTensor, type: ElementType): OnnxTensor {
  const { sparse, raw, numbers } = tensor;
  if (sparse) return { ...tensor, sparse: { ...sparse, values: asBytes(sparse.values, type) } };
  return { ...tensor, numbers: [], raw: raw ?? bytesOf(numbers, type) };
}

/** The same bytes as elements of another type; those that a sparse tensor leaves out are zeros of any type. */
function withType(type: number, tensor: OnnxTensor): OnnxTensor {
  const { sparse } = tensor;
  return { ...tensor, type, ...(sparse && { sparse: { ...sparse, values: withType(type, sparse.values) } }) };
}

const isSmall = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 24;

/** Little-endian. Floats of 16 bits are given by their bits. Throws a `Refusal` (E090) for what is no number of the type. */
function bytesOf(numbers: ArrayLike<number>, { name, sort, bytes }: ElementType): Uint8Array {
  const arrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;
  if (sort === 'float' && bytes > 2)
    return new Uint8Array((bytes === 4 ? Float32Array : Float64Array).from(numbers).buffer);
  if (bytes !== 8) return new Uint8Array(arrays[bytes as keyof typeof arrays].from(numbers).buffer);
  const whole = BigInt64Array.from(Array.from(numbers), (value) =>
    Number.isSafeInteger(value) ? BigInt(value) : refuse('E090', `${value} is no whole number of ${name}`),
  );
  return new Uint8Array(whole.buffer);
}

export const BIT_CASTS: Readonly<Record<string, Import>> = { BitCast: bitCast };

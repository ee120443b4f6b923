// Other numbers of the same bits: of the bytes that the file has, or of what float32 holds exactly.
import { refuse } from '../../support/refusal.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { elementType, readElements, typeNamed, type ElementType } from '../elements.ts';
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
  const raw = from && bytesKnown(call, x, from);
  if (raw) {
    const { shape } = x.node.type;
    const data = call.make(shape);
    data.set(readElements({ name: '', type: number, dims: shape, numbers: [], raw }));
    return { ...x, node: call.constant(data, shape, 'bits').node, sort: to.sort, type: to.name };
  }
  if (from && holdsBoth(from, to)) return cast(call, x, to);
  return refuse(
    'E091',
    `it takes the bits of ${from?.name ?? 'floats'} as ${to.name}, but these are computed in float32, which has other bits`,
  );
};

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

/** The bytes of a tensor of the file, or of numbers that are known and were not rounded. */
function bytesKnown(call: Call, x: Value, from: ElementType): Uint8Array | undefined {
  const stored = call.stored(x);
  if (stored) return stored.raw ?? bytesOf(stored.numbers, from);
  const data = dataOf(x.node);
  const isExact = from.sort === 'float' ? from.name === 'float32' : data?.every(isSmall);
  return data && isExact ? bytesOf(data, from) : undefined;
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

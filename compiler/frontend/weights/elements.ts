// Numbers as weights files store them, all little-endian.
import { refuse } from '../../support/refusal.ts';

/** Bytes per element of the types that can be read. */
const STORED_BYTES = { F32: 4, F64: 8, F16: 2, BF16: 2, U8: 1 } as const;
export type StoredType = keyof typeof STORED_BYTES;

/** Bytes per element of the types that safetensors has; most of them only counters and quantised weights use. */
export const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries({ ...STORED_BYTES, BOOL: 1, I8: 1, U16: 2, I16: 2, U32: 4, I32: 4, U64: 8, I64: 8 }),
);

/** Weights are real numbers. Integers stand for others, with a scale that the file does not tell. */
const WEIGHT_TYPES = ['F32', 'F64', 'F16', 'BF16'] as const satisfies StoredType[];

/** The elements of a weight as float32; `subject` begins the refusal of other types. */
export function decodeWeight(bytes: Uint8Array, type: string, subject: string): Float32Array {
  const known = WEIGHT_TYPES.find((each) => each === type);
  if (known === undefined)
    refuse('E060', `${subject} has elements of type ${type}; ${WEIGHT_TYPES.join(', ')} can be read`);
  return decodeElements(bytes, known);
}

/** The elements as float32: rounded for F64, exact for the others. */
export function decodeElements(bytes: Uint8Array, type: StoredType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / STORED_BYTES[type];
  const out = new Float32Array(count);
  switch (type) {
    case 'F32':
      // A copy of our own; the file's bytes may not be aligned.
      new Uint8Array(out.buffer).set(bytes);
      return out;
    case 'F64':
      for (let i = 0; i < count; i++) out[i] = view.getFloat64(8 * i, true);
      return out;
    case 'F16':
      for (let i = 0; i < count; i++) out[i] = halfToNumber(view.getUint16(2 * i, true));
      return out;
    case 'BF16': {
      // A bfloat16 is the upper half of a float32.
      const bits = new Uint32Array(out.buffer);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
      return out;
    }
    case 'U8':
      out.set(bytes);
      return out;
  }
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// Numbers as weights files store them, all little-endian.

/** Bytes per element of the types that can be read. */
export const STORED_BYTES = { F32: 4, F64: 8, F16: 2, BF16: 2 } as const;
export type StoredType = keyof typeof STORED_BYTES;

export const isStoredType = (value: unknown): value is StoredType =>
  typeof value === 'string' && Object.hasOwn(STORED_BYTES, value);

/** The elements as float32: exact for F32, F16 and BF16, rounded for F64. */
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

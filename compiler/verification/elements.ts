// The graph computes in float32; models have inputs and outputs of other types too.
import { decodeElements } from '../frontend/weights/elements.ts';

export type Elements = ArrayBufferView | readonly boolean[];

/** Numbers as elements of one of ONNX Runtime's types. */
export function toElements(data: Float32Array, type: string): Elements {
  switch (type) {
    case 'float16':
      return Uint16Array.from(data, toHalf);
    case 'float64':
      return Float64Array.from(data);
    case 'int64':
      return BigInt64Array.from(data, (value) => BigInt(Math.trunc(value)));
    case 'uint64':
      return BigUint64Array.from(data, (value) => BigInt(Math.trunc(value)));
    case 'int32':
      return Int32Array.from(data);
    case 'uint32':
      return Uint32Array.from(data);
    case 'int16':
      return Int16Array.from(data);
    case 'uint16':
      return Uint16Array.from(data);
    case 'int8':
      return Int8Array.from(data);
    case 'uint8':
      return Uint8Array.from(data);
    case 'bool':
      return Uint8Array.from(data, (value) => Number(value !== 0));
    default:
      return data;
  }
}

/** Elements of one of ONNX Runtime's types as numbers. */
export function fromElements(data: unknown, type: string): Float32Array {
  if (data instanceof Float32Array) return data;
  // Where JavaScript has no 16-bit floats, they come as their bits.
  if (type === 'float16' && data instanceof Uint16Array)
    return decodeElements(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 'F16');
  return Float32Array.from(data as ArrayLike<number | bigint>, Number); // an array of numbers of some type
}

/** Bits of the nearest IEEE 754 binary16, the even one of two. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = size / 2 ** (exponent - 10);
  const whole = Math.round(steps);
  const fraction = whole - steps === 0.5 && whole % 2 === 1 ? whole - 1 : whole;
  // A fraction of 2048 carries into the exponent by itself.
  return sign | (exponent === -14 && fraction < 1024 ? fraction : ((exponent + 15) << 10) + fraction - 1024);
}

import type { Weights } from './kernels.ts';

/** A safetensors file: the header's length, the header as JSON, then all numbers as float32. */
export function safetensors(weights: Weights): Uint8Array {
  const header: Record<string, object> = {};
  const numbers: number[] = [];
  for (const [path, { shape, values }] of Object.entries(weights)) {
    const begin = 4 * numbers.length;
    numbers.push(...values);
    header[path] = { dtype: 'F32', shape, data_offsets: [begin, 4 * numbers.length] };
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text.padEnd(8 * Math.ceil(text.length / 8)));
  const file = new Uint8Array(8 + json.length + 4 * numbers.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(new Uint8Array(Float32Array.from(numbers).buffer), 8 + json.length);
  return file;
}

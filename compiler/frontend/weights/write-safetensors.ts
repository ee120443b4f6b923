import type { Shape } from '../../tensor/types.ts';

/** Data begins at a multiple of this, as the reference implementation has it. */
const ALIGNMENT = 8;

interface Weight {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Weights as a safetensors file of F32, in the order given: the same weights give the same bytes. */
export function writeSafetensors(
  weights: readonly Weight[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = weights.map(({ name, shape, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const members = [['__metadata__', metadata] as const, ...entries].map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const headerLength = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength).set(header, 8);
  let at = 8 + headerLength;
  for (const { data } of weights) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

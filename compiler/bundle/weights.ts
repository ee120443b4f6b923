import {
  CHUNK_BYTES,
  elements,
  HASH_BYTES,
  headerBytes,
  MAGIC,
  SEAL_AT,
  SEALED_AT,
  TABLE_AT,
  VERSION,
} from '../../runtime/container.ts';
import type { Program } from '../../runtime/program.ts';
import { type Bytes, hex, sha256 } from '../../runtime/sha256.ts';
import { invariant } from '../support/assert.ts';

/** A tensor in canonical (PyTorch) layout. */
export interface WeightTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface PackedWeights {
  /** The whole weights file; runtime/container.ts draws its layout. */
  readonly file: Bytes;
  readonly spec: Program['weights'];
}

/** Writes the weights file. The same tensors in the same order give the same bytes. */
export async function packWeights(tensors: readonly WeightTensor[]): Promise<PackedWeights> {
  const dataBytes = tensors.reduce((bytes, { data }) => bytes + data.byteLength, 0);
  const header = headerBytes(dataBytes);
  const file = new Uint8Array(header + dataBytes);
  const offsets = writeData(file.subarray(header), tensors);

  file.set(MAGIC);
  const fields = new DataView(file.buffer, SEALED_AT);
  fields.setUint32(0, VERSION, true);
  fields.setUint32(4, CHUNK_BYTES, true);
  fields.setBigUint64(8, BigInt(dataBytes), true);
  for (let chunk = 0; header + chunk * CHUNK_BYTES < file.length; chunk++) {
    const start = header + chunk * CHUNK_BYTES;
    file.set(await sha256(file.subarray(start, start + CHUNK_BYTES)), TABLE_AT + HASH_BYTES * chunk);
  }
  const seal = await sha256(file.subarray(SEALED_AT, header));
  file.set(seal, SEAL_AT);

  return {
    file,
    spec: {
      bytes: file.length,
      sha256: hex(seal),
      tensors: tensors.map(({ name, shape }, i) => ({ name, shape, offset: offsets[i]! })),
    },
  };
}

/** Little-endian on every machine. Returns where each tensor begins. */
function writeData(out: Bytes, tensors: readonly WeightTensor[]): number[] {
  const view = new DataView(out.buffer, out.byteOffset);
  let at = 0;
  return tensors.map(({ name, shape, data }) => {
    invariant(
      data.length === elements(shape),
      `${name} has ${data.length} values for shape ${shape.join('×')}`,
    );
    const offset = at;
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
    return offset;
  });
}

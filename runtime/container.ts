// The weights file:
//
//    0  magic   8 bytes    89 'C' 'N' 'N' 0D 0A 1A 0A, as in PNG: text-mode transfers damage it visibly
//    8  seal   32 bytes    SHA-256 of the header from byte 40 on; the module knows it
//   40  version            u32, 1
//   44  size of a chunk    u32, 1 MiB
//   48  size of the data   u64
//   56  table              SHA-256 of every chunk, 32 bytes each
//       data               float32 tensors without gaps, in the program's order and layout; 8-byte aligned
//
// Numbers are little-endian. Nothing in the file is believed: the program knows how long header and
// data must be, and the seal ties both to the module, so a reader compares and never parses.

export const MAGIC: readonly number[] = [0x89, 0x43, 0x4e, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a];
export const VERSION = 1;
export const CHUNK_BYTES = 1 << 20;
export const HASH_BYTES = 32;
export const SEAL_AT = MAGIC.length;
export const SEALED_AT = SEAL_AT + HASH_BYTES;
export const TABLE_AT = SEALED_AT + 16;

/** Where the data begin. */
export const headerBytes = (dataBytes: number): number =>
  TABLE_AT + HASH_BYTES * Math.ceil(dataBytes / CHUNK_BYTES);

/** Number of values in a tensor. */
export const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

import { readNpy as readArray, writeNpy, isNpy, type NpyArray } from '../frontend/weights/npy.ts';
import { Refusal } from '../support/refusal.ts';
import { InputError } from './failure.ts';

export { isNpy, writeNpy };

/** Reads a .npy file; `path` is how messages name it. */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  try {
    return readArray(bytes, `${path}:`);
  } catch (error) {
    if (error instanceof Refusal) throw new InputError(error.message);
    throw error;
  }
}

import { InputError } from '../failure.ts';
import { isJpeg, readJpeg } from './jpeg.ts';
import type { Pixels } from './pixels.ts';
import { isPng, readPng } from './png.ts';

/** Decodes a picture by what its bytes say it is; its name does not matter. */
export async function readImage(bytes: Uint8Array, path: string): Promise<Pixels> {
  if (isPng(bytes)) return readPng(bytes, path);
  if (isJpeg(bytes)) return readJpeg(bytes, path);
  throw new InputError(`${path}: is neither PNG, JPEG nor .npy`);
}

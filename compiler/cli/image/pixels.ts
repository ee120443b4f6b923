import { InputError } from '../failure.ts';

/** A decoded picture: rows from the top, four bytes (red, green, blue, alpha) per pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** More than any photograph has; a header that claims more is refused before memory is taken for it. */
const MAX_PIXELS = 1 << 26;

/** Refuses a picture by the size its header states. */
export function checkSize(width: number, height: number, path: string): void {
  if (width === 0 || height === 0) throw new InputError(`${path}: the picture is empty (${width}x${height})`);
  if (width * height > MAX_PIXELS) {
    throw new InputError(
      `${path}: the picture is too large (${width}x${height}; at most ${MAX_PIXELS} pixels are read)`,
    );
  }
}

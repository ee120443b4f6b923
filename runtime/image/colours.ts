import { CnncError } from '../errors.ts';
import type { ImageSpec } from '../program.ts';
import type { Picture, Size } from './picture.ts';

/** A decoded picture, such as `ImageData`: rows from the top, 1 (grey), 3 (RGB) or 4 (RGBA) bytes per pixel. */
export interface Pixels extends Size {
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** The picture in the input's colours. What is transparent lies on black. Throws `IMAGE_SIZE`. */
export function inColours(pixels: Pixels, order: ImageSpec['order']): Picture {
  const { data, width, height } = pixels;
  const { red, green, blue, alpha, step } = layoutOf(pixels);
  const channels = order === 'grey' ? 1 : 3;
  const out = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * step;
    const opacity = alpha === undefined ? 255 : data[at + alpha]!;
    const r = onBlack(data[at + red]!, opacity);
    const g = onBlack(data[at + green]!, opacity);
    const b = onBlack(data[at + blue]!, opacity);
    if (order === 'grey') out[pixel] = luminance(r, g, b);
    else out.set(order === 'rgb' ? [r, g, b] : [b, g, r], 3 * pixel);
  }
  return { data: out, width, height, channels };
}

interface PixelLayout {
  readonly step: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha?: number;
}

function layoutOf({ data, width, height }: Pixels): PixelLayout {
  const step = data.length / (width * height);
  switch (step) {
    case 1:
      return { step, red: 0, green: 0, blue: 0 };
    case 3:
      return { step, red: 0, green: 1, blue: 2 };
    case 4:
      return { step, red: 0, green: 1, blue: 2, alpha: 3 };
  }
  throw new CnncError(
    'IMAGE_SIZE',
    `a picture of ${width} × ${height} has ${data.length} bytes, expected 1, 3 or 4 bytes per pixel`,
  );
}

/** value · alpha / 255, rounded as PIL does it. */
function onBlack(value: number, alpha: number): number {
  const product = value * alpha + 128;
  return ((product >> 8) + product) >> 8;
}

/** PIL's mode L: ITU-R 601 in 16 bits. */
const luminance = (r: number, g: number, b: number): number =>
  (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;

import { CnncError } from '../errors.ts';
import type { Picture } from '../inputs.ts';
import { kindOf } from '../kind-of.ts';
import type { TensorSpec } from '../program.ts';
import type { Pixels } from './colours.ts';
import { prepareImage } from './prepare.ts';

/** A picture as the values of an input; undefined for what is no picture, or an input that takes none. */
export function readPicture(value: unknown, spec: TensorSpec): Float32Array | undefined {
  if (!spec.image || !isPicture(value)) return undefined;
  return prepareImage(pixelsOf(value), spec);
}

const KINDS = new Set([
  'ImageData',
  'ImageBitmap',
  'HTMLImageElement',
  'HTMLCanvasElement',
  'HTMLVideoElement',
  'OffscreenCanvas',
  'VideoFrame',
]);

const isPicture = (value: unknown): value is Picture => KINDS.has(kindOf(value));

/** The pixels of a picture in its own size, not that in which a page shows it. */
function pixelsOf(picture: Picture): Pixels {
  if (kindOf(picture) === 'ImageData') return ofBytes(picture as ImageData);
  const drawable = picture as Exclude<Picture, ImageData>;
  const { width, height } = sizeOf(drawable);
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  try {
    context.drawImage(drawable, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (cause) {
    // It is closed, broken, empty, or of another site that does not share it.
    throw new CnncError('INPUT_TYPE', `${kindOf(picture)} gives no pixels: ${cause}`, { cause });
  }
}

/** Canvases with more colours give numbers of 0 to 1, which would be taken for bytes. */
function ofBytes(pixels: ImageData): ImageData {
  const kind = kindOf(pixels.data);
  if (kind === 'Uint8ClampedArray') return pixels;
  throw new CnncError('INPUT_TYPE', `ImageData holds a ${kind}; bytes are read (rgba-unorm8)`);
}

function sizeOf(picture: Exclude<Picture, ImageData>): { width: number; height: number } {
  if ('videoWidth' in picture) return { width: picture.videoWidth, height: picture.videoHeight };
  if ('naturalWidth' in picture) return { width: picture.naturalWidth, height: picture.naturalHeight };
  if ('displayWidth' in picture) return { width: picture.displayWidth, height: picture.displayHeight };
  return picture;
}

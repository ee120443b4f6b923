import type { ImageSpec } from '../program.ts';
import { centre, type Picture, type Size } from './picture.ts';
import { resample } from './resample.ts';

/** Brings a picture to the input's size: `resize`, then `crop`, then `fit`. */
export function fitPicture(picture: Picture, size: Size, { resize, crop, fit }: ImageSpec): Picture {
  const resized = resize > 0 ? resample(picture, withShorterSide(picture, resize)) : picture;
  const cropped = crop > 0 ? centre(resized, { width: crop, height: crop }) : resized;
  const factors = [size.width / cropped.width, size.height / cropped.height];
  switch (fit) {
    case 'stretch':
      return resample(cropped, size);
    case 'cover':
      return centre(resample(cropped, scaled(cropped, Math.max(...factors))), size);
    case 'contain':
      return centre(resample(cropped, scaled(cropped, Math.min(...factors))), size);
    case 'pad':
      return centre(resample(cropped, scaled(cropped, Math.min(1, ...factors))), size);
  }
}

/** The longer side is cut to a whole number, as torchvision's Resize does. */
function withShorterSide({ width, height }: Size, side: number): Size {
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

function scaled({ width, height }: Size, factor: number): Size {
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: side(width), height: side(height) };
}

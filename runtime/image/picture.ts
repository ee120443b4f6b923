export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture in memory: rows from the top, `channels` bytes per pixel. */
export interface Picture extends Size {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly channels: number;
}

/** A picture's middle in another size; where the picture is smaller, black surrounds it. As torchvision's CenterCrop. */
export function centre(picture: Picture, { width, height }: Size): Picture {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const left = margin(picture.width, width);
  const top = margin(picture.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x + left, y + top];
      if (fromX < 0 || fromX >= picture.width || fromY < 0 || fromY >= picture.height) continue;
      const from = (fromY * picture.width + fromX) * channels;
      data.set(picture.data.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return { data, width, height, channels };
}

/** What is cut off before the middle; negative: what is added. Halves go to even numbers, as in Python. */
function margin(size: number, wanted: number): number {
  const half = (size - wanted) / 2;
  if (half < 0) return Math.ceil(half);
  const rounded = Math.round(half);
  return rounded - half === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

import type { Picture, Size } from './picture.ts';

// PIL's BILINEAR to the bit (Pillow, src/libImaging/Resample.c): a triangle as wide as the reduction, so
// that every pixel counts; first along rows, then along columns, bytes in between, and coefficients
// with 22 bits after the point.
const FRACTION_BITS = 22;

/** The picture in another size. */
export function resample(picture: Picture, { width, height }: Size): Picture {
  const { data, channels } = picture;
  const rows = resampleAxis(data, [picture.height, picture.width, channels], width);
  return { data: resampleAxis(rows, [1, picture.height, width * channels], height), width, height, channels };
}

/** [outer, size, inner] → [outer, newSize, inner]. */
function resampleAxis(
  source: Uint8Array | Uint8ClampedArray,
  [outer, size, inner]: readonly [number, number, number],
  newSize: number,
): Uint8Array {
  const out = new Uint8Array(outer * newSize * inner);
  const triangles = Array.from({ length: newSize }, (_, i) => triangle(i, size, newSize));
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const { first, weights } of triangles) {
      const start = (o * size + first) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = 1 << (FRACTION_BITS - 1);
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * source[start + k * inner + i]!;
        out[at++] = sum >> FRACTION_BITS;
      }
    }
  }
  return out;
}

/** Which pixels of `size` make pixel `index` of `newSize`, and how much each counts. */
function triangle(index: number, size: number, newSize: number): { first: number; weights: Int32Array } {
  const scale = size / newSize;
  const support = Math.max(1, scale);
  const middle = (index + 0.5) * scale;
  const first = Math.max(0, Math.trunc(middle - support + 0.5));
  const end = Math.min(size, Math.trunc(middle + support + 0.5));
  const heights = Array.from({ length: end - first }, (_, k) =>
    Math.max(0, 1 - Math.abs((first + k - middle + 0.5) * (1 / support))),
  );
  const total = heights.reduce((a, b) => a + b, 0);
  return { first, weights: Int32Array.from(heights, (h) => 0.5 + (h / total) * 2 ** FRACTION_BITS) };
}

// Digits in a map of scores: where a window holds one whole digit in its middle, its best score counts.
import type { Pixels, ReceptiveField } from '../runtime/index.ts';

export interface FoundDigit {
  readonly digit: number;
  readonly probability: number;
  /** Left, top and side of the square that the network looked at. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A dense output: scores of ten classes at each position. */
export interface ScoreMap {
  readonly scores: Float32Array;
  /** Rows, columns, classes. */
  readonly shape: readonly number[];
  readonly receptiveField: ReceptiveField;
}

/** One digit for each place where something stands alone in the middle of a window. */
export function findDigits(picture: Pixels, { scores, shape, receptiveField }: ScoreMap): FoundDigit[] {
  const [rows, columns, classes] = shape as readonly [number, number, number];
  const [side, step, start] = [receptiveField.size[0]!, receptiveField.stride[0]!, receptiveField.offset[0]!];
  const candidates: (FoundDigit & { readonly offCentre: number })[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [x, y] = [start + column * step, start + row * step];
      const offCentre = distanceToMiddle(picture, x, y, side);
      if (offCentre === undefined) continue;
      const at = (row * columns + column) * classes;
      candidates.push({ ...likeliest(scores.subarray(at, at + classes)), x, y, side, offCentre });
    }
  const found: FoundDigit[] = [];
  for (const { offCentre: _, ...candidate } of candidates.toSorted((a, b) => a.offCentre - b.offCentre))
    if (found.every((other) => !overlaps(other, candidate))) found.push(candidate);
  return found.toSorted((a, b) => a.y - b.y || a.x - b.x);
}

/** How far the ink's centre is from the window's; undefined where there is none, or some is cut off. */
function distanceToMiddle(picture: Pixels, x: number, y: number, side: number): number | undefined {
  let [ink, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      const value = picture.data[(y + i) * picture.width + x + j]!;
      if (value > 40 && (i === 0 || j === 0 || i === side - 1 || j === side - 1)) return undefined;
      ink += value;
      sumX += value * (j + 0.5);
      sumY += value * (i + 0.5);
    }
  if (ink < 255 * 10) return undefined;
  return Math.hypot(sumX / ink - side / 2, sumY / ink - side / 2);
}

const overlaps = (a: FoundDigit, b: FoundDigit): boolean =>
  Math.abs(a.x - b.x) < 0.75 * a.side && Math.abs(a.y - b.y) < 0.75 * a.side;

/** Softmax, and the class with the most of it. */
function likeliest(scores: Float32Array): { digit: number; probability: number } {
  const digit = scores.indexOf(Math.max(...scores));
  const total = scores.reduce((sum, score) => sum + Math.exp(score - scores[digit]!), 0);
  return { digit, probability: 1 / total };
}

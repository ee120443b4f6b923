// Non-maximum suppression of boxes that are known when the network is compiled.
import { refuse } from '../../support/refusal.ts';

export interface Boxes {
  /** Four numbers for each of `count` boxes of each item: two corners, or a centre and sizes. */
  readonly boxes: readonly number[];
  /** Items, classes, boxes. */
  readonly scores: readonly number[];
  readonly count: number;
  readonly classes: number;
  /** Boxes of a class that are kept. */
  readonly most: number;
  /** How much of their union two boxes of a class may share. */
  readonly overlap: number;
  readonly least: number;
  readonly isCentred: boolean;
}

/** Comparisons of two boxes: some tenths of a second of them. */
const MOST_STEPS = 2 ** 23;

type Corners = readonly [top: number, left: number, bottom: number, right: number];

/** Item, class and box of each that is kept, the best of a class first. */
export function suppressed({
  count,
  classes,
  most,
  overlap,
  least,
  ...given
}: Boxes): [number, number, number][] {
  const chosen: [number, number, number][] = [];
  const rows = given.scores.length / Math.max(1, count);
  if (rows * count * Math.min(most, count) > MOST_STEPS)
    refuse('E046', `it would compare ${count} boxes with each other`);
  for (let row = 0; row < rows; row++) {
    const item = Math.floor(row / classes);
    const score = (box: number) => given.scores[row * count + box]!;
    const corners = (box: number) =>
      cornersOf(given.boxes.slice(4 * (item * count + box), 4 * (item * count + box) + 4), given.isCentred);
    const byScore = Array.from({ length: count }, (_, box) => box)
      .filter((box) => score(box) > least)
      .toSorted((a, b) => score(b) - score(a) || a - b);
    const kept: Corners[] = [];
    for (const box of byScore) {
      if (kept.length >= most) break;
      const own = corners(box);
      if (kept.some((other) => shared(own, other) > overlap)) continue;
      kept.push(own);
      chosen.push([item, row % classes, box]);
    }
  }
  return chosen;
}

function cornersOf(box: readonly number[], isCentred: boolean): Corners {
  const [a, b, c, d] = box as [number, number, number, number];
  if (isCentred) return [b - d / 2, a - c / 2, b + d / 2, a + c / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

const area = ([top, left, bottom, right]: Corners): number =>
  Math.max(0, bottom - top) * Math.max(0, right - left);

/** Intersection over union. */
function shared(a: Corners, b: Corners): number {
  const both = area([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  return both === 0 ? 0 : both / (area(a) + area(b) - both);
}

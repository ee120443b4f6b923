// Weights of one-channel filters tap by tap, [tap][filter], for kernels whose innermost loop runs over the filters: one
// view for each tap.
import { code } from '../../../../support/code.ts';
import { product } from '../terms.ts';
import { distanceOf } from './frame.ts';
import { tapIndex, type Geometry } from './geometry.ts';
import { range } from '../../../../support/numbers.ts';

export interface Tap {
  readonly ky: number;
  readonly kx: number;
  /** What a filter's weight is called, and the array that holds those of all filters. */
  readonly name: string;
  readonly view: string;
}

/** The taps of a filter, row by row. */
export const tapNames = ({ kernel: [height, width] }: Geometry): Tap[] =>
  range(height).flatMap((ky) =>
    range(width).map((kx) => ({ ky, kx, name: `weight${ky}_${kx}`, view: `weights${ky}_${kx}` })),
  );

/** Declares the views. */
export const arrangeTaps = (
  taps: readonly Tap[],
  { filters, isFlipped }: { readonly filters: number; readonly isFlipped: boolean },
): string => code`
  // Weights tap by tap: those of all filters for a tap, then for the next one.
  const TAP = ${distanceOf(filters)};
  const taps = new Float64Array(${taps.length} * TAP);
  for (let ky = 0, to = 0; ky < KERNEL_H; ky++)
    for (let kx = 0; kx < KERNEL_W; kx++, to += TAP)
      for (let f = 0; f < FILTERS; f++) taps[to + f] = weight[f * KERNEL_H * KERNEL_W + ${tapIndex(isFlipped)}];
  const [${taps.map(({ view }) => view).join(', ')}] =
    views(taps, [${taps.map((_, i) => product(i, 'TAP')).join(', ')}]);
`;

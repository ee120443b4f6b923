// By how much a picture may move so that a value only moves with it.
//
//   picture   0 1 2 3 4 5 6 7        grain 1
//   POOL      a   b   c   d          stride 2, grain 2: moved by 1, other pixels would meet in a window
//   UP        a a b b c c d d        stride 1, grain 2 still: aa bb never becomes ab bc
//
// Without layers that enlarge, the grain is the stride. A dense map has one position per grain of its input,
// and leaves out those in between, which no crop would ever give.
import type { Place } from './rebuilding.ts';

/** The grain of a value with this stride that is made of one with that grain. Strides may be fractions. */
export const grainWith = (grain: number, stride: number): number =>
  Math.round((grain * stride) / commonMeasure(grain, stride));

/** Positions of a value from one grain to the next. */
export const positionsPerGrain = ({ stride, rate, grain }: Place): readonly number[] =>
  grain.map((g, axis) => Math.round((g * rate[axis]!) / stride[axis]!));

/** The largest number of which both are multiples. Strides are fractions like 3/2, so it exists. */
export function commonMeasure(a: number, b: number): number {
  let [x, y] = [a, b];
  // Thirds are not exact, and their remainders not quite zero.
  while (y > 1e-6) [x, y] = [y, x - y * Math.floor(x / y + 1e-6)];
  return x;
}

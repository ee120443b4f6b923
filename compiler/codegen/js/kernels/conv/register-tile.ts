// The innermost loop of every convolution: a few pixels × a few filters, whose sums stay in registers
// while k runs over the products. Each number read is used for the whole row or column of the tile.
//
// Three pixels × two filters: six sums, six products and what is read fill the sixteen registers of
// x86-64. Four × two spills sums to the stack and costs half of the speed. Each tile is a function
// of its own, for V8 optimises a small function whole. Pixels are read through views that begin a pixel apart, and
// filters likewise: two indices are computed and checked in a turn, not five, which is worth half as much again. The
// bitwise or keeps V8 from looking for an overflow of the index (V8 13.6, November 2026).
import { code, lines } from '../../../../support/code.ts';
import { product } from '../terms.ts';
import { range } from '../../../../support/numbers.ts';

export const TILE = { pixels: 3, filters: 2 };

/** What tiles read. */
export interface TileOperands {
  /** Array that pixels are read from, and the distance from one to the next. */
  readonly values: string;
  readonly step: string;
  /** Array that filters are read from. Each has `products` numbers, and the next one follows it. */
  readonly weights: string;
  readonly products: string;
}

export interface RegisterTile {
  readonly pixels: number;
  readonly filters: number;
  readonly products: string;
  /** What the sum of a filter starts with. */
  readonly start: (filter: number) => string;
  readonly store: (sum: string, pixel: number, filter: number) => string;
}

/** The views that tiles of these sizes read through; the arrays have to be in scope. */
export function tileViews(
  { values, step, weights, products }: TileOperands,
  { pixels, filters }: { readonly pixels: readonly number[]; readonly filters: readonly number[] },
): string {
  const apart = (array: string, distance: string, name: string) => (size: number) => {
    const each = range(size);
    return `const [${each.map((i) => `${name}${i}of${size}`).join(', ')}] = views(${array}, [${each.map((i) => product(i, distance)).join(', ')}]);`;
  };
  return code`
    // What the tiles read: pixels and filters side by side.
    ${lines([...new Set(pixels)].map(apart(values, step, 'pixel')))}
    ${lines([...new Set(filters)].map(apart(weights, products, 'filter')))}
  `;
}

/** `function tile3x2(from, w, to, f)`: pixels from `from`, weights from `w`, results to `to`, filter `f`. */
export function registerTile({ pixels, filters, ...tile }: RegisterTile): string {
  const [ps, fs] = [range(pixels), range(filters)];
  const starts = (f: number) =>
    ps.map((p) => `sum${p}${f} = ${p === 0 ? tile.start(f) : `sum0${f}`}`).join(', ');
  const reads = fs.map((f) => `weight${f} = filter${f}of${filters}[weightAt]`).join(', ');
  const multiply = (p: number) => code`
    const value${p} = pixel${p}of${pixels}[at];
    ${lines(fs.map((f) => `sum${p}${f} += value${p} * weight${f};`))}
  `;
  return code`
    function ${tileName(pixels, filters)}(from, w, to, f) {
      ${lines(fs.map((f) => `let ${starts(f)};`))}
      for (let k = 0; k < ${tile.products}; k++) {
        const at = (from + k) | 0, weightAt = (w + k) | 0;
        const ${reads};
        ${lines(ps.map(multiply))}
      }
      ${lines(ps.flatMap((p) => fs.map((f) => tile.store(`sum${p}${f}`, p, f))))}
    }
  `;
}

export const tileName = (pixels: number, filters: number): string => `tile${pixels}x${filters}`;

/** `base + count * step` */
export const times = (base: string, count: number, step: string): string => {
  if (count === 0) return base;
  return count === 1 ? `${base} + ${step}` : `${base} + ${count} * ${step}`;
};

/** `base + count` */
export const plus = (base: string, count: number): string => (count === 0 ? base : `${base} + ${count}`);

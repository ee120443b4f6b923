// The innermost loop of every convolution: a few pixels × a few filters, whose sums stay in registers
// while k runs over the products. Each number read is used for the whole row or column of the tile.
//
// Three pixels × two filters: six sums, six products and what is read fill the sixteen registers of
// x86-64. Four × two spills two sums to the stack and costs a third of the speed. Each tile is a function
// of its own, for V8 optimises a small function whole; and all addresses count with the one variable k,
// since a second counter in the loop costs a fifth (V8 13.6, October 2026).
import { code, lines } from '../../../../support/code.ts';
import { range } from '../tiles.ts';

export const TILE = { pixels: 3, filters: 2 };

export interface RegisterTile {
  readonly pixels: number;
  readonly filters: number;
  /** Array that pixels are read from, and the distance from one to the next. */
  readonly values: string;
  readonly step: string;
  /** Array that filters are read from. Each has `products` numbers, and the next one follows it. */
  readonly weights: string;
  readonly products: string;
  /** What the sum of a filter starts with. */
  readonly start: (filter: number) => string;
  readonly store: (sum: string, pixel: number, filter: number) => string;
}

/** `function tile3x2(from, w, to, f)`: pixels from `from`, weights from `w`, results to `to`, filter `f`. */
export function registerTile({ pixels, filters, values, weights, ...tile }: RegisterTile): string {
  const [ps, fs] = [range(pixels), range(filters)];
  const starts = (f: number) =>
    ps.map((p) => `sum${p}${f} = ${p === 0 ? tile.start(f) : `sum0${f}`}`).join(', ');
  const reads = fs.map((f) => `filter${f} = ${weights}[${times('w', f, tile.products)} + k]`).join(', ');
  const multiply = (p: number) => code`
    const value${p} = ${values}[${times('from', p, tile.step)} + k];
    ${lines(fs.map((f) => `sum${p}${f} += value${p} * filter${f};`))}
  `;
  return code`
    function ${tileName(pixels, filters)}(from, w, to, f) {
      ${lines(fs.map((f) => `let ${starts(f)};`))}
      for (let k = 0; k < ${tile.products}; k++) {
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

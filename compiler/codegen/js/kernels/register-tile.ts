// The innermost loop of convolutions and products of matrices: a few pixels × a few filters, whose sums stay in
// registers while k runs over the products. Each number read is used for the whole row or column of the tile.
//
// Three pixels × two filters: six sums, six products and what is read fill the sixteen registers of
// x86-64. Four × two spills sums to the stack and costs half of the speed. Each tile is a function
// of its own, for V8 optimises a small function whole; it must call none, see relu.ts. Pixels are read through views
// that begin a pixel apart, so that one index is computed and checked in a turn, not three. Filters are copied to
// arrays of their own before the tiles go along the pixels: there k is the index, which needs no check, and they are
// float64 once for all. The bitwise or keeps V8 from looking for an overflow of the index (V8 13.6, November 2026).
import { code, lines } from '../../../support/code.ts';
import { product, sumOf } from './terms.ts';
import type { TileRun } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

export const TILE = { pixels: 3, filters: 2 };

/** What tiles read. */
export interface TileOperands {
  /** Array that pixels are read from, and the distance from one to the next. */
  readonly values: string;
  readonly step: string;
  /** Array that filters are read from. Each has `products` numbers, and the next one follows it. */
  readonly weights: string;
  readonly products: string;
  /** Pixels that use a filter, one tile after the other. */
  readonly windows: number;
  /** Where a few filters are fetched to: an array of float64, in which `fetchedLength` numbers from here on are free. */
  readonly fetched: { readonly array: string; readonly offset: number };
}

/** What becomes of sums. */
export interface TileSums {
  /** What the sum of a filter starts with. */
  readonly start: (filter: number) => string;
  readonly store: (sum: string, pixel: number, filter: number) => string;
}

export interface TileSizes {
  readonly pixels: readonly number[];
  readonly filters: readonly number[];
}

/** Where fewer pixels use a filter, it is read where it lies: 7×7 over a map of 7×7 would take four times as long. */
const FEWEST_WINDOWS = 12;

const isFetched = (windows: number): boolean => windows >= FEWEST_WINDOWS;

/** Numbers of the filters that are fetched at a time. */
export const fetchedLength = (products: number, windows: number): number =>
  isFetched(windows) ? TILE.filters * products : 0;

/**
 * What tiles of these sizes read, and functions such as `fetch2(w)`, which bring two filters there. The arrays have to
 * be in scope.
 */
export function tileReads(reads: TileOperands, { pixels, filters }: TileSizes): string {
  const apart = (array: string, distance: string, name: string) => (size: number) => {
    const each = range(size);
    return `const [${each.map((i) => `${name}${i}of${size}`).join(', ')}] = views(${array}, [${each.map((i) => product(i, distance)).join(', ')}]);`;
  };
  const pixelViews = lines([...new Set(pixels)].map(apart(reads.values, reads.step, 'pixel')));
  if (isFetched(reads.windows))
    return code`
      // What the tiles read: pixels side by side, and the filters that were fetched last.
      ${pixelViews}
      ${fetchFunctions(reads, filters)}
    `;
  return code`
    // What the tiles read: pixels and filters side by side.
    ${pixelViews}
    ${lines([...new Set(filters)].map(apart(reads.weights, reads.products, 'filter')))}
  `;
}

function fetchFunctions({ weights, products, fetched }: TileOperands, filters: TileSizes['filters']): string {
  const most = range(Math.max(...filters));
  const fetch = (size: number) => code`
    function fetch${size}(w) {
      for (let k = 0; k < ${products}; k++) {
        ${lines(range(size).map((i) => `filter${i}[k] = ${weights}[${sumOf('w', product(i, products), 'k')}];`))}
      }
    }
  `;
  return code`
    const [${most.map((i) => `filter${i}`).join(', ')}] = views(${fetched.array}, [${most.map((i) => sumOf(fetched.offset, product(i, products))).join(', ')}]);

    ${[...new Set(filters)].map(fetch).join('\n\n')}
  `;
}

/** Brings the filters from `place` on to where tiles find them. */
export const bring = (filters: number, place: string, { windows }: TileOperands): string =>
  isFetched(windows) ? `fetch${filters}(${place});` : `const w = ${place};`;

/**
 * One function for every size of tile, such as `tile3x2(from, to, f)`: pixels from `from`, results to `to`, and `f` is
 * the first of the filters. Where these are not fetched, `w` says where they begin.
 */
export const tileFunctions = (reads: TileOperands, sizes: TileSizes, sums: TileSums): string =>
  [...new Set(sizes.pixels)]
    .flatMap((pixels) => [...new Set(sizes.filters)].map((filters) => tile(pixels, filters, reads, sums)))
    .join('\n\n');

function tile(
  pixels: number,
  filters: number,
  { products, windows }: TileOperands,
  { start, store }: TileSums,
): string {
  const [ps, fs] = [range(pixels), range(filters)];
  const starts = (f: number) => ps.map((p) => `sum${p}${f} = ${p === 0 ? start(f) : `sum0${f}`}`).join(', ');
  const read = isFetched(windows)
    ? { parameters: 'from, to, f', filter: (f: number) => `filter${f}[k]` }
    : { parameters: 'from, w, to, f', filter: (f: number) => `filter${f}of${filters}[(w + k) | 0]` };
  const multiply = (p: number) => code`
    const value${p} = pixel${p}of${pixels}[at];
    ${lines(fs.map((f) => `sum${p}${f} += value${p} * weight${f};`))}
  `;
  return code`
    function ${tileName(pixels, filters)}(${read.parameters}) {
      ${lines(fs.map((f) => `let ${starts(f)};`))}
      for (let k = 0; k < ${products}; k++) {
        const at = (from + k) | 0, ${fs.map((f) => `weight${f} = ${read.filter(f)}`).join(', ')};
        ${lines(ps.map(multiply))}
      }
      ${lines(ps.flatMap((p) => fs.map((f) => store(`sum${p}${f}`, p, f))))}
    }
  `;
}

const tileName = (pixels: number, filters: number): string => `tile${pixels}x${filters}`;

interface TileCall {
  readonly filters: number;
  readonly from: string;
  readonly to: string;
}

/** One tile. */
export const tileCall = (
  pixels: number,
  { filters, from, to }: TileCall,
  { windows }: TileOperands,
): string => `${tileName(pixels, filters)}(${from}, ${isFetched(windows) ? '' : 'w, '}${to}, f);`;

/** Tiles by the filters from `f` on for all pixels of a row: the values of pixel `j` and its results begin there. */
export const tileLoops = (runs: readonly TileRun[], call: TileCall, reads: TileOperands): string =>
  lines(
    runs.map(
      ({ size, begin, end }) => code`
        for (let j = ${begin}; j < ${end}; j += ${size})
          ${tileCall(size, call, reads)}
      `,
    ),
  );

/** Sizes, each once or more often. */
export const tileSizes = (runs: {
  readonly pixels: readonly TileRun[];
  readonly filters: readonly TileRun[];
}): TileSizes => ({
  pixels: runs.pixels.map(({ size }) => size),
  filters: runs.filters.map(({ size }) => size),
});

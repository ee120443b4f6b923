// Winograd's convolution: tiles of m × m results from (m + 2)² products per channel instead of 9 · m².
//
//   input tiles ──▶ points ─┐
//                           ├─▶ products, one matrix product per point ──▶ results
//   filters ─────▶ points ──┘   (filters once, when the network is loaded)
//
// Numeric class: reassociates. F(4, 3) multiplies by up to 8 and divides by up to 24, but all of that is in
// float64 here; only the filters' points are stored as float32, which leaves an error of some 1e-7.
import type { OpNode } from '../../../../ir/graph.ts';
import { code, lines } from '../../../../support/code.ts';
import type { JsOptions, KernelContext } from '../../kernel.ts';
import { forTiles, tileRuns, type TileRun } from '../tiles.ts';
import { range } from '../../../../support/numbers.ts';
import { constants, geometry, tapIndex, type Geometry } from './geometry.ts';
import {
  bring,
  fetchedLength,
  tileSizes,
  TILE,
  tileFunctions,
  tileLoops,
  tileReads,
  type TileSums,
} from '../register-tile.ts';
import { F2, F4, type Linear, type Transforms } from './winograd-transforms.ts';
import { product, sumOf } from '../terms.ts';

/** Channels and filters below which the transforms cost more than they save. */
const FEWEST_CHANNELS = 16;

/** F(4, 3) keeps four times the weights, which pays as long as they are not too much to stream. */
const MOST_WEIGHTS = 16 * 2 ** 20;

/** Tiles of a block, whose points should stay in the second-level cache. */
const BLOCK_TILES = 32;

/** How to transform a convolution; undefined where the direct way is as good. */
export function chooseTransforms(shape: Geometry, mode: JsOptions['winograd']): Transforms | undefined {
  const { kernel, stride, dilation, groups, channels, filters, rows, columns } = shape;
  const isThreeByThree = kernel.every((k) => k === 3);
  const isPlain = groups === 1 && [...stride, ...dilation].every((step) => step === 1);
  const isLarge = Math.min(channels, filters) >= FEWEST_CHANNELS && Math.min(rows, columns) >= 4;
  if (mode === 'off' || !isThreeByThree || !isPlain || !isLarge) return undefined;
  const isTooMuch = 4 * F4.points ** 2 * channels * filters > MOST_WEIGHTS;
  return mode === 'f2' || isTooMuch ? F2 : F4;
}

export function winograd(
  node: OpNode<'conv'>,
  transforms: Transforms,
  { pitch, scratch, storeSum }: KernelContext,
): string {
  const shape = geometry(node);
  const { channels, filters } = shape;
  const { results, points } = transforms;
  const tiles = { rows: Math.ceil(shape.rows / results), columns: Math.ceil(shape.columns / results) };
  const blockRows = largestDivisor(tiles.rows, Math.max(1, Math.floor(BLOCK_TILES / tiles.columns)));
  const blockTiles = blockRows * tiles.columns;
  const seenColumns = results * tiles.columns + 2;
  const inputPoints = points ** 2 * blockTiles * channels;
  const products = points ** 2 * blockTiles * filters;
  const half = Math.max(points * seenColumns * channels, results * points * filters);
  const used = inputPoints + products + half;
  const memory = scratch(used + fetchedLength(channels, blockTiles));
  const runs = { pixels: tileRuns(blockTiles, TILE.pixels), filters: tileRuns(filters, TILE.filters) };
  const { bias } = node.operands;
  const store = (q: number) => {
    const sum = `const sum${q} = ${transforms.output.results[q]}${bias ? ' + bias[f]' : ''};`;
    const stored = storeSum(`sum${q}`, { index: `${sumOf('to', product(q, 'PITCH'))} + f`, channel: 'f' });
    return `${sum}\n${q === 0 || shape.columns % results === 0 ? stored : `if (j + ${q} < COLUMNS) ${stored}`}`;
  };
  const reads = {
    values: 'inputPoints',
    step: 'CHANNELS',
    weights: 'filterPoints',
    products: 'CHANNELS',
    windows: blockTiles,
    fetched: { array: memory, offset: used },
  };
  const sums: TileSums = {
    start: () => '0',
    store: (sum, tile, f) => `products[${sumOf(sumOf('to', product(tile, 'FILTERS')), f)}] = ${sum};`,
  };
  const filtersFunction = ({ size }: TileRun) => code`
    function filters${size}(point, f) {
      ${bring(size, '(point * FILTERS + f) * CHANNELS', reads)}
      ${tileLoops(
        runs.pixels,
        {
          filters: size,
          from: '(point * BLOCK_TILES + j) * CHANNELS',
          to: '(point * BLOCK_TILES + j) * FILTERS + f',
        },
        reads,
      )}
    }
  `;
  return code`
    // ${titleOf(transforms)}: tiles of ${results}×${results} results from ${points}×${points} products per channel instead of ${results}×${results}×9. The
    // input under a tile, and each filter, become ${points}×${points} points; their products, summed over the channels, become
    // the results.
    ${constants(shape, pitch)}
    const RESULTS = ${results}, POINTS = ${points};
    const TILE_ROWS = ${tiles.rows}, TILE_COLUMNS = ${tiles.columns}, BLOCK_ROWS = ${blockRows};
    const BLOCK_TILES = BLOCK_ROWS * TILE_COLUMNS, SEEN_COLUMNS = ${seenColumns};
    const inputPoints = ${memory}.subarray(0, ${inputPoints});
    const products = ${memory}.subarray(${inputPoints}, ${inputPoints + products});
    const half = ${memory}.subarray(${inputPoints + products}, ${used});

    ${transformFilters(transforms, node.attrs.flip)}

    // The input under one row of tiles: columns into points, then rows.
    function transformColumns(tileRow) {
      const top = tileRow * RESULTS - PAD_TOP;
      for (let seen = 0; seen < SEEN_COLUMNS; seen++) {
        const column = seen - PAD_LEFT;
        const isInside = column >= 0 && column < WIDTH;
        ${lines(range(points).map((r) => `const isInside${r} = isInside && ${sumOf('top', r)} >= 0 && ${sumOf('top', r)} < HEIGHT;`))}
        const from = (top * WIDTH + column) * CHANNELS, to = seen * CHANNELS;
        for (let c = 0; c < CHANNELS; c++) {
          ${lines(range(points).map((r) => `const d${r} = isInside${r} ? x[${sumOf('from', product(r, 'WIDTH * CHANNELS'))} + c] : 0;`))}
          ${apply(transforms.input, (r, value) => `half[${sumOf('to', product(r, 'SEEN_COLUMNS * CHANNELS'))} + c] = ${value};`)}
        }
      }
    }

    function transformRow(r, tileColumn, tile) {
      const from = (r * SEEN_COLUMNS + tileColumn * RESULTS) * CHANNELS;
      const to = (r * POINTS * BLOCK_TILES + tile) * CHANNELS;
      for (let c = 0; c < CHANNELS; c++) {
        ${lines(range(points).map((p) => `const d${p} = half[${sumOf('from', product(p, 'CHANNELS'))} + c];`))}
        ${apply(transforms.input, (p, value) => `inputPoints[${sumOf('to', product(p, 'BLOCK_TILES * CHANNELS'))} + c] = ${value};`)}
      }
    }

    ${tileReads(reads, tileSizes(runs))}

    ${tileFunctions(reads, tileSizes(runs), sums)}

    // A few filters at all tiles of a block.
    ${runs.filters.map(filtersFunction).join('\n\n')}

    function multiply(point) {
      ${lines(runs.filters.map((run) => forTiles({ name: 'f' }, run, `filters${run.size}(point, f);`)))}
    }

    // The products of one tile: columns into results, then rows.
    function columnResults(tile, p) {
      const from = (p * BLOCK_TILES + tile) * FILTERS, to = p * FILTERS;
      for (let f = 0; f < FILTERS; f++) {
        ${lines(range(points).map((r) => `const p${r} = products[${sumOf('from', product(r, 'POINTS * BLOCK_TILES * FILTERS'))} + f];`))}
        ${apply(transforms.output, (r, value) => `half[${sumOf('to', product(r, 'POINTS * FILTERS'))} + f] = ${value};`)}
      }
    }

    function storeRow(r, i, j) {
      const from = r * POINTS * FILTERS, to = (i * COLUMNS + j) * PITCH;
      for (let f = 0; f < FILTERS; f++) {
        ${lines(range(points).map((p) => `const p${p} = half[${sumOf('from', product(p, 'FILTERS'))} + f];`))}
        ${lines(transforms.output.statements)}
        ${lines(range(results).map(store))}
      }
    }

    return function run() {
      for (let block = 0; block < TILE_ROWS; block += BLOCK_ROWS) {
        for (let tile = 0; tile < BLOCK_TILES; tile++) {
          const tileColumn = tile % TILE_COLUMNS;
          if (tileColumn === 0) transformColumns(block + tile / TILE_COLUMNS);
          for (let r = 0; r < POINTS; r++) transformRow(r, tileColumn, tile);
        }
        for (let point = 0; point < POINTS * POINTS; point++) multiply(point);
        for (let tile = 0; tile < BLOCK_TILES; tile++) {
          for (let p = 0; p < POINTS; p++) columnResults(tile, p);
          const i = (block + Math.floor(tile / TILE_COLUMNS)) * RESULTS, j = (tile % TILE_COLUMNS) * RESULTS;
          for (let r = 0; r < RESULTS && i + r < ROWS; r++) storeRow(r, i + r, j);
        }
      }
    };
  `;
}

/** As the literature calls it: F(4×4, 3×3). */
export const titleOf = ({ results }: Transforms): string => `Winograd F(${results}×${results}, 3×3)`;

/** `1 / 24`: the entries of the matrices. */
function fraction(value: number): string {
  const denominator = [1, 2, 4, 6, 12, 24].find((each) => Number.isInteger(value * each))!; // as they are written
  return denominator === 1 ? String(value) : `${value * denominator} / ${denominator}`;
}

/** The statements of a transform, then what becomes of each result. */
const apply = ({ statements, results }: Linear, use: (index: number, value: string) => string): string =>
  lines([...statements, ...results.map((value, i) => use(i, value))]);

/** [point][filter][channel], from [filter][channel][ky][kx]. */
const transformFilters = ({ filter }: Transforms, isFlipped: boolean): string => code`
  const TRANSFORM = [
    ${lines(filter.map((row) => `[${row.map(fraction).join(', ')}],`))}
  ];
  const filterPoints = new Float32Array(POINTS * POINTS * FILTERS * CHANNELS);
  function transformFilter(f, c) {
    const tap = (ky, kx) => weight[(f * CHANNELS + c) * 9 + ${tapIndex(isFlipped)}];
    for (let p = 0; p < POINTS; p++) {
      const [a, b, d] = TRANSFORM[p];
      const row0 = a * tap(0, 0) + b * tap(1, 0) + d * tap(2, 0);
      const row1 = a * tap(0, 1) + b * tap(1, 1) + d * tap(2, 1);
      const row2 = a * tap(0, 2) + b * tap(1, 2) + d * tap(2, 2);
      for (let q = 0; q < POINTS; q++) {
        const sum = TRANSFORM[q][0] * row0 + TRANSFORM[q][1] * row1 + TRANSFORM[q][2] * row2;
        filterPoints[((p * POINTS + q) * FILTERS + f) * CHANNELS + c] = sum;
      }
    }
  }
  for (let f = 0; f < FILTERS; f++) for (let c = 0; c < CHANNELS; c++) transformFilter(f, c);
`;

/** The largest divisor of `n` that is at most `limit`. */
function largestDivisor(n: number, limit: number): number {
  let divisor = Math.min(n, limit);
  while (n % divisor !== 0) divisor--;
  return divisor;
}

// Products of matrices by workgroups, as GPUs of desktops like them: 8 × 16 threads share what they read, a block of
// rows and one of weights, four vectors deep at a time, and each sums a few rows × a few vectors of columns. A tile
// of registers alone (tiles.ts) has every thread read its rows and weights itself, which only caches make bearable.
// Block sizes are those of the literature: 64×64 where there is much to do, smaller where GPUs would have idle cores.
import { code, lines } from '../../../support/code.ts';
import type { DispatchParts } from '../dispatch.ts';
import { cells, type Tile } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

/** Threads side by side, along vectors of columns and along rows. */
const THREADS_X = 8;
const THREADS_Y = 16;
/** Vectors of a row in workgroup memory at once. */
const DEPTH = 4;

export interface ProductSize {
  readonly batch: number;
  readonly rows: number;
  /** In vectors, as `columns`. */
  readonly depth: number;
  readonly columns: number;
}

/** Below this a GPU has idle cores: smaller blocks give more workgroups. */
const ENOUGH_GROUPS = 128;

/** Largest first. */
const TILES: readonly Tile[] = [
  { pixels: 4, filters: 2 },
  { pixels: 2, filters: 2 },
  { pixels: 2, filters: 1 },
  { pixels: 1, filters: 1 },
];
const SMALLEST: Tile = TILES.at(-1)!;

/** Whether there is enough to share: a block of rows and one of columns, twice as deep as one step. */
export const suitsSharing = ({ rows, depth, columns }: ProductSize): boolean =>
  rows >= THREADS_Y && columns >= THREADS_X && depth >= 2 * DEPTH;

export interface SharedProduct {
  /** What a workgroup computes: rows, and vectors of columns. */
  readonly block: readonly [rows: number, columns: number];
  /** Of the dispatch, whose operands are `x` and `weight`, vectors both. */
  readonly parts: Pick<
    DispatchParts,
    'workgroup' | 'together' | 'constants' | 'threads' | 'declarations' | 'body'
  > & { readonly sizes: Readonly<Record<string, number>> };
}

/** `store` stores `sum`, the vector `column` of `row` of the `product` of that number: statements in a function. */
export function sharedProduct({ batch, rows, depth, columns }: ProductSize, store: string): SharedProduct {
  const blockOf = ({ pixels, filters }: Tile) => [THREADS_Y * pixels, THREADS_X * filters] as const;
  const threadsOf = (tile: Tile) => {
    const [high, wide] = blockOf(tile);
    return [Math.ceil(columns / wide), batch * Math.ceil(rows / high)] as const;
  };
  const groupsOf = (tile: Tile) => threadsOf(tile).reduce((product, count) => product * count);
  const tile = TILES.find((each) => groupsOf(each) >= ENOUGH_GROUPS) ?? SMALLEST;
  const [pixels, filters] = [range(tile.pixels), range(tile.filters)];
  const block = blockOf(tile);
  const parts: SharedProduct['parts'] = {
    workgroup: [THREADS_X, THREADS_Y],
    together: true,
    constants: { THREADS_X, THREADS_Y, ROWS: block[0], COLUMNS: block[1], DEPTH },
    sizes: { rows, depth, columns, blocks: Math.ceil(rows / block[0]) },
    threads: threadsOf(tile),
    declarations: code`
      var<workgroup> inputs: array<vec4f, DEPTH * ROWS>;
      var<workgroup> weights: array<vec4f, DEPTH * 4 * COLUMNS>;

      fn put(product: i32, row: i32, column: i32, sum: vec4f) {
        if (row >= shape.rows || column >= shape.columns) { return; }
        ${store}
      }
    `,
    body: code`
      let product = group.y / shape.blocks;
      let first_row = group.y % shape.blocks * ROWS;
      let first_column = group.x * COLUMNS;
      let index = local.y * THREADS_X + local.x;
      ${lines(cells(tile).map(([m, n]) => `var sum${m}_${n} = vec4f();`))}
      for (var k = 0; k < shape.depth; k += DEPTH) {
        for (var i = index; i < DEPTH * ROWS; i += THREADS_X * THREADS_Y) {
          let row = min(first_row + i / DEPTH, shape.rows - 1);
          let c = k + i % DEPTH;
          let value = x[(product * shape.rows + row) * shape.depth + min(c, shape.depth - 1)];
          inputs[i % DEPTH * ROWS + i / DEPTH] = select(vec4f(), value, c < shape.depth);
        }
        for (var i = index; i < DEPTH * 4 * COLUMNS; i += THREADS_X * THREADS_Y) {
          let own = i / 4 % COLUMNS;
          let column = min(first_column + own, shape.columns - 1);
          let c = k + i / (4 * COLUMNS);
          let matrix = (product * shape.depth + min(c, shape.depth - 1)) * shape.columns + column;
          let value = weight[matrix * 4 + i % 4];
          weights[(i / (4 * COLUMNS) * 4 + i % 4) * COLUMNS + own] = select(vec4f(), value, c < shape.depth);
        }
        workgroupBarrier();
        for (var c = 0; c < DEPTH; c++) {
          ${lines(pixels.map((m) => `let x${m} = inputs[c * ROWS + local.y + ${m} * THREADS_Y];`))}
          ${lines(filters.map(matrixAt))}
          ${lines(cells(tile).map(([m, n]) => `sum${m}_${n} += weight${n} * x${m};`))}
        }
        workgroupBarrier();
      }
      ${lines(
        cells(tile).map(
          ([m, n]) =>
            `put(product, first_row + local.y + ${m} * THREADS_Y, first_column + local.x + ${n} * THREADS_X, sum${m}_${n});`,
        ),
      )}
    `,
  };
  return { block, parts };
}

const matrixAt = (n: number): string => code`
  let at${n} = 4 * c * COLUMNS + local.x + ${n} * THREADS_X;
  let weight${n} = mat4x4f(
    weights[at${n}],
    weights[at${n} + COLUMNS],
    weights[at${n} + 2 * COLUMNS],
    weights[at${n} + 3 * COLUMNS],
  );
`;

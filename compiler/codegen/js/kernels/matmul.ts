// Products of matrices by the register tiles of convolution, for which the second one is turned first: rows of
// the first are pixels, columns of the second filters. For a row or two, turning would cost more than it saves:
// their sums grow together, row by row of the second matrix.
import type { OpNode } from '../../../ir/graph.ts';
import { broadcastIndex } from '../../../ops/elementwise.ts';
import { code, lines } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import type { Kernel } from '../kernel.ts';
import {
  bring,
  fetchedLength,
  tileSizes,
  TILE,
  tileFunctions,
  tileLoops,
  tileReads,
  type TileSums,
} from './register-tile.ts';
import { forTiles, tileRuns, type TileRun } from './tiles.ts';
import { range } from '../../../support/numbers.ts';
import { product, sumOf } from './terms.ts';

const FEW_ROWS = 2;

export const matmul: Kernel<'matmul'> = (node, context) =>
  node.type.shape.at(-2)! <= FEW_ROWS ? byRows(node, context) : tiled(node, context);

function sizesOf({ operands: { a, b }, type: { shape } }: OpNode<'matmul'>) {
  const outer = shape.slice(0, -2);
  const matrices = range(sizeOf(outer));
  const [ofA, ofB] = [a, b].map(({ type }) => matrices.map(broadcastIndex(type.shape.slice(0, -2), outer)));
  return {
    rows: shape.at(-2)!,
    columns: shape.at(-1)!,
    inner: a.type.shape.at(-1)!,
    matrices: matrices.length,
    places: `const matricesOfA = [${ofA!.join(', ')}], matricesOfB = [${ofB!.join(', ')}];`,
  };
}

const byRows: Kernel<'matmul'> = (node, { pitch, store, scratch }) => {
  const { rows, inner, columns, matrices, places } = sizesOf(node);
  return code`
    const ROWS = ${rows}, INNER = ${inner}, COLUMNS = ${columns};
    const sums = ${scratch(columns)};
    // Which matrix of each operand a matrix of the result is made of.
    ${places}
    return function run() {
      for (let row = 0; row < ${matrices} * ROWS; row++) {
        const matrix = Math.floor(row / ROWS);
        const left = (matricesOfA[matrix] * ROWS + row % ROWS) * INNER;
        let right = matricesOfB[matrix] * INNER * COLUMNS;
        const to = row * ${pitch};
        sums.fill(0, 0, COLUMNS);
        for (let k = 0; k < INNER; k++, right += COLUMNS) {
          const value = a[left + k];
          for (let f = 0; f < COLUMNS; f++) sums[f] += value * b[right + f];
        }
        for (let f = 0; f < COLUMNS; f++) {
          ${store('sums[f]', { index: 'to + f', channel: 'f' })}
        }
      }
    };
  `;
};

const tiled: Kernel<'matmul'> = (node, context) => {
  const { rows, inner, columns, matrices, places } = sizesOf(node);
  const runs = { rows: tileRuns(rows, TILE.pixels), columns: tileRuns(columns, TILE.filters) };
  const memory = context.scratch(inner * columns + fetchedLength(inner, rows));
  const reads = {
    values: 'a',
    step: 'INNER',
    weights: 'turned',
    products: 'INNER',
    windows: rows,
    fetched: { array: memory, offset: inner * columns },
  };
  const sizes = tileSizes({ pixels: runs.rows, filters: runs.columns });
  const sums: TileSums = {
    start: () => '0',
    store: (sum, row, column) =>
      context.store(sum, {
        index: sumOf(sumOf('to', product(row, 'PITCH')), column),
        channel: sumOf('f', column),
      }),
  };
  const columnsFunction = ({ size }: TileRun) => code`
    function columns${size}(firstRow, first, f) {
      ${bring(size, 'f * INNER', reads)}
      ${tileLoops(
        runs.rows,
        {
          filters: size,
          from: 'firstRow + j * INNER',
          to: 'first + j * PITCH + f',
        },
        reads,
      )}
    }
  `;
  return code`
    const ROWS = ${rows}, INNER = ${inner}, COLUMNS = ${columns}, PITCH = ${context.pitch};
    const turned = ${memory};
    // Which matrix of each operand a matrix of the result is made of.
    ${places}

    // A few columns at a time: going down one column after the other would miss the cache at every step.
    function turn(from) {
      for (let first = 0; first < COLUMNS; first += 4) {
        const end = Math.min(first + 4, COLUMNS);
        for (let k = 0; k < INNER; k++)
          for (let f = first; f < end; f++) turned[f * INNER + k] = b[from + k * COLUMNS + f];
      }
    }

    ${tileReads(reads, sizes)}

    ${tileFunctions(reads, sizes, sums)}

    // A few columns of the result.
    ${runs.columns.map(columnsFunction).join('\n\n')}

    return function run() {
      for (let matrix = 0; matrix < ${matrices}; matrix++) {
        if (matrix === 0 || matricesOfB[matrix] !== matricesOfB[matrix - 1]) turn(matricesOfB[matrix] * INNER * COLUMNS);
        const from = matricesOfA[matrix] * ROWS * INNER;
        const to = matrix * ROWS * PITCH;
        ${lines(runs.columns.map((run) => forTiles({ name: 'f' }, run, `columns${run.size}(from, to, f);`)))}
      }
    };
  `;
};

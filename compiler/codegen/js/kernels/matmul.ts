// Products of matrices by the register tiles of convolution, for which the second one is turned first: rows of
// the first are pixels, columns of the second filters. For a row or two, turning would cost more than it saves:
// their sums grow together, row by row of the second matrix.
import type { OpNode } from '../../../ir/graph.ts';
import { broadcastIndex } from '../../../ops/elementwise.ts';
import { code, lines } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import type { Kernel } from '../kernel.ts';
import { plus, registerTile, TILE, tileName, tileViews, times } from './conv/register-tile.ts';
import { tileRuns } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

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
  const reads = { values: 'a', step: 'INNER', weights: 'turned', products: 'INNER' };
  const sizes = {
    pixels: runs.rows.map(({ size }) => size),
    filters: runs.columns.map(({ size }) => size),
  };
  const tiles = runs.rows.flatMap((r) =>
    runs.columns.map((c) =>
      registerTile({
        pixels: r.size,
        filters: c.size,
        products: reads.products,
        start: () => '0',
        store: (sum, p, f) =>
          context.store(sum, { index: plus(times('to', p, 'PITCH'), f), channel: plus('f', f) }),
      }),
    ),
  );
  const loops = runs.columns.flatMap((c) =>
    runs.rows.map(
      (r) => code`
        for (let f = ${c.begin}; f < ${c.end}; f += ${c.size})
          for (let i = ${r.begin}; i < ${r.end}; i += ${r.size})
            ${tileName(r.size, c.size)}(from + i * INNER, f * INNER, to + i * PITCH + f, f);
      `,
    ),
  );
  return code`
    const ROWS = ${rows}, INNER = ${inner}, COLUMNS = ${columns}, PITCH = ${context.pitch};
    const turned = ${context.scratch(inner * columns)};
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

    ${tileViews(reads, sizes)}

    ${[...new Set(tiles)].join('\n\n')}

    return function run() {
      for (let matrix = 0; matrix < ${matrices}; matrix++) {
        if (matrix === 0 || matricesOfB[matrix] !== matricesOfB[matrix - 1]) turn(matricesOfB[matrix] * INNER * COLUMNS);
        const from = matricesOfA[matrix] * ROWS * INNER;
        const to = matrix * ROWS * PITCH;
        ${lines(loops)}
      }
    };
  `;
};

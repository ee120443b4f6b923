// Products of matrices by the register tiles of convolution, for which the second one is turned first: rows of
// the first are pixels, columns of the second filters.
import { broadcastIndex } from '../../../ops/elementwise.ts';
import { code, lines } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import type { Kernel } from '../kernel.ts';
import { plus, registerTile, TILE, tileName, times } from './conv/register-tile.ts';
import { range, tileRuns } from './tiles.ts';

export const matmul: Kernel<'matmul'> = (node, context) => {
  const { a, b } = node.operands;
  const { shape } = node.type;
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const inner = a.type.shape.at(-1)!;
  const outer = shape.slice(0, -2);
  const matrices = range(sizeOf(outer));
  const [ofA, ofB] = [a, b].map(({ type }) => matrices.map(broadcastIndex(type.shape.slice(0, -2), outer)));
  const runs = { rows: tileRuns(rows, TILE.pixels), columns: tileRuns(columns, TILE.filters) };
  const tiles = runs.rows.flatMap((r) =>
    runs.columns.map((c) =>
      registerTile({
        pixels: r.size,
        filters: c.size,
        values: 'a',
        step: 'INNER',
        weights: 'turned',
        products: 'INNER',
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
    const matricesOfA = [${ofA!.join(', ')}], matricesOfB = [${ofB!.join(', ')}];

    function turn(from) {
      for (let k = 0; k < INNER; k++)
        for (let f = 0; f < COLUMNS; f++) turned[f * INNER + k] = b[from++];
    }

    ${[...new Set(tiles)].join('\n\n')}

    return function run() {
      for (let matrix = 0; matrix < ${matrices.length}; matrix++) {
        if (matrix === 0 || matricesOfB[matrix] !== matricesOfB[matrix - 1]) turn(matricesOfB[matrix] * INNER * COLUMNS);
        const from = matricesOfA[matrix] * ROWS * INNER;
        const to = matrix * ROWS * PITCH;
        ${lines(loops)}
      }
    };
  `;
};

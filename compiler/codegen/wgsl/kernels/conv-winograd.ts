// 3×3 convolution by Winograd's minimal filtering F(4×4, 3×3): 36 products for 16 results instead of 144
// (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016). Tiles of 4×4 results: their
// inputs are transformed, multiplied with transformed weights by 36 matrix products, and transformed back.
import type { OpNode } from '../../../ir/graph.ts';
import { code, lines } from '../../../support/code.ts';
import { makeDispatch, workgroupFor, type Binding, type Dispatch, type Value } from '../dispatch.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { matrices } from '../packing.ts';
import { cells, chooseTile, range } from './tiles.ts';
import { geometryOf, type Geometry } from './window.ts';

/** Results of a tile along an axis, and the inputs that they see. */
const RESULTS = 4;
const INPUTS = 6;
const POINTS = INPUTS * INPUTS;

/** Fewer channels or filters do not pay for the transforms. */
const FEWEST_CHANNELS = 32;

export function suitsWinograd(
  geometry: Geometry,
  { groups, flip }: OpNode<'conv'>['attrs'],
  bindingBytes: number,
): boolean {
  const { kernel, stride, dilation, channels, filters, rows, columns } = geometry;
  const { tiles } = tilesOf(geometry);
  const widest = Math.max(vectors(channels), vectors(filters));
  const bytes = 16 * POINTS * Math.max(tiles * widest, 4 * vectors(channels) * vectors(filters));
  return (
    !flip &&
    kernel.every((size) => size === 3) &&
    [...stride, ...dilation, groups].every((size) => size === 1) &&
    Math.min(channels, filters) >= FEWEST_CHANNELS &&
    Math.min(rows, columns) >= RESULTS &&
    bytes <= bindingBytes
  );
}

export const convWinograd: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, channels, rows, columns, filters, pad } = geometry;
  const { tiles, tileRows, tileColumns } = tilesOf(geometry);
  const inputs = context.temporary('tiles', 16 * POINTS * tiles * vectors(channels));
  const products = context.temporary('products', 16 * POINTS * tiles * vectors(filters));
  const sizes = { tile_rows: tileRows, tile_columns: tileColumns };
  const toTiles = [vectors(channels), batch * tileRows * tileColumns] as const;
  const transformed = matrices({
    outputs: { length: filters, stride: channels * POINTS },
    inputs: { length: channels, stride: POINTS },
    taps: { length: POINTS, stride: 1 },
  });
  const layout = { ...transformed, transform: 'winograd' } as const;
  return [
    makeDispatch({
      title: 'conv by Winograd, 1 of 3: inputs of 4×4 results',
      reads: [context.read('x', x)],
      writes: { value: inputs, type: 'vec4f' },
      sizes: { height, width, ...sizes },
      constants: { PAD_TOP: pad[0], PAD_LEFT: pad[1] },
      threads: toTiles,
      workgroup: workgroupFor(toTiles),
      declarations: code`
        fn input(row: i32, column: i32, image: i32, vector: i32) -> vec4f {
          let place = vec2i(row, column);
          let inside = clamp(place, vec2i(), vec2i(shape.height, shape.width) - 1);
          let at = ((image * shape.height + inside.x) * shape.width + inside.y) * shape.threads.x + vector;
          return select(vec4f(), x[at], all(inside == place));
        }

        fn transformed(d: array<vec4f, 6>) -> array<vec4f, 6> {
          return array<vec4f, 6>(
            4 * d[0] - 5 * d[2] + d[4],
            -4 * d[1] - 4 * d[2] + d[3] + d[4],
            4 * d[1] - 4 * d[2] - d[3] + d[4],
            -2 * d[1] - d[2] + 2 * d[3] + d[4],
            2 * d[1] - d[2] - 2 * d[3] + d[4],
            4 * d[1] - 5 * d[3] + d[5],
          );
        }
      `,
      body: code`
        let vector = thread.x;
        let image = thread.y / (shape.tile_rows * shape.tile_columns);
        let top = thread.y / shape.tile_columns % shape.tile_rows * ${RESULTS} - PAD_TOP;
        let left = thread.y % shape.tile_columns * ${RESULTS} - PAD_LEFT;
        ${lines(
          range(INPUTS).map((row) => {
            const inRow = range(INPUTS).map(
              (column) => `input(top + ${row}, left + ${column}, image, vector)`,
            );
            return code`
              let row${row} = transformed(array<vec4f, 6>(
                ${lines(inRow.map((each) => `${each},`))}
              ));
            `;
          }),
        )}
        ${lines(range(INPUTS).map((column) => `let column${column} = transformed(${across('row', column)});`))}
        let point = shape.threads.x * shape.threads.y;
        let at = thread.y * shape.threads.x + thread.x;
        ${lines(everyPoint((row, column) => `y[${row * INPUTS + column} * point + at] = column${column}[${row}];`))}
      `,
    }),
    multiply(
      { inputs, products, tiles, channels, filters },
      context.weights('weight', weight, layout, 'mat4x4f'),
      context,
    ),
    context.dispatch({
      title: 'conv by Winograd, 3 of 3: 4×4 results',
      reads: [{ name: 'x', type: 'vec4f', source: products }, ...(bias ? [context.read('bias', bias)] : [])],
      sizes: { rows, columns, ...sizes },
      threads: [vectors(filters), batch * tileRows * tileColumns],
      declarations: code`
        fn transformed(d: array<vec4f, 6>) -> array<vec4f, 4> {
          return array<vec4f, 4>(
            d[0] + d[1] + d[2] + d[3] + d[4],
            d[1] - d[2] + 2 * d[3] - 2 * d[4],
            d[1] + d[2] + 4 * d[3] + 4 * d[4],
            d[1] - d[2] + 8 * d[3] - 8 * d[4] + d[5],
          );
        }

        fn put(row: i32, column: i32, image: i32, vector: i32, result: vec4f) {
          if (row >= shape.rows || column >= shape.columns) { return; }
          let at = ((image * shape.rows + row) * shape.columns + column) * shape.threads.x + vector;
          ${context.store('result', { index: 'at', vector: 'vector' })}
        }
      `,
      body: code`
        let vector = thread.x;
        let image = thread.y / (shape.tile_rows * shape.tile_columns);
        let top = thread.y / shape.tile_columns % shape.tile_rows * ${RESULTS};
        let left = thread.y % shape.tile_columns * ${RESULTS};
        let point = shape.threads.x * shape.threads.y;
        let at = thread.y * shape.threads.x + thread.x;
        ${lines(
          range(INPUTS).map((row) => {
            const inRow = range(INPUTS).map((column) => `x[${row * INPUTS + column} * point + at]`);
            return `let row${row} = transformed(array<vec4f, 6>(${inRow.join(', ')}));`;
          }),
        )}
        ${lines(range(RESULTS).map((column) => `let column${column} = transformed(${across('row', column)});`))}
        let start = ${bias ? 'bias[vector]' : 'vec4f()'};
        ${lines(
          range(RESULTS).flatMap((row) =>
            range(RESULTS).map(
              (column) =>
                `put(top + ${row}, left + ${column}, image, vector, start + column${column}[${row}]);`,
            ),
          ),
        )}
      `,
    }),
  ];
};

interface Product {
  readonly inputs: Value;
  readonly products: Value;
  readonly tiles: number;
  readonly channels: number;
  readonly filters: number;
}

/** 36 products of matrices, tiles × channels and channels × filters. */
function multiply(
  { inputs, products, tiles, channels, filters }: Product,
  weight: Binding,
  context: KernelContext,
): Dispatch {
  const tile = chooseTile({ lines: POINTS, columns: tiles, filterVectors: vectors(filters) }, context);
  const blocks = Math.ceil(tiles / tile.pixels);
  const pixels = range(tile.pixels);
  const threads = [vectors(filters) / tile.filters, POINTS * blocks] as const;
  return makeDispatch({
    title: `conv by Winograd, 2 of 3: ${tile.pixels} tiles × ${4 * tile.filters} filters per thread`,
    reads: [{ name: 'x', type: 'vec4f', source: inputs }, weight],
    writes: { value: products, type: 'vec4f' },
    sizes: { tiles, blocks, vectors: vectors(channels), filters: vectors(filters) },
    constants: { TILES: tile.pixels, FILTERS: tile.filters },
    threads,
    workgroup: workgroupFor(threads),
    body: code`
      let first = thread.x * FILTERS;
      let point = thread.y / shape.blocks;
      let tile = thread.y % shape.blocks * TILES;
      let tiles = point * shape.tiles;
      ${lines(pixels.map((m) => `let at${m} = (tiles + min(tile + ${m}, shape.tiles - 1)) * shape.vectors;`))}
      ${lines(cells(tile).map(([m, n]) => `var sum${m}_${n} = vec4f();`))}
      var at = point * shape.vectors * shape.filters + first;
      for (var c = 0; c < shape.vectors; c++) {
        ${lines(range(tile.filters).map((n) => `let weight${n} = weight[at + ${n}];`))}
        ${lines(pixels.map((m) => `let x${m} = x[at${m} + c];`))}
        ${lines(cells(tile).map(([m, n]) => `sum${m}_${n} += weight${n} * x${m};`))}
        at += shape.filters;
      }
      let to = (tiles + tile) * shape.filters + first;
      ${lines(
        pixels.map(
          (m) => code`
            if (tile + ${m} < shape.tiles) {
              ${lines(range(tile.filters).map((n) => `y[to + ${m} * shape.filters + ${n}] = sum${m}_${n};`))}
            }
          `,
        ),
      )}
    `,
  });
}

/** One element of each of six arrays. */
const across = (name: string, index: number): string =>
  `array<vec4f, 6>(${range(INPUTS)
    .map((i) => `${name}${i}[${index}]`)
    .join(', ')})`;

const everyPoint = (text: (row: number, column: number) => string): readonly string[] =>
  range(INPUTS).flatMap((row) => range(INPUTS).map((column) => text(row, column)));

function tilesOf({ batch, rows, columns }: Geometry) {
  const [tileRows, tileColumns] = [Math.ceil(rows / RESULTS), Math.ceil(columns / RESULTS)];
  return { tileRows, tileColumns, tiles: batch * tileRows * tileColumns };
}

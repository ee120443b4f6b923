// 3×3 convolution by Winograd's minimal filtering F(4×4, 3×3): 36 products for 16 results instead of 144
// (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016). Tiles of 4×4 results: their
// inputs are transformed, multiplied with transformed weights by 36 matrix products, and transformed back.
// Transforms take row after row and add its shares to all results, in a loop: written out, they would take a device
// three times as long to compile, and more registers.
import type { OpNode } from '../../../ir/graph.ts';
import { code, lines } from '../../../support/code.ts';
import {
  makeDispatch,
  withVariants,
  workgroupFor,
  type Dispatch,
  type Source,
  type Value,
} from '../dispatch.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { matrices } from '../packing.ts';
import { sharedProduct, suitsSharing, type ProductSize } from './shared-product.ts';
import { cells, chooseTile, type Tile } from './tiles.ts';
import { geometryOf, type Geometry } from './window.ts';
import { range } from '../../../support/numbers.ts';

/** Results of a tile along an axis, and the inputs that they see. */
const RESULTS = 4;
const INPUTS = 6;
const POINTS = INPUTS * INPUTS;
/** Rows of points that a thread transforms inputs for: all would take too many registers. */
const HALF = INPUTS / 2;

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
  const { height, width, channels, rows, columns, filters, pad } = geometry;
  const { tiles, tileRows, tileColumns } = tilesOf(geometry);
  const inputs = context.temporary('tiles', 16 * POINTS * tiles * vectors(channels));
  const products = context.temporary('products', 16 * POINTS * tiles * vectors(filters));
  const sizes = { tile_rows: tileRows, tile_columns: tileColumns };
  const toTiles = [vectors(channels), 2 * tiles] as const;
  const transformed = matrices({
    outputs: { length: filters, stride: channels * POINTS },
    inputs: { length: channels, stride: POINTS },
    taps: { length: POINTS, stride: 1 },
  });
  const layout = { ...transformed, transform: 'winograd' } as const;
  const across = range(INPUTS);
  return [
    makeDispatch({
      title: 'conv by Winograd, 1 of 3: inputs of 4×4 results',
      reads: [context.read('x', x)],
      writes: { value: inputs, type: 'vec4f' },
      sizes: { height, width, ...sizes, tiles },
      constants: { PAD_TOP: pad[0], PAD_LEFT: pad[1] },
      threads: toTiles,
      workgroup: workgroupFor(toTiles),
      declarations: code`
        // What a row of inputs adds to three rows of points: the first five to the upper, the last five to the lower.
        const SHARES = array<vec3f, 10>(
          vec3f(4, 0, 0), vec3f(0, -4, 4), vec3f(-5, -4, -4), vec3f(0, 1, -1), vec3f(1, 1, 1),
          vec3f(-2, 2, 4), vec3f(-1, -1, 0), vec3f(2, -2, -5), vec3f(1, 1, 0), vec3f(0, 0, 1),
        );

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
        let vectors = shape.threads.x;
        let half = thread.y % 2;
        let tile = thread.y / 2;
        let image = tile / (shape.tile_rows * shape.tile_columns);
        let top = tile / shape.tile_columns % shape.tile_rows * ${RESULTS} - PAD_TOP + half;
        let left = tile % shape.tile_columns * ${RESULTS} - PAD_LEFT;
        ${lines(across.map((c) => `let column${c} = clamp(left + ${c}, 0, shape.width - 1);`))}
        ${grid(HALF, INPUTS, (r, c) => `var sum${r}_${c} = vec4f();`)}
        for (var i = 0; i < ${INPUTS - 1}; i++) {
          let row = clamp(top + i, 0, shape.height - 1);
          let line = (image * shape.height + row) * shape.width;
          ${lines(across.map((c) => `let x${c} = select(vec4f(), x[(line + column${c}) * vectors + vector], row == top + i && column${c} == left + ${c});`))}
          let points = transformed(array<vec4f, 6>(${across.map((c) => `x${c}`).join(', ')}));
          let share = SHARES[half * ${INPUTS - 1} + i];
          ${grid(HALF, INPUTS, (r, c) => `sum${r}_${c} += share[${r}] * points[${c}];`)}
        }
        let point = shape.tiles * vectors;
        let at = half * ${HALF * INPUTS} * point + tile * vectors + vector;
        ${grid(HALF, INPUTS, (r, c) => `y[${r * INPUTS + c} * point + at] = sum${r}_${c};`)}
      `,
    }),
    multiply(
      { inputs, products, tiles, channels, filters },
      context.weights('weight', weight, layout).source,
      context,
    ),
    context.dispatch({
      title: 'conv by Winograd, 3 of 3: 4×4 results',
      reads: [{ name: 'x', type: 'vec4f', source: products }, ...(bias ? [context.read('bias', bias)] : [])],
      sizes: { rows, columns, ...sizes },
      threads: [vectors(filters), tiles],
      declarations: code`
        // What a row of points adds to four rows of results.
        const SHARES = array<vec4f, 6>(
          vec4f(1, 0, 0, 0), vec4f(1, 1, 1, 1), vec4f(1, -1, 1, -1),
          vec4f(1, 2, 4, 8), vec4f(1, -2, 4, -8), vec4f(0, 0, 0, 1),
        );

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
        let start = ${bias ? 'bias[vector]' : 'vec4f()'};
        ${grid(RESULTS, RESULTS, (r, c) => `var sum${r}_${c} = start;`)}
        for (var i = 0; i < ${INPUTS}; i++) {
          let row = ${INPUTS} * i * point + at;
          let results = transformed(array<vec4f, 6>(${across.map((c) => `x[row + ${c} * point]`).join(', ')}));
          let share = SHARES[i];
          ${grid(RESULTS, RESULTS, (r, c) => `sum${r}_${c} += share[${r}] * results[${c}];`)}
        }
        ${grid(RESULTS, RESULTS, (r, c) => `put(top + ${r}, left + ${c}, image, vector, sum${r}_${c});`)}
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
function multiply(product: Product, weight: Source, context: KernelContext): Dispatch {
  const size = {
    batch: POINTS,
    rows: product.tiles,
    depth: vectors(product.channels),
    columns: vectors(product.filters),
  };
  const work = { lines: POINTS, columns: size.rows, filterVectors: size.columns };
  const unshared = multiplyByTiles(product, weight, chooseTile(work, context));
  const inSoftware = multiplyByTiles(product, weight, chooseTile(work, context, 'software'));
  if (context.tiles === 'one' || !suitsSharing(size)) return withVariants(unshared, { inSoftware });
  return withVariants(multiplyShared(product, weight, size), { unshared, inSoftware });
}

function multiplyShared({ inputs, products }: Product, weight: Source, size: ProductSize): Dispatch {
  const store = 'y[(product * shape.rows + row) * shape.columns + column] = sum;';
  const { block, parts } = sharedProduct(size, store);
  return makeDispatch({
    ...parts,
    title: `conv by Winograd, 2 of 3: ${block[0]} tiles × ${4 * block[1]} filters per workgroup`,
    reads: [
      { name: 'x', type: 'vec4f', source: inputs },
      { name: 'weight', type: 'vec4f', source: weight },
    ],
    writes: { value: products, type: 'vec4f' },
  });
}

function multiplyByTiles(
  { inputs, products, tiles, channels, filters }: Product,
  weight: Source,
  tile: Tile,
): Dispatch {
  const blocks = Math.ceil(tiles / tile.pixels);
  const pixels = range(tile.pixels);
  const threads = [vectors(filters) / tile.filters, POINTS * blocks] as const;
  return makeDispatch({
    title: `conv by Winograd, 2 of 3: ${tile.pixels} tiles × ${4 * tile.filters} filters per thread`,
    reads: [
      { name: 'x', type: 'vec4f', source: inputs },
      { name: 'weight', type: 'mat4x4f', source: weight },
    ],
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

const grid = (rows: number, columns: number, text: (row: number, column: number) => string): string =>
  lines(range(rows).flatMap((row) => range(columns).map((column) => text(row, column))));

function tilesOf({ batch, rows, columns }: Geometry) {
  const [tileRows, tileColumns] = [Math.ceil(rows / RESULTS), Math.ceil(columns / RESULTS)];
  return { tileRows, tileColumns, tiles: batch * tileRows * tileColumns };
}

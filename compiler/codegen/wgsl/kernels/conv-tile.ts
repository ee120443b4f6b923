// Convolution by register tiles: a thread sums a few neighbouring pixels × a few vectors of filters and
// reads each weight once for all of its pixels. No workgroup memory, so it suits every device. Weights larger
// than one binding are cut along the filters, a dispatch for each part.
import { code, lines } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { partsOf } from '../limits.ts';
import { partOf, type MatrixSource, type Part } from '../packing.ts';
import { cells, chooseTile, put } from './tiles.ts';
import { geometryOf, windowConstants } from './window.ts';
import { range } from '../../../support/numbers.ts';

export const convTile: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, filters, perGroup, kernel } = geometry;
  const taps = kernel[0] * kernel[1];
  const groupFilters = vectors(perGroup.filters);
  const tile = chooseTile({ lines: batch * rows, columns, filterVectors: groupFilters }, context);
  const tilesPerRow = Math.ceil(columns / tile.pixels);
  const pixels = range(tile.pixels);
  const start = (n: number) => (bias ? `bias[feature + ${n}]` : 'vec4f()');
  const source = sourceOf(perGroup, filters, taps, node.attrs.flip);
  const cut = { vectors: vectors(filters), together: tile.filters, bindingBytes: context.bindingBytes };
  const layoutOf = (part: Part) => partOf(source, part);
  return partsOf(layoutOf, cut).map((part) =>
    context.dispatch({
      title: `conv: ${tile.pixels} pixels × ${4 * tile.filters} filters per thread`,
      reads: [
        context.read('x', x),
        context.weights('weight', weight, layoutOf(part), 'mat4x4f'),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: {
        height,
        width,
        vectors: vectors(geometry.channels),
        rows,
        columns,
        filters: part.count,
        first_filter: part.from,
        all_filters: vectors(filters),
        group_vectors: vectors(perGroup.channels),
        group_filters: groupFilters,
        tiles_per_row: tilesPerRow,
      },
      constants: { ...windowConstants(geometry), PIXELS: tile.pixels, FILTERS: tile.filters },
      threads: [part.count / tile.filters, batch * rows * tilesPerRow],
      declarations: put(context),
      body: code`
        let own = thread.x * FILTERS;
        let feature = shape.first_filter + own;
        let line = thread.y / shape.tiles_per_row;
        let column = thread.y % shape.tiles_per_row * PIXELS;
        let image = line / shape.rows * shape.height;
        let top = line % shape.rows * STRIDE_H - PAD_TOP;
        let left = column * STRIDE_W - PAD_LEFT;
        let first_vector = feature / shape.group_filters * shape.group_vectors;
        ${lines(cells(tile).map(([m, n]) => `var sum${m}_${n} = ${start(n)};`))}
        for (var u = 0; u < KERNEL_H; u++) {
          let row = top + u * DILATION_H;
          if (row < 0 || row >= shape.height) { continue; }
          for (var v = 0; v < KERNEL_W; v++) {
            ${lines(pixels.map(pixelAt))}
            var at = (u * KERNEL_W + v) * shape.group_vectors * shape.filters + own;
            for (var c = 0; c < shape.group_vectors; c++) {
              ${lines(range(tile.filters).map((n) => `let weight${n} = weight[at + ${n}];`))}
              ${lines(pixels.map((m) => `let x${m} = select(vec4f(), x[at${m} + c], inside${m});`))}
              ${lines(cells(tile).map(([m, n]) => `sum${m}_${n} += weight${n} * x${m};`))}
              at += shape.filters;
            }
          }
        }
        let to = (line * shape.columns + column) * shape.all_filters + feature;
        ${lines(
          cells(tile).map(
            ([m, n]) =>
              `if (column + ${m} < shape.columns) { put(to + ${m} * shape.all_filters + ${n}, feature + ${n}, sum${m}_${n}); }`,
          ),
        )}
      `,
    }),
  );
};

const pixelAt = (m: number): string => code`
  let column${m} = left + ${m} * STRIDE_W + v * DILATION_W;
  let inside${m} = column${m} >= 0 && column${m} < shape.width;
  let at${m} = ((image + row) * shape.width + clamp(column${m}, 0, shape.width - 1)) * shape.vectors + first_vector;
`;

/** Weights are (filters, channels of a group, kernel height, kernel width). */
const sourceOf = (
  perGroup: { channels: number },
  filters: number,
  taps: number,
  flip: boolean,
): MatrixSource => ({
  outputs: { length: filters, stride: perGroup.channels * taps },
  inputs: { length: perGroup.channels, stride: taps },
  taps: flip ? { length: taps, stride: -1, base: taps - 1 } : { length: taps, stride: 1 },
});

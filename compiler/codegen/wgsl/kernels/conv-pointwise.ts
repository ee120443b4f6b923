// 1×1 convolution: a product of two matrices, pixels × channels and channels × filters. A thread sums a
// few pixels × a few vectors of filters; pixels follow each other whatever their row.
import { code, lines } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { matrices } from '../packing.ts';
import { cells, chooseTile, put, range } from './tiles.ts';
import { geometryOf } from './window.ts';

export const convPointwise: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const { batch, rows, columns, channels, filters } = geometryOf(node);
  const allPixels = batch * rows * columns;
  const tile = chooseTile({ lines: 1, columns: allPixels, filterVectors: vectors(filters) }, context);
  const pixels = range(tile.pixels);
  const packing = matrices({
    outputs: { length: filters, stride: channels },
    inputs: { length: channels, stride: 1 },
    taps: { length: 1, stride: 1 },
  });
  return [
    context.dispatch({
      title: `conv 1×1: ${tile.pixels} pixels × ${4 * tile.filters} filters per thread`,
      reads: [
        context.read('x', x),
        context.weights('weight', weight, packing, 'mat4x4f'),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: { pixels: allPixels, vectors: vectors(channels), filters: vectors(filters) },
      constants: { PIXELS: tile.pixels, FILTERS: tile.filters },
      threads: [vectors(filters) / tile.filters, Math.ceil(allPixels / tile.pixels)],
      declarations: put(context),
      body: code`
        let feature = thread.x * FILTERS;
        let pixel = thread.y * PIXELS;
        ${lines(pixels.map((m) => `let at${m} = min(pixel + ${m}, shape.pixels - 1) * shape.vectors;`))}
        ${lines(cells(tile).map(([m, n]) => `var sum${m}_${n} = ${bias ? `bias[feature + ${n}]` : 'vec4f()'};`))}
        var at = feature;
        for (var c = 0; c < shape.vectors; c++) {
          ${lines(range(tile.filters).map((n) => `let weight${n} = weight[at + ${n}];`))}
          ${lines(pixels.map((m) => `let x${m} = x[at${m} + c];`))}
          ${lines(cells(tile).map(([m, n]) => `sum${m}_${n} += weight${n} * x${m};`))}
          at += shape.filters;
        }
        let to = pixel * shape.filters + feature;
        ${lines(
          cells(tile).map(
            ([m, n]) =>
              `if (pixel + ${m} < shape.pixels) { put(to + ${m} * shape.filters + ${n}, feature + ${n}, sum${m}_${n}); }`,
          ),
        )}
      `,
    }),
  ];
};

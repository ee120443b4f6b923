// 1×1 convolution: a product of two matrices, pixels × channels and channels × filters. A thread sums a
// few pixels × a few vectors of filters; pixels follow each other whatever their row. Weights larger than one
// binding are cut along the filters, a dispatch for each part. GPUs of desktops share what they read where there is
// enough of it.
import { code, lines } from '../../../support/code.ts';
import { withVariants } from '../dispatch.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { partsOf } from '../limits.ts';
import { partOf, type MatrixSource, type Part } from '../packing.ts';
import { convPointwiseShared } from './conv-pointwise-shared.ts';
import { suitsSharing } from './shared-product.ts';
import { cells, chooseTile, put, type Tile } from './tiles.ts';
import { geometryOf } from './window.ts';
import { range } from '../../../support/numbers.ts';

export const convPointwise: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const { batch, rows, columns, channels, filters } = geometryOf(node);
  const allPixels = batch * rows * columns;
  const work = { lines: 1, columns: allPixels, filterVectors: vectors(filters) };
  const tile = chooseTile(work, context);
  const tileInSoftware = chooseTile(work, context, 'software');
  const source: MatrixSource = {
    outputs: { length: filters, stride: channels },
    inputs: { length: channels, stride: 1 },
    taps: { length: 1, stride: 1 },
  };
  const together = Math.max(tile.filters, tileInSoftware.filters);
  const cut = { vectors: vectors(filters), together, bindingBytes: context.bindingBytes };
  const layoutOf = (part: Part) => partOf(source, part);
  const byTiles = (tile: Tile, part: Part) => {
    const pixels = range(tile.pixels);
    return context.dispatch({
      title: `conv 1×1: ${tile.pixels} pixels × ${4 * tile.filters} filters per thread`,
      reads: [
        context.read('x', x),
        context.weights('weight', weight, layoutOf(part), 'mat4x4f'),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: {
        pixels: allPixels,
        vectors: vectors(channels),
        filters: part.count,
        first_filter: part.from,
        all_filters: vectors(filters),
      },
      constants: { PIXELS: tile.pixels, FILTERS: tile.filters },
      threads: [part.count / tile.filters, Math.ceil(allPixels / tile.pixels)],
      declarations: put(context),
      body: code`
        var at = thread.x * FILTERS;
        let feature = shape.first_filter + at;
        let pixel = thread.y * PIXELS;
        ${lines(pixels.map((m) => `let at${m} = min(pixel + ${m}, shape.pixels - 1) * shape.vectors;`))}
        ${lines(cells(tile).map(([m, n]) => `var sum${m}_${n} = ${bias ? `bias[feature + ${n}]` : 'vec4f()'};`))}
        for (var c = 0; c < shape.vectors; c++) {
          ${lines(range(tile.filters).map((n) => `let weight${n} = weight[at + ${n}];`))}
          ${lines(pixels.map((m) => `let x${m} = x[at${m} + c];`))}
          ${lines(cells(tile).map(([m, n]) => `sum${m}_${n} += weight${n} * x${m};`))}
          at += shape.filters;
        }
        let to = pixel * shape.all_filters + feature;
        ${lines(
          cells(tile).map(
            ([m, n]) =>
              `if (pixel + ${m} < shape.pixels) { put(to + ${m} * shape.all_filters + ${n}, feature + ${n}, sum${m}_${n}); }`,
          ),
        )}
      `,
    });
  };
  return partsOf(layoutOf, cut).map((part) => {
    const unshared = byTiles(tile, part);
    const inSoftware = byTiles(tileInSoftware, part);
    const size = { batch: 1, rows: allPixels, depth: vectors(channels), columns: part.count };
    if (context.tiles === 'one' || !suitsSharing(size)) return withVariants(unshared, { inSoftware });
    const shared = convPointwiseShared(node, context, size, { part, layout: layoutOf(part) });
    return withVariants(shared, { unshared, inSoftware });
  });
};

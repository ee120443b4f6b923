// Transposed convolution, seen from the result: which inputs put their kernel here, and by which tap. Weights larger
// than one binding are cut, a dispatch for each part: along the filters or, where there are groups, between these.
import { code } from '../../../support/code.ts';
import { commonDivisor } from '../../../support/numbers.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { partsOf } from '../limits.ts';
import { partOf, range, type MatrixSource, type Part } from '../packing.ts';
import { geometryOf, groupsAreAligned, windowConstants } from './window.ts';

export const deconv: Kernel<'deconv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, filters, perGroup, kernel } = geometry;
  const aligned = groupsAreAligned(geometry, node.attrs.groups);
  const taps = kernel[0] * kernel[1];
  // Weights are (channels, filters of a group, height, width).
  const source: MatrixSource = {
    outputs: { length: perGroup.filters, stride: taps },
    inputs: { length: channels, stride: perGroup.filters * taps },
    taps: { length: taps, stride: 1 },
  };
  const { groups } = node.attrs;
  /** Groups of whose weights a part binds something, as channels: all filters of several groups, or some of one. */
  const boundChannels = ({ from, count }: Part) => {
    const first = Math.floor((4 * from) / perGroup.filters);
    const last = Math.min(groups, Math.ceil((4 * (from + count)) / perGroup.filters));
    return { from: first * perGroup.channels, count: (last - first) * perGroup.channels };
  };
  const boundFilters = ({ count }: Part) => Math.min(count, vectors(perGroup.filters));
  const layoutOf = (part: Part) => {
    const bound = boundChannels(part);
    const row = perGroup.filters * taps;
    if (!aligned) return range(bound.from * row, bound.count * row);
    const rows = {
      inputs: { length: bound.count, stride: row },
      taps: { ...source.taps, base: bound.from * row },
    };
    return partOf({ ...source, ...rows }, { from: groups === 1 ? part.from : 0, count: boundFilters(part) });
  };
  // The fewest groups whose filters fill vectors.
  const together = groups === 1 ? 1 : perGroup.filters / commonDivisor(4, perGroup.filters);
  const all = vectors(filters);
  const parts = partsOf(layoutOf, { vectors: all, together, bindingBytes: context.bindingBytes });
  const way = aligned ? BY_VECTORS : BY_CHANNELS;
  return parts.map((part) =>
    context.dispatch({
      title: 'deconv: 4 filters of a pixel per thread',
      reads: [
        context.read('x', x, way.x),
        context.weights('weight', weight, layoutOf(part), way.weight),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: {
        height,
        width,
        vectors: vectors(channels),
        rows,
        columns,
        filters,
        group_channels: perGroup.channels,
        group_filters: perGroup.filters,
        bound_filters: boundFilters(part),
        bound_channels: vectors(boundChannels(part).count),
        first_channel: boundChannels(part).from,
        first_filter: part.from,
        all_filters: all,
      },
      constants: windowConstants(geometry),
      threads: [part.count, batch * rows * columns],
      body: code`
        let feature = shape.first_filter + thread.x;
        let image = thread.y / (shape.rows * shape.columns) * shape.height;
        let bottom = thread.y / shape.columns % shape.rows + PAD_TOP;
        let right = thread.y % shape.columns + PAD_LEFT;
        var sum = ${bias ? 'bias[feature]' : 'vec4f()'};
        for (var u = 0; u < KERNEL_H; u++) {
          let row = (bottom - u * DILATION_H) / STRIDE_H;
          if (row * STRIDE_H != bottom - u * DILATION_H || row < 0 || row >= shape.height) { continue; }
          for (var v = 0; v < KERNEL_W; v++) {
            let column = (right - v * DILATION_W) / STRIDE_W;
            if (column * STRIDE_W != right - v * DILATION_W || column < 0 || column >= shape.width) { continue; }
            let tap = u * KERNEL_W + v;
            let pixel = (image + row) * shape.width + column;
            ${way.add}
          }
        }
        ${context.store('sum', { index: 'thread.y * shape.all_filters + feature', vector: 'feature' })}
      `,
    }),
  );
};

const BY_VECTORS = {
  x: 'vec4f',
  weight: 'mat4x4f',
  add: code`
    let group_vectors = (shape.group_channels + 3) / 4;
    let first = feature / ((shape.group_filters + 3) / 4) * group_vectors;
    for (var c = first; c < first + group_vectors; c++) {
      let row = tap * shape.bound_channels + c - shape.first_channel / 4;
      let at = row * shape.bound_filters + thread.x % shape.bound_filters;
      sum += weight[at] * x[pixel * shape.vectors + c];
    }
  `,
} as const;

/** Groups that begin within a vector. */
const BY_CHANNELS = {
  x: 'f32',
  weight: 'f32',
  add: code`
    for (var lane = 0; lane < 4; lane++) {
      let f = 4 * feature + lane;
      if (f >= shape.filters) { continue; }
      let first = f / shape.group_filters * shape.group_channels;
      for (var c = first; c < first + shape.group_channels; c++) {
        let at = ((c - shape.first_channel) * shape.group_filters + f % shape.group_filters) * KERNEL_H * KERNEL_W + tap;
        sum[lane] += weight[at] * x[pixel * shape.vectors * 4 + c];
      }
    }
  `,
} as const;

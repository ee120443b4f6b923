// Convolution in groups that begin within a vector: one channel at a time. Rare, so plain. Weights larger than one
// binding are cut along the filters, a dispatch for each part.
import { code } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { partsOf } from '../limits.ts';
import { plainPartOf, type Part } from '../packing.ts';
import { geometryOf, windowConstants } from './window.ts';

export const convGrouped: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, filters, perGroup } = geometry;
  const layoutOf = (part: Part) => plainPartOf(weight.type.shape, part);
  const { bindingBytes } = context;
  return partsOf(layoutOf, { vectors: vectors(filters), together: 1, bindingBytes }).map((part) =>
    context.dispatch({
      title: 'conv in groups: 4 filters of a pixel per thread',
      reads: [
        context.read('x', x, 'f32'),
        context.weights('weight', weight, layoutOf(part), 'f32'),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: {
        height,
        width,
        pitch: 4 * vectors(channels),
        rows,
        columns,
        filters,
        group_channels: perGroup.channels,
        group_filters: perGroup.filters,
        first_filter: part.from,
        all_filters: vectors(filters),
      },
      constants: { ...windowConstants(geometry), FLIP: node.attrs.flip ? 1 : 0 },
      threads: [part.count, batch * rows * columns],
      declarations: code`
        // Of the part's weights, which lie (filters, channels of a group, height, width).
        fn weight_at(own: i32, c: i32, tap: i32) -> f32 {
          let turned = select(tap, KERNEL_H * KERNEL_W - 1 - tap, FLIP == 1);
          return weight[(own * shape.group_channels + c) * KERNEL_H * KERNEL_W + turned];
        }
      `,
      body: code`
        let vector = shape.first_filter + thread.x;
        let image = thread.y / (shape.rows * shape.columns) * shape.height;
        let top = thread.y / shape.columns % shape.rows * STRIDE_H - PAD_TOP;
        let left = thread.y % shape.columns * STRIDE_W - PAD_LEFT;
        var sum = ${bias ? 'bias[vector]' : 'vec4f()'};
        for (var lane = 0; lane < 4; lane++) {
          let feature = 4 * vector + lane;
          if (feature >= shape.filters) { continue; }
          let first_channel = feature / shape.group_filters * shape.group_channels;
          for (var u = 0; u < KERNEL_H; u++) {
            let row = top + u * DILATION_H;
            if (row < 0 || row >= shape.height) { continue; }
            for (var v = 0; v < KERNEL_W; v++) {
              let column = left + v * DILATION_W;
              if (column < 0 || column >= shape.width) { continue; }
              let at = ((image + row) * shape.width + column) * shape.pitch + first_channel;
              for (var c = 0; c < shape.group_channels; c++) {
                sum[lane] += weight_at(4 * thread.x + lane, c, u * KERNEL_W + v) * x[at + c];
              }
            }
          }
        }
        ${context.store('sum', { index: 'thread.y * shape.all_filters + vector', vector: 'vector' })}
      `,
    }),
  );
};

// Convolution in groups that begin within a vector: one channel at a time. Rare, so plain.
import { code } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { plain } from '../packing.ts';
import { geometryOf, windowConstants } from './window.ts';

export const convGrouped: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, filters, perGroup } = geometry;
  return [
    context.dispatch({
      title: 'conv in groups: 4 filters of a pixel per thread',
      reads: [
        context.read('x', x, 'f32'),
        context.weights('weight', weight, plain(weight.type.shape), 'f32'),
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
      },
      constants: { ...windowConstants(geometry), FLIP: node.attrs.flip ? 1 : 0 },
      threads: [vectors(filters), batch * rows * columns],
      declarations: code`
        // Of the weights, which lie (filters, channels of a group, height, width).
        fn weight_at(feature: i32, c: i32, tap: i32) -> f32 {
          let turned = select(tap, KERNEL_H * KERNEL_W - 1 - tap, FLIP == 1);
          return weight[(feature * shape.group_channels + c) * KERNEL_H * KERNEL_W + turned];
        }
      `,
      body: code`
        let image = thread.y / (shape.rows * shape.columns) * shape.height;
        let top = thread.y / shape.columns % shape.rows * STRIDE_H - PAD_TOP;
        let left = thread.y % shape.columns * STRIDE_W - PAD_LEFT;
        var sum = ${bias ? 'bias[thread.x]' : 'vec4f()'};
        for (var lane = 0; lane < 4; lane++) {
          let feature = 4 * thread.x + lane;
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
                sum[lane] += weight_at(feature, c, u * KERNEL_W + v) * x[at + c];
              }
            }
          }
        }
        ${context.store('sum', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

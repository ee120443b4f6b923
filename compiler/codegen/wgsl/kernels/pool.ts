// Pooling: a thread per four channels of a window.
import { code } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';
import { threadsFor } from '../kernel.ts';

export const pool: Kernel<'pool'> = (node, context) => {
  const { x } = node.operands;
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(node.type.shape);
  const { kernel, stride, dilation, pad } = window2d(node.attrs);
  const { start, step, result, count } = REDUCTIONS[node.attrs.mode];
  const counted = node.attrs.countPad ? 'row_in_padding && column_in_padding' : 'inside';
  return [
    context.dispatch({
      title: `pool: ${node.attrs.mode}`,
      reads: [context.read('x', x)],
      sizes: {
        height,
        width,
        rows,
        columns,
        kernel_height: kernel[0],
        kernel_width: kernel[1],
        padded_height: height + pad[2],
        padded_width: width + pad[3],
      },
      constants: {
        STRIDE_H: stride[0],
        STRIDE_W: stride[1],
        DILATION_H: dilation[0],
        DILATION_W: dilation[1],
        PAD_TOP: pad[0],
        PAD_LEFT: pad[1],
      },
      threads: threadsFor(channels, batch * rows * columns),
      body: code`
        let vectors = shape.threads.x;
        let image = thread.y / (shape.rows * shape.columns);
        let top = thread.y / shape.columns % shape.rows * STRIDE_H - PAD_TOP;
        let left = thread.y % shape.columns * STRIDE_W - PAD_LEFT;
        var result = vec4f(${number(start)});
        ${count ? 'var count = 0.0;' : ''}
        for (var u = 0; u < shape.kernel_height; u++) {
          let row = top + u * DILATION_H;
          for (var v = 0; v < shape.kernel_width; v++) {
            let column = left + v * DILATION_W;
            let inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
            ${count ? counting(counted) : ''}
            if (!inside) { continue; }
            let value = x[((image * shape.height + row) * shape.width + column) * vectors + thread.x];
            ${step}
          }
        }
        ${context.store(result, { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

const REDUCTIONS = {
  max: { start: -Infinity, step: 'result = max(result, value);', result: 'result', count: false },
  avg: { start: 0, step: 'result += value;', result: '(result / count)', count: true },
};

const counting = (counted: string): string =>
  counted === 'inside'
    ? 'count += f32(inside);'
    : 'count += f32(row < shape.padded_height && column < shape.padded_width);';

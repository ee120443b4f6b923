// Places of the maxima of windows: a thread per four channels of a window, as in pooling.
import { code } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';

export const maxIndices: Kernel<'max_indices'> = (node, context) => {
  const { x } = node.operands;
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(node.type.shape);
  const { kernel, stride, dilation, pad } = window2d(node.attrs);
  const [inner, outer, place] = node.attrs.columns
    ? ['shape.height', 'shape.width', 'column * shape.height + row']
    : ['shape.width', 'shape.height', 'row * shape.width + column'];
  return [
    context.dispatch({
      title: 'max_indices',
      reads: [context.read('x', x)],
      sizes: { height, width, rows, columns, kernel_height: kernel[0], kernel_width: kernel[1] },
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
        var best = vec4f(${number(-Infinity)});
        var places = vec4i();
        let channels = (4 * thread.x + vec4i(0, 1, 2, 3)) * ${inner} * ${outer};
        for (var u = 0; u < shape.kernel_height; u++) {
          let row = top + u * DILATION_H;
          for (var v = 0; v < shape.kernel_width; v++) {
            let column = left + v * DILATION_W;
            if (row < 0 || row >= shape.height || column < 0 || column >= shape.width) { continue; }
            let value = x[((image * shape.height + row) * shape.width + column) * vectors + thread.x];
            let isBetter = value > best;
            best = select(best, value, isBetter);
            places = select(places, channels + ${place}, isBetter);
          }
        }
        ${context.store('vec4f(places)', { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

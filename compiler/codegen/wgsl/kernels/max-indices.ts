// Places of the maxima of windows: a thread per four channels of a window, as in pooling.
import { code } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';
import { slidingConstants, throughWindow } from './window.ts';

export const maxIndices: Kernel<'max_indices'> = (node, context) => {
  const { x } = node.operands;
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(node.type.shape);
  const window = window2d(node.attrs);
  const { kernel } = window;
  const [inner, outer, place] = node.attrs.columns
    ? ['shape.height', 'shape.width', 'column * shape.height + row']
    : ['shape.width', 'shape.height', 'row * shape.width + column'];
  return [
    context.dispatch({
      title: 'max_indices',
      reads: [context.read('x', x)],
      sizes: { height, width, rows, columns, kernel_height: kernel[0], kernel_width: kernel[1] },
      constants: slidingConstants(window),
      threads: threadsFor(channels, batch * rows * columns),
      body: code`
        ${throughWindow(
          code`
            var best = vec4f(${number(-Infinity)});
            var places = vec4i();
            let channels = (4 * thread.x + vec4i(0, 1, 2, 3)) * ${inner} * ${outer};
          `,
          code`
            if (!inside) { continue; }
            let value = x[pixel * vectors + thread.x];
            let isBetter = value > best;
            best = select(best, value, isBetter);
            places = select(places, channels + ${place}, isBetter);
          `,
        )}
        ${context.store('vec4f(places)', { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

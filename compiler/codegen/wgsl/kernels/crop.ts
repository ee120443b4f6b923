// A map without some of its border: a thread per four channels of a pixel.
import { sides2d } from '../../../ops/padding.ts';
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';

export const crop: Kernel<'crop'> = ({ operands: { x }, attrs, type: { shape } }, context) => {
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(shape);
  const [top, left] = sides2d(attrs.amounts);
  return [
    context.dispatch({
      title: 'crop',
      reads: [context.read('x', x)],
      sizes: { height, width, rows, columns, top, left },
      threads: threadsFor(channels, batch * rows * columns),
      body: code`
        let vectors = shape.threads.x;
        let image = thread.y / (shape.rows * shape.columns);
        let row = thread.y / shape.columns % shape.rows + shape.top;
        let column = thread.y % shape.columns + shape.left;
        let value = x[((image * shape.height + row) * shape.width + column) * vectors + thread.x];
        ${context.store('value', { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

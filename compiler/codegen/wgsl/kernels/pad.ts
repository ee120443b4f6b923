// A map with a border around it: a thread per four channels of a pixel.
import { sides2d } from '../../../ops/padding.ts';
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';

export const pad: Kernel<'pad'> = ({ operands: { x }, attrs, type: { shape } }, context) => {
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(shape);
  const [top, left] = sides2d(attrs.amounts);
  return [
    context.dispatch({
      title: `pad: ${attrs.mode}`,
      reads: [context.read('x', x)],
      sizes: { height, width, rows, columns, top, left },
      threads: threadsFor(channels, batch * rows * columns),
      declarations: WITHIN[attrs.mode],
      body: code`
        let vectors = shape.threads.x;
        let image = thread.y / (shape.rows * shape.columns);
        let place = vec2i(thread.y / shape.columns % shape.rows - shape.top, thread.y % shape.columns - shape.left);
        let pixel = within(place, vec2i(shape.height, shape.width) - 1);
        let shown = x[((image * shape.height + pixel.x) * shape.width + pixel.y) * vectors + thread.x];
        ${VALUE[attrs.mode](attrs.value)}
        ${context.store('value', { index: 'thread.y * vectors + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

/** The position inside the map that a position of the border shows. */
const WITHIN = {
  zero: 'fn within(place: vec2i, last: vec2i) -> vec2i { return clamp(place, vec2i(), last); }',
  edge: 'fn within(place: vec2i, last: vec2i) -> vec2i { return clamp(place, vec2i(), last); }',
  reflect: 'fn within(place: vec2i, last: vec2i) -> vec2i { return last - abs(last - abs(place)); }',
};

const VALUE = {
  zero: (value: number) => `let value = select(vec4f(${number(value)}), shown, all(pixel == place));`,
  edge: () => 'let value = shown;',
  reflect: () => 'let value = shown;',
};

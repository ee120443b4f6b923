// A map at another size: a thread per four channels of a pixel. Positions are fractions of whole numbers,
// so that a pixel that lies exactly between two is found exactly.
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';

export const resize: Kernel<'resize'> = ({ operands: { x }, attrs, type: { shape } }, context) => {
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(shape);
  const nearest =
    attrs.corners === 'asymmetric' ? 'place.x / place.y' : '(2 * place.x + place.y) / (2 * place.y)';
  return [
    context.dispatch({
      title: `resize: ${attrs.mode}, corners=${attrs.corners}`,
      reads: [context.read('x', x)],
      sizes: { height, width, rows, columns },
      threads: threadsFor(channels, batch * rows * columns),
      declarations: code`
        // Where position i of \`to\` lies among \`size\`: numerator and denominator.
        fn place_of(i: i32, size: i32, to: i32) -> vec2i {
          return ${PLACES[attrs.corners]};
        }

        fn nearest(i: i32, size: i32, to: i32) -> i32 {
          let place = place_of(i, size, to);
          return clamp(${nearest}, 0, size - 1);
        }

        // The position before, and the share of the one behind it.
        struct Between { before: i32, behind: i32, share: f32 }
        fn between(i: i32, size: i32, to: i32) -> Between {
          let place = place_of(i, size, to);
          let at = clamp(place.x, 0, (size - 1) * place.y);
          let before = at / place.y;
          return Between(before, min(before + 1, size - 1), f32(at % place.y) / f32(place.y));
        }

        fn pixel(image: i32, row: i32, column: i32, vector: i32) -> vec4f {
          return x[((image * shape.height + row) * shape.width + column) * shape.threads.x + vector];
        }
      `,
      body: code`
        let image = thread.y / (shape.rows * shape.columns);
        let i = thread.y / shape.columns % shape.rows;
        let j = thread.y % shape.columns;
        ${SAMPLE[attrs.mode]}
        ${context.store('value', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

const PLACES = {
  half: 'vec2i((2 * i + 1) * size - to, 2 * to)',
  align: 'vec2i(select(i * (size - 1), 0, to == 1), max(to - 1, 1))',
  asymmetric: 'vec2i(i * size, to)',
};

const SAMPLE = {
  nearest: code`
    let row = nearest(i, shape.height, shape.rows);
    let column = nearest(j, shape.width, shape.columns);
    let value = pixel(image, row, column, thread.x);
  `,
  bilinear: code`
    let row = between(i, shape.height, shape.rows);
    let column = between(j, shape.width, shape.columns);
    let above = mix(
      pixel(image, row.before, column.before, thread.x),
      pixel(image, row.before, column.behind, thread.x),
      column.share,
    );
    let below = mix(
      pixel(image, row.behind, column.before, thread.x),
      pixel(image, row.behind, column.behind, thread.x),
      column.share,
    );
    let value = mix(above, below, row.share);
  `,
};

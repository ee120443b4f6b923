// A map at another size: a thread per four channels of a pixel. Positions are fractions of whole numbers,
// so that a pixel that lies exactly between two is found exactly.
import { code } from '../../../support/code.ts';
import { commonDivisor } from '../../../support/numbers.ts';
import { refuse } from '../../../support/refusal.ts';
import { map2d } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';

export const resize: Kernel<'resize'> = ({ operands: { x }, attrs, type: { shape } }, context) => {
  const [, height, width, channels] = map2d(x.type.shape);
  const [batch, rows, columns] = map2d(shape);
  const [down, across] = [scaleOf(height, rows, attrs.corners), scaleOf(width, columns, attrs.corners)];
  return [
    context.dispatch({
      title: `resize: ${attrs.mode}, corners=${attrs.corners}`,
      reads: [context.read('x', x)],
      sizes: {
        height,
        width,
        rows,
        columns,
        scale_down: down[0],
        scale_down_by: down[1],
        scale_across: across[0],
        scale_across_by: across[1],
      },
      threads: threadsFor(channels, batch * rows * columns),
      declarations: code`
        fn nearest(i: i32, size: i32, scale: vec2i) -> i32 {
          return clamp(${NEAREST[attrs.corners]}, 0, size - 1);
        }

        // The position before, and the share of the one behind it.
        struct Between { before: i32, behind: i32, share: f32 }
        fn between(i: i32, size: i32, scale: vec2i) -> Between {
          // Where position i lies: numerator and denominator.
          let place = ${PLACES[attrs.corners]};
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
        let down = vec2i(shape.scale_down, shape.scale_down_by);
        let across = vec2i(shape.scale_across, shape.scale_across_by);
        ${SAMPLE[attrs.mode]}
        ${context.store('value', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

type Corners = keyof typeof PLACES;

/** Steps of the operand for steps of the result, in lowest terms. Throws a `Refusal` where 32 bits do not do. */
function scaleOf(size: number, to: number, corners: Corners): readonly [of: number, by: number] {
  const [of, by] = corners !== 'align' ? [size, to] : to === 1 ? [0, 1] : [size - 1, to - 1];
  const common = commonDivisor(of, by);
  const places = corners === 'half' ? 2 * to + 1 : to;
  if (places * (of / common) + 2 * (by / common) > MOST)
    refuse('E047', `RESIZE from ${size} to ${to} takes numbers that GPUs do not have`, {
      help: 'sizes with a common divisor take smaller ones',
    });
  return [of / common, by / common];
}

const MOST = 2 ** 31 - 1;

const PLACES = {
  half: 'vec2i((2 * i + 1) * scale.x - scale.y, 2 * scale.y)',
  align: 'vec2i(i * scale.x, scale.y)',
  asymmetric: 'vec2i(i * scale.x, scale.y)',
};

const NEAREST = {
  half: '(2 * i + 1) * scale.x / (2 * scale.y)',
  align: '(i * scale.x + scale.y / 2) / scale.y',
  asymmetric: 'i * scale.x / scale.y',
};

const SAMPLE = {
  nearest: code`
    let row = nearest(i, shape.height, down);
    let column = nearest(j, shape.width, across);
    let value = pixel(image, row, column, thread.x);
  `,
  bilinear: code`
    let row = between(i, shape.height, down);
    let column = between(j, shape.width, across);
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

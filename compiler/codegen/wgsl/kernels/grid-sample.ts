// A map between its pixels: a thread for each four channels of a place adds up the pixels around it.
import { code } from '../../../support/code.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { pixelsOf } from '../layout.ts';

/** A place of the grid, −1 to 1, in pixels. */
const PIXEL = {
  half: '((g + 1) * size - 1) / 2',
  align: '(g + 1) / 2 * (size - 1)',
} as const;

/** The first of the pixels along an axis that have a share. */
const FIRST = { nearest: 'round(place)', linear: 'floor(place)', cubic: 'floor(place) - 1' } as const;

const TAPS = { nearest: 1, linear: 2, cubic: 4 } as const;

/** The shares along both axes of a pixel that lies so far away. */
const SHARE = {
  nearest: 'vec2f(1)',
  linear: '1 - distance',
  // Keys' cubic convolution with a = −0.75.
  cubic: code`
    select(((-0.75 * distance + 3.75) * distance - 6) * distance + 3,
      (1.25 * distance - 2.25) * distance * distance + 1, distance <= vec2f(1))
  `,
} as const;

/** The pixel that is seen instead of one that may lie outside; beyond the map where none is. */
const WITHIN = {
  zero: 'return pixel;',
  edge: 'return clamp(pixel, vec2i(), size - 1);',
  reflect: code`
    let place = (pixel % period + period) % period;
    return select(last - place, place, place < size);
  `,
} as const;

const PERIOD = {
  half: { period: '2 * size', last: '2 * size - 1' },
  align: { period: 'max(2 * size - 2, vec2i(1))', last: '2 * size - 2' },
} as const;

export const gridSample: Kernel<'grid_sample'> = (node, context) => {
  const { x, grid } = node.operands;
  const { mode, border, corners } = node.attrs;
  const [, height, width] = x.type.shape;
  const [, rows, columns] = node.type.shape;
  const { period, last } = PERIOD[corners];
  return [
    context.dispatch({
      title: `grid_sample: ${mode}, ${border}, ${corners}`,
      reads: [context.read('x', x), context.read('grid', grid)],
      sizes: { width: width!, height: height!, points: rows! * columns! },
      constants: { TAPS: TAPS[mode] },
      threads: threadsFor(channelsOf(node.type.shape), pixelsOf(node.type.shape)),
      declarations: code`
        // Column, then row, as in the grid.
        fn share(distance: vec2f) -> vec2f { return ${SHARE[mode]}; }

        fn within(pixel: vec2i, size: vec2i) -> vec2i {
          ${border === 'reflect' ? `let period = ${period};\nlet last = ${last};` : ''}
          ${WITHIN[border]}
        }
      `,
      body: code`
        let bounds = vec2i(shape.width, shape.height);
        let image = thread.y / shape.points * bounds.x * bounds.y;
        let g = grid[thread.y].xy;
        let size = vec2f(bounds);
        let place = ${PIXEL[corners]};
        let first = ${FIRST[mode]};
        // Far outside, where whole numbers end, nothing changes any more.
        let corner = vec2i(clamp(first, vec2f(-1e8), vec2f(1e8)));
        var value = vec4f();
        for (var v = 0; v < TAPS; v++) {
          for (var u = 0; u < TAPS; u++) {
            let pixel = within(corner + vec2i(u, v), bounds);
            if (any(pixel < vec2i()) || any(pixel >= bounds)) { continue; }
            let shares = share(abs(place - first - vec2f(f32(u), f32(v))));
            value += shares.x * shares.y * x[(image + pixel.y * bounds.x + pixel.x) * shape.threads.x + thread.x];
          }
        }
        ${context.store('value', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

// A map between its pixels: for each place first which pixels there are and their shares, then sums of them, channel
// by channel.
import { code } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';

/** Place g of the grid, −1 to 1, in pixels. */
const PIXEL = {
  half: '((g + 1) * length - 1) / 2',
  align: '(g + 1) / 2 * (length - 1)',
} as const;

/** The first of the pixels along an axis that have a share. */
const FIRST = {
  nearest: 'roundToEven(place)',
  linear: 'Math.floor(place)',
  cubic: 'Math.floor(place) - 1',
} as const;

const TAPS = { nearest: 1, linear: 2, cubic: 4 } as const;

/** The share of a pixel that lies so far away. */
const SHARE = {
  nearest: '1',
  linear: '1 - distance',
  // Keys' cubic convolution with a = −0.75.
  cubic:
    'distance <= 1 ? (1.25 * distance - 2.25) * distance * distance + 1 : ((-0.75 * distance + 3.75) * distance - 6) * distance + 3',
} as const;

/** The pixel that is seen instead of one that may lie outside; −1 where none is. */
const WITHIN = {
  zero: 'pixel >= 0 && pixel < length ? pixel : -1',
  edge: 'Math.min(Math.max(pixel, 0), length - 1)',
  reflect: 'mirrored(pixel, length)',
} as const;

const MIRRORED = {
  half: code`
    const mirrored = (pixel, length) => {
      const place = (pixel % (2 * length) + 2 * length) % (2 * length);
      return place < length ? place : 2 * length - 1 - place;
    };
  `,
  align: code`
    const mirrored = (pixel, length) => {
      const period = Math.max(1, 2 * length - 2), place = (pixel % period + period) % period;
      return place < length ? place : period - place;
    };
  `,
} as const;

export const gridSample: Kernel<'grid_sample'> = (node, { pitch, store }) => {
  const { mode, border, corners } = node.attrs;
  const [items, height, width, channels] = node.operands.x.type.shape as readonly [
    number,
    number,
    number,
    number,
  ];
  const [, rows, columns] = node.type.shape;
  const taps = TAPS[mode];
  return code`
    const HEIGHT = ${height}, WIDTH = ${width}, CHANNELS = ${channels}, TAPS = ${taps}, POINTS = ${rows! * columns!};
    const pixels = new Int32Array(${taps ** 2}), shares = new Float64Array(${taps ** 2});
    const placeOf = (g, length) => ${PIXEL[corners]};
    const first = (place) => ${FIRST[mode]};
    const share = (distance) => ${SHARE[mode]};
    ${border === 'reflect' ? MIRRORED[corners] : ''}
    const within = (pixel, length) => ${WITHIN[border]};
    return function run() {
      for (let point = 0, to = 0; point < ${items} * POINTS; point++, to += ${pitch}) {
        const image = Math.floor(point / POINTS) * HEIGHT * WIDTH;
        const across = placeOf(grid[2 * point], WIDTH), down = placeOf(grid[2 * point + 1], HEIGHT);
        const left = first(across), top = first(down);
        let count = 0;
        for (let v = 0; v < TAPS; v++)
          for (let u = 0; u < TAPS; u++) {
            const row = within(top + v, HEIGHT), column = within(left + u, WIDTH);
            if (!(row >= 0 && column >= 0)) continue;
            pixels[count] = (image + row * WIDTH + column) * CHANNELS;
            shares[count++] = share(Math.abs(down - top - v)) * share(Math.abs(across - left - u));
          }
        for (let c = 0; c < CHANNELS; c++) {
          let value = 0;
          for (let i = 0; i < count; i++) value += shares[i] * x[pixels[i] + c];
          ${store('value', { index: 'to + c', channel: 'c' })}
        }
      }
    };
  `;
};

import { code } from '../../../support/code.ts';
import { map2d, window2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { minus, scaled, sumOf } from './terms.ts';

/** As the maximum of a window, with its place. */
export const maxIndices: Kernel<'max_indices'> = (node, { pitch, store }) => {
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  const { kernel, stride, dilation, pad } = window2d(node.attrs);
  const place = node.attrs.columns
    ? '(c * WIDTH + column) * HEIGHT + row'
    : '(c * HEIGHT + row) * WIDTH + column';
  return code`
    const HEIGHT = ${height}, WIDTH = ${width}, CHANNELS = ${channels};
    return function run() {
      let to = 0;
      for (let i = 0; i < ${rows}; i++)
        for (let j = 0; j < ${columns}; j++) {
          for (let c = 0; c < CHANNELS; c++) {
            let best = -Infinity, place = 0;
            for (let u = 0; u < ${kernel[0]}; u++)
              for (let v = 0; v < ${kernel[1]}; v++) {
                const row = ${minus(sumOf(scaled('i', stride[0]), scaled('u', dilation[0])), pad[0])};
                const column = ${minus(sumOf(scaled('j', stride[1]), scaled('v', dilation[1])), pad[1])};
                if (row < 0 || row >= HEIGHT || column < 0 || column >= WIDTH) continue;
                const value = x[(row * WIDTH + column) * CHANNELS + c];
                if (!(value > best)) continue;
                best = value;
                place = ${place};
              }
            ${store('place', { index: 'to + c', channel: 'c' })}
          }
          to += ${pitch};
        }
    };
  `;
};

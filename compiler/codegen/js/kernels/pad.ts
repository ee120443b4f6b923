import { sides2d } from '../../../ops/padding.ts';
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';

/** Every pixel of the result asks which pixel of the map it shows; −1 stands for none. */
const PLACE = {
  zero: 'p < 0 || p >= size ? -1 : p',
  reflect: 'p < 0 ? -p : p < size ? p : 2 * (size - 1) - p',
  edge: 'Math.min(Math.max(p, 0), size - 1)',
} as const;

export const pad: Kernel<'pad'> = (node, { pitch, store }) => {
  const { amounts, mode, value } = node.attrs;
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  const [top, left] = sides2d(amounts);
  return code`
    const TOP = ${top}, LEFT = ${left}, HEIGHT = ${height}, WIDTH = ${width}, CHANNELS = ${channels};
    const PITCH = ${pitch};
    const place = (p, size) => (${PLACE[mode]});
    return function run() {
      for (let i = 0, to = 0; i < ${rows}; i++) {
        const row = place(i - TOP, HEIGHT);
        for (let j = 0; j < ${columns}; j++, to += PITCH) {
          const column = place(j - LEFT, WIDTH);
          const from = row < 0 || column < 0 ? -1 : (row * WIDTH + column) * CHANNELS;
          for (let c = 0; c < CHANNELS; c++) {
            const value = from < 0 ? ${number(value)} : x[from + c];
            ${store('value', { index: 'to + c', channel: 'c' })}
          }
        }
      }
    };
  `;
};

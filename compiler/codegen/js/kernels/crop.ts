import { sides2d } from '../../../ops/padding.ts';
import { code } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

export const crop: Kernel<'crop'> = (node, { pitch, store }) => {
  const [, , width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns] = map2d(node.type.shape);
  const [top, left] = sides2d(node.attrs.amounts);
  return code`
    const TOP = ${top}, LEFT = ${left}, WIDTH = ${width}, CHANNELS = ${channels}, PITCH = ${pitch};
    return function run() {
      for (let i = 0, to = 0; i < ${rows}; i++)
        for (let j = 0; j < ${columns}; j++, to += PITCH) {
          const from = ((TOP + i) * WIDTH + LEFT + j) * CHANNELS;
          for (let c = 0; c < CHANNELS; c++) {
            ${store('x[from + c]', { index: 'to + c', channel: 'c' })}
          }
        }
    };
  `;
};

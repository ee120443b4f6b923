import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

/** One walk along the axis for each element of the result. */
export const arg: Kernel<'arg'> = (node, { pitch, store }) => {
  const { shape } = node.operands.x.type;
  const { mode, axis, last } = node.attrs;
  const channels = channelsOf(node.type.shape);
  const inner = sizeOf(shape.slice(axis + 1));
  const better = `${mode === 'max' ? '>' : '<'}${last ? '=' : ''}`;
  return code`
    const LENGTH = ${shape[axis]!}, STEP = ${inner}, CHANNELS = ${channels};
    return function run() {
      let to = 0;
      for (let outer = 0; outer < ${sizeOf(shape)}; outer += LENGTH * STEP)
        for (let from = outer; from < outer + STEP; from += CHANNELS) {
          for (let c = 0; c < CHANNELS; c++) {
            let best = x[from + c], place = 0;
            for (let k = 1; k < LENGTH; k++) {
              const value = x[from + k * STEP + c];
              if (value ${better} best) {
                best = value;
                place = k;
              }
            }
            ${store('place', { index: 'to + c', channel: 'c' })}
          }
          to += ${pitch};
        }
    };
  `;
};

import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

/** One walk along the axis for each row, which keeps the best so far in order: most elements are not among them. */
export const topK: Kernel<'top_k'> = (node, { pitch, store, scratch }) => {
  const { shape } = node.operands.x.type;
  const { mode, axis, count } = node.attrs;
  const isLast = axis === shape.length - 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const channels = isLast ? 1 : channelsOf(shape);
  const better = mode === 'max' ? '>' : '<';
  const at = isLast
    ? { index: `row * ${pitch} + i`, channel: 'i' }
    : { index: `((outer * COUNT + i) * PIXELS + pixel) * ${pitch} + c`, channel: 'c' };
  return code`
    const LENGTH = ${shape[axis]!}, STEP = ${inner}, COUNT = ${count}, CHANNELS = ${channels}, PIXELS = ${inner / channels};
    const best = ${scratch(2 * count)};
    return function run() {
      for (let row = 0; row < ${sizeOf(shape) / shape[axis]!}; row++) {
        const outer = Math.floor(row / STEP), pixel = Math.floor(row % STEP / CHANNELS), c = row % CHANNELS;
        const from = outer * LENGTH * STEP + row % STEP;
        let found = 0;
        for (let k = 0; k < LENGTH; k++) {
          const value = x[from + k * STEP];
          if (found === COUNT && !(value ${better} best[COUNT - 1])) continue;
          let i = found < COUNT ? found++ : COUNT - 1;
          for (; i > 0 && value ${better} best[i - 1]; i--) {
            best[i] = best[i - 1];
            best[COUNT + i] = best[COUNT + i - 1];
          }
          best[i] = value;
          best[COUNT + i] = k;
        }
        for (let i = 0; i < COUNT; i++) {
          ${store('best[COUNT + i]', at)}
        }
      }
    };
  `;
};

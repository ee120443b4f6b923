import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';

/** Three turns over each row: the maximum, the powers and their sum, the quotients. */
export const softmax: Kernel<'softmax'> = (node, { pitch, store, scratch }) => {
  const channels = channelsOf(node.type.shape);
  const powers = scratch(channels);
  return code`
    const CHANNELS = ${channels}, PITCH = ${pitch};
    return function run() {
      for (let at = 0, to = 0; at < ${sizeOf(node.type.shape)}; at += CHANNELS, to += PITCH) {
        let largest = -Infinity;
        for (let c = 0; c < CHANNELS; c++) largest = Math.max(largest, x[at + c]);
        let sum = 0;
        for (let c = 0; c < CHANNELS; c++) {
          const power = Math.exp(x[at + c] - largest);
          ${powers}[c] = power;
          sum += power;
        }
        for (let c = 0; c < CHANNELS; c++) {
          ${store(`(${powers}[c] / sum)`, { index: 'to + c', channel: 'c' })}
        }
      }
    };
  `;
};

import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { number } from '../syntax.ts';

/** The squares of a pixel once, then a window over them for every channel. */
export const lrn: Kernel<'lrn'> = (node, { pitch, store, scratch }) => {
  const { size, alpha, beta, k } = node.attrs;
  const channels = channelsOf(node.type.shape);
  const squares = scratch(channels);
  // x^0.75 by two square roots: Math.pow is several times slower.
  const power = beta === 0.75 ? 'Math.sqrt(base) * Math.sqrt(Math.sqrt(base))' : `base ** ${number(beta)}`;
  return code`
    const CHANNELS = ${channels}, PITCH = ${pitch}, REACH = ${(size - 1) / 2}, ALPHA = ${number(alpha)} / ${size}, K = ${number(k)};
    return function run() {
      for (let at = 0, to = 0; at < ${sizeOf(node.type.shape)}; at += CHANNELS, to += PITCH) {
        for (let c = 0; c < CHANNELS; c++) ${squares}[c] = x[at + c] * x[at + c];
        for (let c = 0; c < CHANNELS; c++) {
          let sum = 0;
          for (let near = Math.max(0, c - REACH), end = Math.min(CHANNELS, c + REACH + 1); near < end; near++)
            sum += ${squares}[near];
          const base = K + ALPHA * sum;
          const value = x[at + c] / (${power});
          ${store('value', { index: 'to + c', channel: 'c' })}
        }
      }
    };
  `;
};

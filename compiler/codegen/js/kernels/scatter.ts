import { code } from '../../../support/code.ts';
import type { Kernel } from '../kernel.ts';

const COMBINE = {
  set: 'updates[i]',
  add: 'result[at] + updates[i]',
  mul: 'result[at] * updates[i]',
  max: 'Math.max(result[at], updates[i])',
  min: 'Math.min(result[at], updates[i])',
} as const;

export const scatter: Kernel<'scatter'> = ({ operands, attrs, type }, { pitch, store, scratch }) => {
  const [items, length] = type.shape as readonly [number, number];
  return code`
    const LENGTH = ${length}, COUNT = ${operands.updates.type.shape[1]!};
    const result = ${scratch(length)};
    return function run() {
      for (let n = 0; n < ${items}; n++) {
        for (let c = 0; c < LENGTH; c++) result[c] = x[n * LENGTH + c];
        for (let i = n * COUNT; i < (n + 1) * COUNT; i++) {
          const place = Math.trunc(places[i]);
          const at = place < 0 ? place + LENGTH : place;
          if (at >= 0 && at < LENGTH) result[at] = ${COMBINE[attrs.mode]};
        }
        for (let c = 0; c < LENGTH; c++) {
          ${store('result[c]', { index: `n * ${pitch} + c`, channel: 'c' })}
        }
      }
    };
  `;
};

import { code, lines } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { sumOf } from './terms.ts';

/** Operand by operand, each into its channels of every pixel. */
export const concat: Kernel<'concat'> = (node, { pitch, store }) => {
  const widths = node.operands.x.map(({ type }) => channelsOf(type.shape));
  const copies = widths.map((width, i) => {
    const first = widths.slice(0, i).reduce((a, b) => a + b, 0);
    const place = { index: `to + c`, channel: sumOf(first, 'c') };
    return code`
      for (let from = 0, to = ${first}; from < ${sizeOf(node.operands.x[i]!.type.shape)}; from += ${width}, to += PITCH)
        for (let c = 0; c < ${width}; c++) {
          ${store(`x${i}[from + c]`, place)}
        }
    `;
  });
  return code`
    const PITCH = ${pitch};
    return function run() {
      ${lines(copies)}
    };
  `;
};

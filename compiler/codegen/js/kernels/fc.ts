// One dot product per unit, four at a time, so that each input is read once for four of them. A map is
// first brought into C, H, W order, in which the weights read it.
import { code, lines } from '../../../support/code.ts';
import { map2d } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { product, sumOf } from './terms.ts';
import { forTiles, tileRuns, type TileRun } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

const UNITS = 4;

export const fc: Kernel<'fc'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const [, height, width, channels] = map2d(x.type.shape);
  const inputs = height * width * channels;
  const runs = tileRuns(weight.type.shape[0]!, UNITS);
  const input = context.scratch(inputs);

  const rows = ({ size }: TileRun) => {
    const each = range(size);
    return code`
      const [${each.map((i) => `row${i}of${size}`).join(', ')}] = views(weight, [${each.map((i) => product(i, 'INPUTS')).join(', ')}]);
      function rows${size}(unit) {
        ${lines(each.map((i) => `let sum${i} = ${bias ? `bias[${sumOf('unit', i)}]` : '0'};`))}
        const from = unit * INPUTS;
        for (let k = 0; k < INPUTS; k++) {
          const value = ${input}[k], at = (from + k) | 0;
          ${lines(each.map((i) => `sum${i} += value * row${i}of${size}[at];`))}
        }
        ${lines(each.map((i) => context.store(`sum${i}`, { index: sumOf('unit', i), channel: sumOf('unit', i) })))}
      }
    `;
  };
  const callRows = (run: TileRun) => forTiles({ name: 'unit' }, run, `rows${run.size}(unit);`);

  return code`
    const INPUTS = ${inputs};
    ${lines(runs.map(rows))}
    return function run() {
      ${flatten(input, { pixels: height * width, channels })}
      ${lines(runs.map(callRows))}
    };
  `;
};

/** Copies `x` in the order of the weights. */
function flatten(to: string, { pixels, channels }: { pixels: number; channels: number }): string {
  if (pixels === 1 || channels === 1) return `${to}.set(x);`;
  return code`
    for (let pixel = 0, from = 0; pixel < ${pixels}; pixel++)
      for (let channel = 0; channel < ${channels}; channel++) ${to}[channel * ${pixels} + pixel] = x[from++];
  `;
}

// Convolutions of few products, such as 3×3 over one channel: a tile would be done before it has begun. The whole
// window stays in local variables instead, while the loop runs over the filters, in the order of the results.
import { code, lines } from '../../../../support/code.ts';
import type { Kernel } from '../../kernel.ts';
import { product, sumOf } from '../terms.ts';
import { arrangeTaps, tapNames, type Tap } from './taps.ts';
import { fillFrame } from './frame.ts';
import { constants, geometry, type Geometry } from './geometry.ts';

/** Beside the values of a window, x86-64's sixteen registers hold the sum, a product and what V8 keeps for itself. */
const MOST_TAPS = 12;

/** A window is read for so many filters at least. */
const FEWEST_FILTERS = 8;

export const hasFewTaps = ({ groups, taps, filters }: Geometry): boolean =>
  groups === 1 && taps <= MOST_TAPS && filters >= FEWEST_FILTERS;

export const fewTaps: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const { dilation } = shape;
  const taps = tapNames(shape);
  const valueOf = ({ name }: Tap) => name.replace('weight', 'value');
  const placeOf = ({ ky, kx, channel }: Tap) =>
    sumOf('from', product(ky * dilation[0], 'FRAME_W * DEPTH'), product(kx * dilation[1], 'DEPTH'), channel);
  const rows = [...new Set(taps.map(({ ky }) => ky))].map((ky) => taps.filter((tap) => tap.ky === ky));
  const sums = rows.map((row) => row.map((tap) => `${valueOf(tap)} * ${tap.view}[f]`).join(' + '));
  return code`
    ${constants(shape, context.pitch)}
    ${fillFrame(shape, context.scratch)}

    ${arrangeTaps(taps, { shape, isFlipped: node.attrs.flip })}

    // All filters at one window.
    function pixel(from, to) {
      ${lines(taps.map((tap) => `const ${valueOf(tap)} = frame[${placeOf(tap)}];`))}
      for (let f = 0; f < FILTERS; f++) {
        const at = (to + f) | 0;
        ${lines(sums.map((sum, ky) => `const row${ky} = ${sum};`))}
        const sum = ${[node.operands.bias ? 'bias[f]' : '0', ...sums.map((_, ky) => `row${ky}`)].join(' + ')};
        ${context.storeSum('sum', { index: 'at', channel: 'f' })}
      }
    }

    return function run() {
      fillFrame();
      for (let i = 0; i < ROWS; i++)
        for (let j = 0; j < COLUMNS; j++)
          pixel((i * STRIDE_H * FRAME_W + j * STRIDE_W) * DEPTH, (i * COLUMNS + j) * PITCH);
    };
  `;
};

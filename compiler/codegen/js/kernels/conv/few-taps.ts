// Convolutions of few products, such as 3×3 over one channel: a tile would be done before it has begun. The whole
// window stays in local variables instead, while the loop runs over the filters, in the order of the results. Over
// several channels tiles are faster, also where there are as few products.
import { code, lines } from '../../../../support/code.ts';
import type { Kernel } from '../../kernel.ts';
import { product, sumOf } from '../terms.ts';
import { arrangeTaps, tapNames, type Tap } from './taps.ts';
import { fillFrame } from './frame.ts';
import { constants, geometry, type Geometry } from './geometry.ts';

/** Values of a window that find a place in registers, beside sums and products. */
const MOST_TAPS = 9;

/** A window is read for so many filters at least. */
const FEWEST_FILTERS = 8;

export const hasFewTaps = ({ channels, taps, filters }: Geometry): boolean =>
  channels === 1 && taps <= MOST_TAPS && filters >= FEWEST_FILTERS;

export const fewTaps: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const { dilation } = shape;
  const taps = tapNames(shape);
  const valueOf = ({ name }: Tap) => name.replace('weight', 'value');
  const placeOf = ({ ky, kx }: Tap) => sumOf('from', product(ky * dilation[0], 'FRAME_W'), kx * dilation[1]);
  const rows = [...new Set(taps.map(({ ky }) => ky))].map((ky) => taps.filter((tap) => tap.ky === ky));
  const sums = rows.map((row) => row.map((tap) => `${valueOf(tap)} * ${tap.view}[f]`).join(' + '));
  return code`
    ${constants(shape, context.pitch)}
    ${fillFrame(shape, context.scratch)}

    ${arrangeTaps(taps, { filters: shape.filters, isFlipped: node.attrs.flip })}

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
          pixel(i * STRIDE_H * FRAME_W + j * STRIDE_W, (i * COLUMNS + j) * PITCH);
    };
  `;
};

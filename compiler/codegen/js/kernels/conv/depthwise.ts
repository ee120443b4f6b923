// Convolutions whose filters read one channel each. Channels stand innermost, where they lie in memory: all reads of
// a filter go along rows of channels, at one index into views that begin where the taps of a window do. A few
// neighbouring windows share what they see, and the weights.
import { code, lines } from '../../../../support/code.ts';
import type { Kernel } from '../../kernel.ts';
import { product, sumOf } from '../terms.ts';
import { tileRuns, type TileRun } from '../tiles.ts';
import { arrangeTaps, tapNames, type Tap } from './taps.ts';
import { fillFrame } from './frame.ts';
import { constants, geometry, type Geometry } from './geometry.ts';
import { range } from '../../../../support/numbers.ts';

/** Windows side by side. Six, and two rows of three, spill sums to the stack. */
const PIXELS = 4;

export const depthwise: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const runs = tileRuns(shape.columns, PIXELS);
  const taps = tapNames(shape);
  const pixels = ({ size }: TileRun) =>
    pixelsFunction(shape, size, {
      taps,
      start: node.operands.bias ? 'bias[f]' : '0',
      store: (sum, pixel) =>
        context.storeSum(sum, { index: sumOf('to', product(pixel, 'PITCH'), 'f'), channel: 'f' }),
    });
  const callPixels = ({ size, begin, end }: TileRun) => code`
    for (let j = ${begin}; j < ${end}; j += ${size})
      pixels${size}((i * STRIDE_H * FRAME_W + j * STRIDE_W) * DEPTH, (i * COLUMNS + j) * PITCH);
  `;
  return code`
    ${constants(shape, context.pitch)}
    ${fillFrame(shape, context.scratch, shape.filters / shape.channels)}

    ${arrangeTaps(taps, { filters: shape.filters, isFlipped: node.attrs.flip })}

    ${runs.map(pixels).join('\n\n')}

    return function run() {
      fillFrame();
      for (let i = 0; i < ROWS; i++) {
        ${lines(runs.map(callPixels))}
      }
    };
  `;
};

interface Sums {
  readonly taps: readonly Tap[];
  readonly start: string;
  readonly store: (sum: string, pixel: number) => string;
}

/**
 * All filters at a few windows side by side: the first begins at `from` in the frame, its results at `to`. Tap by tap,
 * each number is read where it is needed first, so that few are alive at a time.
 */
function pixelsFunction({ stride, dilation }: Geometry, size: number, { taps, start, store }: Sums): string {
  const pixels = range(size);
  // What is read of the frame, by name.
  const places = new Map<string, string>();
  const products = taps.map(({ ky, kx, name, view }) => {
    const reads = [`${name} = ${view}[f]`];
    const sums = pixels.map((pixel) => {
      const column = kx * dilation[1] + pixel * stride[1];
      const place = `${ky}_${column}`;
      if (!places.has(place)) reads.push(`value${place} = seen${place}of${size}[at]`);
      places.set(place, sumOf(product(ky * dilation[0], 'FRAME_W * DEPTH'), product(column, 'DEPTH')));
      return `sum${pixel} += value${place} * ${name};`;
    });
    return `const ${reads.join(', ')};\n${sums.join(' ')}`;
  });
  const views = [...places.keys()].map((place) => `seen${place}of${size}`);
  return code`
    // What ${size === 1 ? 'a window sees' : `${size} windows see`}: rows, and columns in the first of them.
    const [${views.join(', ')}] =
      views(frame, [${[...places.values()].join(', ')}]);
    function pixels${size}(from, to) {
      for (let f = 0; f < FILTERS; f++) {
        const at = (from + f) | 0;
        let ${pixels.map((pixel) => `sum${pixel} = ${pixel === 0 ? start : 'sum0'}`).join(', ')};
        ${lines(products)}
        ${lines(pixels.map((pixel) => store(`sum${pixel}`, pixel)))}
      }
    }
  `;
}

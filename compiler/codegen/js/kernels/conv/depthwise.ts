// Convolutions whose filters read one channel each. Channels stand innermost, where they lie in memory: all reads of
// a filter go along rows of channels, at one index into views that begin where the taps of a window do. Two
// neighbouring windows share what both of them see.
import { code, lines } from '../../../../support/code.ts';
import type { Kernel } from '../../kernel.ts';
import { product, sumOf } from '../terms.ts';
import { range, tileRuns, type TileRun } from '../tiles.ts';
import { arrangeTaps, tapNames, type Tap } from './taps.ts';
import { fillFrame } from './frame.ts';
import { constants, geometry, type Geometry } from './geometry.ts';

/** Windows side by side. Three, or two rows of two, are as fast, and need more code. */
const PIXELS = 2;

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

    ${arrangeTaps(taps, { shape, isFlipped: node.attrs.flip })}

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

/** All filters at a few windows side by side: the first begins at `from` in the frame, its results at `to`. */
function pixelsFunction({ stride, dilation }: Geometry, size: number, { taps, start, store }: Sums): string {
  const pixels = range(size);
  const columnOf = ({ kx }: Tap, pixel: number) => kx * dilation[1] + pixel * stride[1];
  // What is read, in the order of the frame, and which products it is part of.
  const reads = new Map<string, { name: string; place: string; sums: string[] }>();
  for (const tap of taps)
    for (const pixel of pixels) {
      const column = columnOf(tap, pixel);
      const name = `${tap.ky}_${column}`;
      const place = sumOf(product(tap.ky * dilation[0], 'FRAME_W * DEPTH'), product(column, 'DEPTH'));
      const read = reads.get(name) ?? { name, place, sums: [] };
      read.sums.push(`sum${pixel} += value${name} * ${tap.name};`);
      reads.set(name, read);
    }
  const all = [...reads.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const views = all.map(({ name }) => `seen${name}of${size}`);
  return code`
    // What ${size === 1 ? 'a window sees' : `${size} windows see`}: row and column in the first of them.
    const [${views.join(', ')}] =
      views(frame, [${all.map(({ place }) => place).join(', ')}]);
    function pixels${size}(from, to) {
      for (let f = 0; f < FILTERS; f++) {
        const at = (from + f) | 0;
        const ${taps.map(({ name, view }) => `${name} = ${view}[f]`).join(', ')};
        let ${pixels.map((pixel) => `sum${pixel} = ${pixel === 0 ? start : 'sum0'}`).join(', ')};
        ${lines(all.map(({ name, sums }, i) => `const value${name} = ${views[i]}[at]; ${sums.join(' ')}`))}
        ${lines(pixels.map((pixel) => store(`sum${pixel}`, pixel)))}
      }
    }
  `;
}

// Convolutions whose filters read one channel each.
// The channels are first taken apart into planes with a frame of zeros: walking along a row of a map that is
// channels-last would touch a new cache line, of the same few cache sets, with every step. Then the window
// slides along a row: weights and what it has already read stay in local variables.
import { code, lines } from '../../../../support/code.ts';
import { extent } from '../../../../tensor/window.ts';
import type { Kernel } from '../../kernel.ts';
import { sumOf, product } from '../terms.ts';
import { range } from '../tiles.ts';
import { constants, geometry, type Geometry } from './geometry.ts';

export const depthwise: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const frame = frameOf(shape);
  const seen = {
    height: Math.min(shape.height, frame.height - shape.pad[0]),
    width: Math.min(shape.width, frame.width - shape.pad[1]),
  };
  const planes = context.scratch(shape.channels * frame.height * frame.width);
  const sum: Sum = {
    start: node.operands.bias ? 'bias[f]' : '0',
    isFlipped: node.attrs.flip,
    store: (value) => context.storeSum(value, { index: 'to + j * PITCH', channel: 'f' }),
  };
  return code`
    ${constants(shape, context.pitch)}
    const FILTERS_PER_CHANNEL = ${shape.filters / shape.channels};
    const FRAME_H = ${frame.height}, FRAME_W = ${frame.width};
    const planes = ${planes};

    function fillPlanes() {
      planes.fill(0, 0, CHANNELS * FRAME_H * FRAME_W);
      for (let i = 0; i < ${seen.height}; i++)
        for (let c = 0; c < CHANNELS; c++) {
          const from = i * WIDTH * CHANNELS + c;
          const to = (c * FRAME_H + PAD_TOP + i) * FRAME_W + PAD_LEFT;
          for (let j = 0; j < ${seen.width}; j++) planes[to + j] = x[from + j * CHANNELS];
        }
    }

    ${slide(shape, sum)}

    return function run() {
      fillPlanes();
      for (let i = 0; i < ROWS; i++)
        for (let f = 0; f < FILTERS; f++) {
          const plane = Math.floor(f / FILTERS_PER_CHANNEL) * FRAME_H;
          slide((plane + i * STRIDE_H) * FRAME_W, i * COLUMNS * PITCH + f, f);
        }
    };
  `;
};

/** What the windows cover: the input with its padding, less what no window reaches. */
function frameOf({ rows, columns, kernel, stride, dilation }: Geometry) {
  return {
    height: (rows - 1) * stride[0] + extent(kernel[0], dilation[0]),
    width: (columns - 1) * stride[1] + extent(kernel[1], dilation[1]),
  };
}

interface Sum {
  readonly start: string;
  readonly isFlipped: boolean;
  readonly store: (sum: string) => string;
}

/** One row of one filter: windows begin at `from` in the planes, results at `to`. */
function slide({ kernel: [kh, kw], stride, dilation }: Geometry, { start, isFlipped, store }: Sum): string {
  const [kys, kxs] = [range(kh), range(kw)];
  const kept = dilation[1] === 1 ? kxs.slice(stride[1]).map((kx) => kx - stride[1]) : [];
  const fresh = kxs.slice(kept.length);
  const value = (ky: number, kx: number) => `value${ky}${kx}`;
  const read = (at: string) => (ky: number, kx: number) =>
    `${value(ky, kx)} = planes[${sumOf(at, product(ky * dilation[0], 'FRAME_W'), kx * dilation[1])}]`;
  const row = (list: readonly number[], each: (ky: number, kx: number) => string) =>
    kys.map((ky) => list.map((kx) => each(ky, kx)).join(', '));
  const weights = row(kxs, (ky, kx) => {
    const tap = ky * kw + kx;
    return `weight${ky}${kx} = weight[${sumOf(`f * ${kh * kw}`, isFlipped ? kh * kw - 1 - tap : tap)}]`;
  });
  const products = (ky: number) => kxs.map((kx) => `${value(ky, kx)} * weight${ky}${kx}`).join(' + ');
  const step = row(kept, (ky, kx) => `${value(ky, kx)} = ${value(ky, kx + stride[1])}`);
  return code`
    function slide(from, to, f) {
      ${lines(weights.map((row) => `const ${row};`))}
      ${lines(kept.length > 0 ? row(kept, read('from')).map((row) => `let ${row};`) : [])}
      for (let j = 0; j < COLUMNS; j++) {
        const at = from + j * STRIDE_W;
        ${lines(row(fresh, read('at')).map((row) => `const ${row};`))}
        ${lines(kys.map((ky) => `const row${ky} = ${products(ky)};`))}
        const sum = ${[start, ...kys.map((ky) => `row${ky}`)].join(' + ')};
        ${store('sum')}
        ${lines(kept.length > 0 ? step.map((row) => `${row};`) : [])}
      }
    }
  `;
}

// Convolution as a matrix product (Chellapilla et al., 2006; Caffe): every window of the input becomes one
// row of a matrix, every filter one row of another, and their products are the result. The matrix of
// windows repeats each input up to kernel height × width times, so it is made for a strip of the result's
// rows at a time: as many as keep it within the processor's cache.
import type { OpNode } from '../../../../ir/graph.ts';
import { code, lines } from '../../../../support/code.ts';
import { map2d, window2d } from '../../../../tensor/window.ts';
import type { Kernel, KernelContext } from '../../kernel.ts';
import {
  bring,
  fetchedLength,
  TILE,
  tileFunctions,
  tileCall,
  tileReads,
  type TileOperands,
  type TileSums,
} from '../register-tile.ts';
import { sumOf, product } from '../terms.ts';
import { forTiles, tileRuns, type TileRun } from '../tiles.ts';

/** Numbers that a strip of windows may have: 512 KiB. */
const STRIP_LENGTH = 2 ** 16;

export const convIm2col: Kernel<'conv'> = (node, context) => {
  const { weight } = node.operands;
  const { groups, flip } = node.attrs;
  const [, height, width, channels] = map2d(node.operands.x.type.shape);
  const [, rows, columns, filters] = map2d(node.type.shape);
  const { kernel, stride, dilation, pad } = window2d({ ...node.attrs, kernel: weight.type.shape.slice(2) });
  const taps = (kernel[0] * kernel[1] * channels) / groups;
  const strip = Math.min(rows, Math.max(1, Math.floor(STRIP_LENGTH / (columns * taps))));
  const memory = context.scratch(strip * columns * taps + fetchedLength(taps, strip * columns));
  return code`
    const HEIGHT = ${height}, WIDTH = ${width}, CHANNELS = ${channels};
    const ROWS = ${rows}, COLUMNS = ${columns}, FILTERS = ${filters};
    const KERNEL_H = ${kernel[0]}, KERNEL_W = ${kernel[1]}, STRIDE_H = ${stride[0]}, STRIDE_W = ${stride[1]};
    const DILATION_H = ${dilation[0]}, DILATION_W = ${dilation[1]}, PAD_TOP = ${pad[0]}, PAD_LEFT = ${pad[1]};
    const GROUPS = ${groups}, GROUP_CHANNELS = ${channels / groups}, GROUP_FILTERS = ${filters / groups};
    const TAPS = KERNEL_H * KERNEL_W * GROUP_CHANNELS;
    const STRIP = ${strip}, PITCH = ${context.pitch};
    const windows = ${memory};

    ${filterMatrix(flip)}

    ${windowMatrix}

    ${matrixProduct(node, context, {
      windows: strip * columns,
      fetched: { array: memory, offset: strip * columns * taps },
    })}

    return function run() {
      for (let group = 0; group < GROUPS; group++)
        for (let row = 0; row < ROWS; row += STRIP) {
          const end = Math.min(row + STRIP, ROWS);
          fillWindows(row, end, group * GROUP_CHANNELS);
          multiply((end - row) * COLUMNS, row * COLUMNS, group * GROUP_FILTERS);
        }
    };
  `;
};

/** FILTERS × TAPS, taps in the order in which a window of a channels-last input is read. */
const filterMatrix = (flip: boolean): string => code`
  // One row per filter.
  const filters = new Float64Array(weight.length);
  for (let f = 0; f < FILTERS; f++)
    for (let c = 0; c < GROUP_CHANNELS; c++)
      for (let ky = 0; ky < KERNEL_H; ky++)
        for (let kx = 0; kx < KERNEL_W; kx++)
          filters[f * TAPS + (ky * KERNEL_W + kx) * GROUP_CHANNELS + c] =
            weight[((f * GROUP_CHANNELS + c) * KERNEL_H + ${flip ? '(KERNEL_H - 1 - ky)' : 'ky'}) * KERNEL_W + ${flip ? 'KERNEL_W - 1 - kx' : 'kx'}];
`;

/** (STRIP · COLUMNS) × TAPS. */
const windowMatrix = code`
  // im2col: the windows of some rows of the result, each as one row of a matrix.
  function fillWindows(begin, end, firstChannel) {
    let to = 0;
    for (let i = begin; i < end; i++)
      for (let j = 0; j < COLUMNS; j++)
        for (let ky = 0; ky < KERNEL_H; ky++)
          for (let kx = 0; kx < KERNEL_W; kx++, to += GROUP_CHANNELS) {
            const row = i * STRIDE_H + ky * DILATION_H - PAD_TOP;
            const column = j * STRIDE_W + kx * DILATION_W - PAD_LEFT;
            const isInside = row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH;
            const from = (row * WIDTH + column) * CHANNELS + firstChannel;
            for (let c = 0; c < GROUP_CHANNELS; c++) windows[to + c] = isInside ? x[from + c] : 0;
          }
  }
`;

/** The general matrix product (GEMM), windows · filtersᵀ, in tiles. */
function matrixProduct(
  node: OpNode<'conv'>,
  { storeSum }: KernelContext,
  use: Pick<TileOperands, 'windows' | 'fetched'>,
): string {
  const { bias, weight } = node.operands;
  const filterRuns = tileRuns(weight.type.shape[0]! / node.attrs.groups, TILE.filters);
  const reads = { values: 'windows', step: 'TAPS', weights: 'filters', products: 'TAPS', ...use };
  const sizes = { pixels: [TILE.pixels, 1], filters: filterRuns.map(({ size }) => size) };

  const sums: TileSums = {
    start: (f) => (bias ? `bias[${sumOf('f', f)}]` : '0'),
    store: (sum, p, f) =>
      storeSum(sum, { index: sumOf('to', product(p, 'PITCH'), f), channel: sumOf('f', f) }),
  };
  const call = (pixels: number, filters: number) =>
    tileCall(pixels, { filters, from: 'window * TAPS', to: '(first + window) * PITCH + f' }, reads);
  const filtersFunction = ({ size }: TileRun) => code`
    function filters${size}(count, first, f) {
      ${bring(size, 'f * TAPS', reads)}
      let window = 0;
      for (; window + ${TILE.pixels} <= count; window += ${TILE.pixels}) ${call(TILE.pixels, size)}
      for (; window < count; window++) ${call(1, size)}
    }
  `;
  const filterRun = (run: TileRun) =>
    forTiles({ name: 'f', first: 'firstFilter' }, run, `filters${run.size}(count, first, f);`);
  return code`
    // GEMM: windows · filtersᵀ, a tile of sums at a time.
    ${tileReads(reads, sizes)}

    ${tileFunctions(reads, sizes, sums)}

    // A few filters at all windows of a strip.
    ${filterRuns.map(filtersFunction).join('\n\n')}

    function multiply(count, first, firstFilter) {
      ${lines(filterRuns.map(filterRun))}
    }
  `;
}

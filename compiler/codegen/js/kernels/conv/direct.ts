// Direct convolution. The windows of a row of the result are first laid out in a band (Cho and Brand,
// "MEC: Memory-efficient Convolution", 2017): column by column, and within a column from top to bottom.
// Each window is then one run of numbers, neighbouring windows overlap where their columns do, and the
// zeros of the padding are in the band, so that the sums know nothing of borders, strides and dilations.
//
//   input, 3 rows under one row of the result     band, for a kernel of height 3
//     a0 a1 a2 a3 …                                 a0 b0 c0 │ a1 b1 c1 │ a2 b2 c2 │ a3 b3 c3 │ …
//     b0 b1 b2 b3 …                                 └────── first window ───────┘
//     c0 c1 c2 c3 …                                          └────── second window ──────┘
import { extent } from '../../../../tensor/window.ts';
import { code, lines } from '../../../../support/code.ts';
import type { OpNode } from '../../../../ir/graph.ts';
import type { Kernel, KernelContext } from '../../kernel.ts';
import { forTiles, tileRuns, type TileRun } from '../tiles.ts';
import { constants, geometry, isPointwise, tapIndex, type Geometry } from './geometry.ts';
import {
  bring,
  fetchedLength,
  tileSizes,
  TILE,
  tileFunctions,
  tileLoops,
  tileReads,
  type TileSums,
} from '../register-tile.ts';
import { product, sumOf } from '../terms.ts';

export const direct: Kernel<'conv'> = (node, context) =>
  isPointwise(geometry(node)) && node.attrs.groups === 1 ? pointwise(node, context) : banded(node, context);

/** Numbers of a strip that stays in the second-level cache while all filters go over it: 128 KiB. */
const STRIP_LENGTH = 2 ** 14;

/**
 * How many pixels of a 1×1 convolution are made together. They are as many as fit, but where channels are many, as
 * many as make fetching the filters worth it.
 */
function stripsOf({ height, width, channels }: Geometry): TileRun[] {
  const fitting = Math.floor(STRIP_LENGTH / channels);
  const enough = Math.min(ENOUGH_WINDOWS, Math.floor(MOST_NUMBERS / channels));
  const pixels = height * width;
  const count = Math.ceil(pixels / Math.max(TILE.pixels, fitting, enough));
  return tileRuns(pixels, TILE.pixels * Math.ceil(pixels / count / TILE.pixels));
}

/** A 1×1 convolution knows no rows: all pixels are one long row, cut into strips, and the input is its own band. */
const pointwise: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const { channels, filters } = shape;
  const strips = stripsOf(shape);
  const filterRuns = tileRuns(filters, TILE.filters);
  const stripLength = channels * strips[0]!.size;
  const memory = context.scratch(stripLength + fetchedLength(channels, strips[0]!.size));
  const reads = {
    values: 'strip',
    step: 'CHANNELS',
    weights: 'weight',
    products: 'CHANNELS',
    windows: strips[0]!.size,
    fetched: { array: memory, offset: stripLength },
  };
  const sizes = tileSizes({
    pixels: strips.flatMap(({ size }) => tileRuns(size, TILE.pixels)),
    filters: filterRuns,
  });
  const stripFunctions = (strip: TileRun) => code`
    ${lines(
      filterRuns.map(
        (run) => code`
          function filters${run.size}of${strip.size}(first, f) {
            ${bring(run.size, 'f * CHANNELS', reads)}
            ${tileLoops(
              tileRuns(strip.size, TILE.pixels),
              {
                filters: run.size,
                from: 'j * CHANNELS',
                to: '(first + j) * PITCH + f',
              },
              reads,
            )}
          }
        `,
      ),
    )}

    function strip${strip.size}(first) {
      fillStrip(first, ${strip.size});
      ${lines(filterRuns.map((run) => forTiles({ name: 'f' }, run, `filters${run.size}of${strip.size}(first, f);`)))}
    }
  `;
  return code`
    const CHANNELS = ${channels}, PITCH = ${context.pitch};
    // Some pixels in float64: converted once, read for every ${TILE.filters} filters.
    const strip = ${memory};

    function fillStrip(first, pixels) {
      const from = first * CHANNELS;
      for (let k = 0; k < pixels * CHANNELS; k++) strip[k] = x[from + k];
    }

    ${tileReads(reads, sizes)}

    ${tileFunctions(reads, sizes, sumsOf(node, context))}

    ${strips.map(stripFunctions).join('\n\n')}

    return function run() {
      ${lines(strips.map((strip) => forTiles({ name: 'first' }, strip, `strip${strip.size}(first);`)))}
    };
  `;
};

const banded: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const { columns, perGroup } = shape;
  const layout = bandLayout(shape);
  const bandLength = layout.slots * shape.kernel[0] * perGroup.channels;
  const bands = bandsOf(shape, bandLength);
  const runs = { pixels: tileRuns(columns, TILE.pixels), filters: tileRuns(perGroup.filters, TILE.filters) };
  const sizes = tileSizes(runs);
  const memory = context.scratch(bands * bandLength + fetchedLength(shape.taps, bands * columns));
  const reads = {
    values: 'band',
    step: 'STEP',
    weights: 'filters',
    products: 'TAPS',
    windows: bands * columns,
    fetched: { array: memory, offset: bands * bandLength },
  };
  const filtersFunction = (run: TileRun) => code`
    function filters${run.size}(first, count, f) {
      ${bring(run.size, 'f * TAPS', reads)}
      for (let row = 0; row < count; row++) {
        ${tileLoops(
          runs.pixels,
          {
            filters: run.size,
            from: 'row * BAND + j * STEP',
            to: '((first + row) * COLUMNS + j) * PITCH + f',
          },
          reads,
        )}
      }
    }
  `;
  return code`
    ${constants(shape, context.pitch)}
    const GROUPS = ${shape.groups}, GROUP_CHANNELS = ${perGroup.channels}, GROUP_FILTERS = ${perGroup.filters};
    const TAPS = KERNEL_H * KERNEL_W * GROUP_CHANNELS;
    const SLOTS = ${layout.slots}, STEP = ${layout.slotsPerPixel} * KERNEL_H * GROUP_CHANNELS;
    // A band: what one row of the result sees of the input, column after column, the zeros of the padding with it.
    // Each window is one run of numbers in it, and begins ${layout.slotsPerPixel === shape.kernel[1] ? 'where the one before ends' : 'within the one before'}.
    const BAND = SLOTS * KERNEL_H * GROUP_CHANNELS, BANDS = ${bands};
    const band = ${memory};

    ${arrangeFilters(node.attrs.flip)}

    // Which column of the input each column of the band shows.
    const columnOf = Int32Array.from({ length: SLOTS }, (_, slot) => ${layout.column});

    function fillBand(i, to, firstChannel) {
      for (let slot = 0; slot < SLOTS; slot++) {
        const column = columnOf[slot];
        for (let ky = 0; ky < KERNEL_H; ky++) {
          const row = i * STRIDE_H + ky * DILATION_H - PAD_TOP;
          const isInside = row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH;
          const from = (row * WIDTH + column) * CHANNELS + firstChannel;
          if (isInside) for (let c = 0; c < GROUP_CHANNELS; c++) band[to + c] = x[from + c];
          else for (let c = 0; c < GROUP_CHANNELS; c++) band[to + c] = 0;
          to += GROUP_CHANNELS;
        }
      }
    }

    ${tileReads(reads, sizes)}

    ${tileFunctions(reads, sizes, sumsOf(node, context))}

    // A few filters at some rows of the result, so that filters which were fetched are used for more than a few windows.
    ${runs.filters.map(filtersFunction).join('\n\n')}

    return function run() {
      for (let first = 0; first < ROWS; first += BANDS) {
        const count = Math.min(BANDS, ROWS - first);
        for (let group = 0; group < GROUPS; group++) {
          for (let row = 0; row < count; row++) fillBand(first + row, row * BAND, group * GROUP_CHANNELS);
          ${lines(runs.filters.map((run) => forTiles({ name: 'f' }, run, `filters${run.size}(first, count, group * GROUP_FILTERS + f);`)))}
        }
      }
    };
  `;
};

/** Windows that use a filter once it is fetched, and numbers of their bands: 512 KiB. */
const [ENOUGH_WINDOWS, MOST_NUMBERS] = [64, 2 ** 16];

/** How many rows of the result are made together. */
const bandsOf = ({ rows, columns }: Geometry, bandLength: number): number =>
  Math.max(1, Math.min(rows, Math.ceil(ENOUGH_WINDOWS / columns), Math.floor(MOST_NUMBERS / bandLength)));

interface BandLayout {
  /** Columns of the band. */
  readonly slots: number;
  /** From one window to the next. */
  readonly slotsPerPixel: number;
  /** The input's column that `slot` shows. */
  readonly column: string;
}

/** Windows share their columns where they overlap; otherwise, and when dilated, each has its own. */
export const sharesColumns = ({ kernel, stride, dilation }: Geometry): boolean =>
  dilation[1] === 1 && stride[1] < kernel[1];

function bandLayout(shape: Geometry): BandLayout {
  const { columns, kernel, stride } = shape;
  return sharesColumns(shape)
    ? {
        slots: (columns - 1) * stride[1] + extent(kernel[1], 1),
        slotsPerPixel: stride[1],
        column: 'slot - PAD_LEFT',
      }
    : {
        slots: columns * kernel[1],
        slotsPerPixel: kernel[1],
        column: 'Math.floor(slot / KERNEL_W) * STRIDE_W + (slot % KERNEL_W) * DILATION_W - PAD_LEFT',
      };
}

/** [filter][kx][ky][channel], as the band is read, from [filter][channel][ky][kx]. */
const arrangeFilters = (isFlipped: boolean): string => code`
  // Filters in the order of the band.
  const filters = new Float64Array(weight.length);
  for (let f = 0, to = 0; f < FILTERS; f++)
    for (let kx = 0; kx < KERNEL_W; kx++)
      for (let ky = 0; ky < KERNEL_H; ky++)
        for (let c = 0; c < GROUP_CHANNELS; c++)
          filters[to++] = weight[(f * GROUP_CHANNELS + c) * KERNEL_H * KERNEL_W + ${tapIndex(isFlipped)}];
`;

/** What tiles start with, and where their sums go. */
const sumsOf = ({ operands: { bias } }: OpNode<'conv'>, { storeSum }: KernelContext): TileSums => ({
  start: (f) => (bias ? `bias[${sumOf('f', f)}]` : '0'),
  store: (sum, p, f) =>
    storeSum(sum, { index: sumOf(sumOf('to', product(p, 'PITCH')), f), channel: sumOf('f', f) }),
});

// Convolution by small register tiles: four pixels × two filters are summed at once, so that every value
// read is used eight times in the time of six reads. The input is first copied into a frame of zeros, so
// that no window ever leaves it, and filters are packed in pairs in the order in which they are read.
// Each tile is a small function: V8 optimises it on its own and embeds the arrays it reads.
import type { OpNode } from '../../../ir/graph.ts';
import { code, lines } from '../../../support/code.ts';
import { extent, map2d, window2d } from '../../../tensor/window.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { range, tileRuns, type TileRun } from './tiles.ts';

const PIXELS = 4;
const FILTERS = 2;

export const conv: Kernel<'conv'> = (node, context) => {
  const shape = geometry(node);
  const frame = context.scratch(shape.frame[0] * shape.frame[1] * shape.channels);
  const pixelTiles = tileRuns(shape.columns, PIXELS);
  const filterTiles = tileRuns(shape.perGroup.filters, FILTERS);
  const tiles = pixelTiles.flatMap((p) => filterTiles.map((f) => [p.size, f.size] as const));
  return code`
    const filters = new Float64Array(weight.length);
    ${packFilters(shape, filterTiles)}
    ${lines(tiles.map(([pixels, filters]) => tile(pixels, filters, frame, shape, node, context)))}
    return function run() {
      ${fillFrame(frame, shape)}
      ${callTiles(shape, pixelTiles, filterTiles)}
    };
  `;
};

interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pad: readonly [number, number, number, number];
  readonly flip: boolean;
  readonly groups: number;
  readonly perGroup: { readonly channels: number; readonly filters: number };
  /** Height and width of the frame: what the windows cover. */
  readonly frame: readonly [number, number];
}

function geometry({ operands: { x, weight }, attrs, type }: OpNode<'conv'>): Geometry {
  const [, height, width, channels] = map2d(x.type.shape);
  const [, rows, columns, filters] = map2d(type.shape);
  const window = window2d({ ...attrs, kernel: weight.type.shape.slice(2) });
  const { groups, flip } = attrs;
  const plain = {
    channels,
    filters,
    groups,
    flip,
    perGroup: { channels: channels / groups, filters: filters / groups },
  };
  if (isPointwise(window)) {
    // A 1×1 convolution sees no rows: one long row makes whole tiles.
    const pixels = height * width;
    return { ...plain, ...window, height: 1, width: pixels, rows: 1, columns: pixels, frame: [1, pixels] };
  }
  const cover = (axis: 0 | 1, positions: number, size: number) =>
    Math.max(
      (positions - 1) * window.stride[axis] + extent(window.kernel[axis], window.dilation[axis]),
      size + window.pad[axis],
    );
  return {
    ...plain,
    ...window,
    height,
    width,
    rows,
    columns,
    frame: [cover(0, rows, height), cover(1, columns, width)],
  };
}

const isPointwise = ({ kernel, stride, pad }: Pick<Geometry, 'kernel' | 'stride' | 'pad'>): boolean =>
  [...kernel, ...stride].every((size) => size === 1) && pad.every((size) => size === 0);

/** [group][tile][ky][kx][channel][filter of the tile], from [filter][channel][ky][kx]. */
function packFilters(
  { kernel: [kh, kw], groups, perGroup, flip }: Geometry,
  runs: readonly TileRun[],
): string {
  const tap = flip ? `(${kh - 1} - ky) * ${kw} + ${kw - 1} - kx` : `ky * ${kw} + kx`;
  const packRun = ({ size, begin, end }: TileRun) => code`
    for (let f = group + ${begin}; f < group + ${end}; f += ${size})
      for (let ky = 0; ky < ${kh}; ky++)
        for (let kx = 0; kx < ${kw}; kx++)
          for (let c = 0; c < ${perGroup.channels}; c++)
            for (let i = 0; i < ${size}; i++)
              filters[to++] = weight[((f + i) * ${perGroup.channels} + c) * ${kh * kw} + ${tap}];
  `;
  return code`
    for (let group = 0, to = 0; group < ${groups * perGroup.filters}; group += ${perGroup.filters}) {
      ${lines(runs.map(packRun))}
    }
  `;
}

/** Copies the input into the frame, with zeros around it. */
function fillFrame(
  frame: string,
  { height, width, channels, pad, frame: [frameHeight, frameWidth] }: Geometry,
): string {
  const [row, frameRow] = [width * channels, frameWidth * channels];
  if (row === frameRow && height === frameHeight) return `${frame}.set(x);`;
  return code`
    ${frame}.fill(0, 0, ${frameHeight * frameRow});
    for (let row = 0; row < ${Math.min(height, frameHeight - pad[0])}; row++)
      ${frame}.set(x.subarray(row * ${row}, (row + 1) * ${row}), (row + ${pad[0]}) * ${frameRow} + ${pad[1] * channels});
  `;
}

/** One tile: `from` in the frame, `w` in the packed filters, `to` in the result, `f` the first filter. */
function tile(
  pixels: number,
  filters: number,
  frame: string,
  {
    kernel: [kh, kw],
    stride,
    dilation,
    channels,
    groups,
    perGroup,
    frame: [, frameWidth],
    filters: all,
  }: Geometry,
  { operands: { bias } }: OpNode<'conv'>,
  { store }: KernelContext,
): string {
  const [ps, fs] = [range(pixels), range(filters)];
  // Neighbouring taps of a row lie next to each other when all channels are read.
  const isOneRun = groups === 1 && dilation[1] === 1;
  const [runs, run, runStep] = isOneRun
    ? [1, kw * channels, 0]
    : [kw, perGroup.channels, dilation[1] * channels];
  const sums = fs.map(
    (f) => code`
    let ${ps.map((p) => `sum${p}${f} = ${p === 0 ? (bias ? `bias[f + ${f}]` : '0') : `sum0${f}`}`).join(', ')};
  `,
  );
  const multiply = ps.map(
    (p) => code`
    const value${p} = ${frame}[at + ${p * stride[1] * channels}];
    ${lines(fs.map((f) => `sum${p}${f} += value${p} * filter${f};`))}
  `,
  );
  const inner = (start: string) => code`
    for (let at = ${start}, end = at + ${run}; at < end; at++, w += ${filters}) {
      ${lines(fs.map((f) => `const filter${f} = filters[w + ${f}];`))}
      ${lines(multiply)}
    }
  `;
  return code`
    function tile${pixels}x${filters}(from, w, to, f) {
      ${lines(sums)}
      for (let ky = 0; ky < ${kh}; ky++) {
        const row = from + ky * ${dilation[0] * frameWidth * channels};
        ${
          runs === 1
            ? inner('row')
            : code`
          for (let kx = 0; kx < ${runs}; kx++) {
            ${inner(`row + kx * ${runStep}`)}
          }
        `
        }
      }
      ${lines(ps.flatMap((p) => fs.map((f) => store(`sum${p}${f}`, { index: `to + ${p * all + f}`, channel: `f + ${f}` }))))}
    }
  `;
}

/** Filters outside, pixels inside: a tile's filters stay in the cache for the whole map. */
function callTiles(shape: Geometry, pixelRuns: readonly TileRun[], filterRuns: readonly TileRun[]): string {
  const { kernel, stride, channels, rows, columns, groups, perGroup, frame, filters } = shape;
  const perFilter = kernel[0] * kernel[1] * perGroup.channels;
  const call = (pixels: TileRun, run: TileRun) => {
    const from = `(i * ${stride[0]} * ${frame[1]} + j * ${stride[1]}) * ${channels} + firstChannel`;
    const name = `tile${pixels.size}x${run.size}(${from}, f * ${perFilter}, (i * ${columns} + j) * ${filters} + f, f)`;
    return `for (let j = ${pixels.begin}; j < ${pixels.end}; j += ${pixels.size}) ${name};`;
  };
  const filterRun = (run: TileRun) => code`
    for (let f = group * ${perGroup.filters} + ${run.begin}; f < group * ${perGroup.filters} + ${run.end}; f += ${run.size})
      for (let i = 0; i < ${rows}; i++) {
        ${lines(pixelRuns.map((pixels) => call(pixels, run)))}
      }
  `;
  return code`
    for (let group = 0; group < ${groups}; group++) {
      const firstChannel = group * ${perGroup.channels};
      ${lines(filterRuns.map(filterRun))}
    }
  `;
}

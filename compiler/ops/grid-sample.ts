import { roundToEven } from '../scalar/evaluate.ts';
import { refuse } from '../support/refusal.ts';
import { f32, showItem, sizeOf } from '../tensor/types.ts';
import { oneOf } from './argument.ts';
import { defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { inOurOrder, python } from './torch.ts';

const MODES = ['linear', 'nearest', 'cubic'] as const;
const BORDERS = ['zero', 'edge', 'reflect'] as const;
const CORNERS = ['half', 'align'] as const;
type Mode = (typeof MODES)[number];
type Border = (typeof BORDERS)[number];
type Corners = (typeof CORNERS)[number];

const DOC = {
  mode: 'Interpolate between 2×2 pixels, take the nearest one, or interpolate between 4×4.',
  border: 'What lies around the map: zeros, its outermost pixels again, or its mirror image.',
  corners: 'Where −1 and 1 are: at the edges of the outermost pixels, or in their centres.',
};

/** Position g of −1 to 1 on an axis of `length` pixels, counted in pixels. */
const pixelOf = (g: number, length: number, corners: Corners): number =>
  corners === 'half' ? ((g + 1) * length - 1) / 2 : ((g + 1) / 2) * (length - 1);

/** The pixels around a place on an axis, and their shares. */
function neighbours(place: number, mode: Mode): readonly (readonly [pixel: number, share: number])[] {
  if (mode === 'nearest') return [[roundToEven(place), 1]];
  const before = Math.floor(place);
  const t = place - before;
  if (mode === 'linear')
    return [
      [before, 1 - t],
      [before + 1, t],
    ];
  return [t + 1, t, 1 - t, 2 - t].map((distance, i) => [before - 1 + i, cubic(distance)]);
}

/** Keys' cubic convolution (1981) with a = −0.75. */
const cubic = (x: number): number =>
  x <= 1 ? (1.25 * x - 2.25) * x * x + 1 : ((-0.75 * x + 3.75) * x - 6) * x + 3;

/** The pixel that is seen at a place which may lie outside; undefined where there is none. */
function within(pixel: number, length: number, border: Border, corners: Corners): number | undefined {
  if (border === 'zero') return pixel >= 0 && pixel < length ? pixel : undefined;
  if (border === 'edge') return Math.min(Math.max(pixel, 0), length - 1);
  const last = corners === 'half' ? 2 * length - 1 : 2 * (length - 1);
  const period = Math.max(1, corners === 'half' ? 2 * length : last);
  const place = ((pixel % period) + period) % period;
  return place < length ? place : last - place;
}

/**
 * A map seen at the places that a grid says: for each pixel of the result x and y, −1 to 1 from edge to edge
 * (ONNX and PyTorch's grid_sample; Jaderberg et al., Spatial Transformer Networks, 2015).
 */
export const gridSample = defineOp({
  name: 'grid_sample',
  kind: 'kernel',
  doc: 'The map at the places that a grid of x and y says, −1 to 1 from edge to edge.',
  operands: { x: 'one', grid: 'one' },
  attrs: {
    mode: word(MODES, DOC.mode),
    border: word(BORDERS, DOC.border),
    corners: word(CORNERS, DOC.corners),
  },
  infer: ({ x, grid }) => {
    const isGrid = grid.shape.length === 4 && grid.shape[3] === 2;
    if (x.shape.length !== 4 || !isGrid || grid.shape[0] !== x.shape[0])
      refuse('E043', `a grid of ${grid.shape.join('×')} does not go with a map of ${x.shape.join('×')}`);
    return f32(...grid.shape.slice(0, 3), x.shape[3]!);
  },
  evaluate: ({ x, grid }, { mode, border, corners }, out) => {
    const [, height, width, channels] = x.type.shape as readonly [number, number, number, number];
    const points = out.shape[1]! * out.shape[2]!;
    return Float32Array.from({ length: sizeOf(out.shape) }, (_, i) => {
      const [point, c] = [Math.floor(i / channels), i % channels];
      const along = (axis: number, length: number) =>
        neighbours(pixelOf(grid.data[2 * point + axis]!, length, corners), mode);
      let sum = 0;
      for (const [v, down] of along(1, height))
        for (const [u, across] of along(0, width)) {
          const [row, column] = [within(v, height, border, corners), within(u, width, border, corners)];
          if (row === undefined || column === undefined) continue;
          const pixel = (Math.floor(point / points) * height + row) * width + column;
          sum += down * across * x.data[pixel * channels + c]!;
        }
      return sum;
    });
  },
  macs: (_, { mode }, out) => sizeOf(out.shape) * { nearest: 0, linear: 4, cubic: 16 }[mode],
  onnx: ({ x, grid }, { mode, border, corners }, { node }) =>
    node('GridSample', [x, node('Transpose', [grid], { perm: [0, 2, 3, 1] })], {
      mode: { linear: 'bilinear', nearest: 'nearest', cubic: 'bicubic' }[mode],
      padding_mode: PADDINGS[border],
      align_corners: Number(corners === 'align'),
    }),
  torch: ({ x, grid }, { mode, border, corners }) =>
    python('F.grid_sample', [x, inOurOrder(grid, 4)], {
      mode: [{ linear: '"bilinear"', nearest: '"nearest"', cubic: '"bicubic"' }[mode], '"bilinear"'],
      padding_mode: [JSON.stringify(PADDINGS[border]), '"zeros"'],
      align_corners: [corners === 'align', ''],
    }),
  sample: (pick) => {
    const batch = pick.int(1, 2);
    return {
      operands: {
        x: [batch, pick.int(1, 6), pick.int(1, 6), pick.int(1, 6)],
        grid: [batch, pick.int(1, 4), pick.int(1, 4), 2],
      },
      attrs: { mode: pick.of(MODES), border: pick.of(BORDERS), corners: pick.of(CORNERS) },
    };
  },
});

const PADDINGS = { zero: 'zeros', edge: 'border', reflect: 'reflection' } as const;

export const GRID_SAMPLE = defineKeyword({
  keyword: 'GRID_SAMPLE',
  doc: `Joins a map and a grid: ${gridSample.doc.replace('The map', 'the map')}`,
  merges: true,
  positional: [],
  args: {
    mode: oneOf(MODES, DOC.mode),
    border: oneOf(BORDERS, DOC.border),
    corners: oneOf(CORNERS, DOC.corners),
  },
  says: says(gridSample),
  build: (call, args) => {
    const [x, grid, ...more] = call.values;
    if (!x || !grid || more.length > 0)
      return refuse('E027', `GRID_SAMPLE joins a map and a grid, not ${call.values.length} values`);
    if (x.type.shape.length !== 4 || grid.type.shape.length !== 4 || grid.type.shape[3] !== 2)
      refuse(
        'E045',
        `GRID_SAMPLE joins a map and a grid of 2 channels, not ${showItem(x.type)} and ${showItem(grid.type)}`,
      );
    return call.emit(gridSample, { x, grid }, args);
  },
});

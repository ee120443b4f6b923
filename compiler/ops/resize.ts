import { f32, sizeOf } from '../tensor/types.ts';
import { code } from '../support/code.ts';
import { refuse } from '../support/refusal.ts';
import { channelsOf, map2d, spatialOf } from '../tensor/window.ts';
import { byRule, oneForAll, oneOf, perAxis, reference, type ArgsOf } from './argument.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
import { axes, refuseVectors } from './spatial.ts';
import { python, type TorchCall } from './torch.ts';

const MODES = ['nearest', 'bilinear'] as const;
const CORNERS = ['half', 'align', 'asymmetric'] as const;
type Corners = (typeof CORNERS)[number];

/**
 * Sampling of a map at another size. `corners` says where position i of `to` lies among `from`:
 * - half: pixels are squares, (i + ½) · from / to − ½ (PyTorch's default, TensorFlow 2);
 * - align: the first and last pixels stay where they are, i · (from − 1) / (to − 1);
 * - asymmetric: i · from / to (TensorFlow 1).
 * Nearest takes the pixel whose centre is nearest, the later one of two equally near; with `asymmetric` it
 * takes the one at or before the place (PyTorch's `nearest`).
 */
export const resize = defineOp({
  name: 'resize',
  kind: 'kernel',
  doc: 'A map at another size.',
  operands: { x: 'one' },
  attrs: {
    size: attr([1, 1], 'Spatial size of the result.'),
    mode: word(MODES, 'Take the nearest pixel, or interpolate linearly along each axis.'),
    corners: word(CORNERS, 'How positions correspond.'),
  },

  infer: ({ x }, { size }) => {
    refuseVectors('UP', x);
    return f32(x.shape[0]!, ...size, channelsOf(x.shape));
  },

  evaluate: ({ x }, { mode, corners }, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns] = map2d(out.shape);
    const result = new Float32Array(sizeOf(out.shape));
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            for (const [row, rowShare] of neighboursOf(mode, i, { from: height, to: rows, corners }))
              for (const [column, columnShare] of neighboursOf(mode, j, {
                from: width,
                to: columns,
                corners,
              }))
                sum += rowShare * columnShare * x.data[((n * height + row) * width + column) * channels + c]!;
            result[((n * rows + i) * columns + j) * channels + c] = sum;
          }
    return result;
  },

  advance: ({ size }, { x }) => x.shape[1]! / size[0]!,
  // Sizes of all axes, though only some change: ONNX Runtime forgets to turn `axes` when it moves a Transpose past.
  onnx: ({ x }, { size, mode, corners }, { node, ints }) => {
    const batchAndChannels = node('Shape', [x], { start: 0, end: 2 });
    const sizes = node('Concat', [batchAndChannels, ints(size)], { axis: 0 });
    return node('Resize', [x, undefined, undefined, sizes], {
      mode: mode === 'nearest' ? 'nearest' : 'linear',
      nearest_mode: corners === 'asymmetric' ? 'floor' : 'round_prefer_ceil',
      coordinate_transformation_mode: ONNX_CORNERS[corners],
    });
  },
  torch: ({ x }, { size, mode, corners }, { types, helper }) => {
    const from = spatialOf(types.x.shape);
    const is1d = size.length === 1;
    const interpolate = (how: string, isAligned = false) =>
      python('F.interpolate', [x, `(${size.join(', ')}${is1d ? ',' : ''})`], {
        mode: [JSON.stringify(how), ''],
        align_corners: [isAligned, false],
      });
    if (mode === 'bilinear' && corners !== 'asymmetric')
      return interpolate(is1d ? 'linear' : 'bilinear', corners === 'align');
    if (mode === 'nearest' && size.every((to, axis) => isExactInTorch({ from: from[axis]!, to, corners })))
      return interpolate(corners === 'half' ? 'nearest-exact' : 'nearest');
    const along = mode === 'nearest' ? takeAlong(corners, helper) : stretchAlong(helper);
    return size.reduce((map, to, axis) => along(map, axis + 2, from[axis]!, to), x);
  },
  sample: (pick) => {
    const spatial = pick.of([[pick.int(1, 9)], [pick.int(1, 5), pick.int(1, 5)]]);
    return {
      operands: { x: [pick.int(1, 2), ...spatial, pick.int(1, 4)] },
      attrs: {
        size: spatial.map((length) => pick.of([length * pick.int(1, 3), pick.int(1, 9)])),
        mode: pick.of(MODES),
        corners: pick.of(CORNERS),
      },
    };
  },
});

const ONNX_CORNERS = { half: 'half_pixel', align: 'align_corners', asymmetric: 'asymmetric' } as const;

/** PyTorch works out places in single precision, and knows no nearest pixel for aligned corners. */
function isExactInTorch(axis: Axis): boolean {
  const { from, to, corners } = axis;
  if (corners === 'align') return false;
  const scale = Math.fround(from / to);
  const shift = corners === 'half' ? 0.5 : 0;
  const place = (i: number) => Math.min(Math.floor(Math.fround((i + shift) * scale)), from - 1);
  return Array.from({ length: to }, (_, i) => i).every((i) => place(i) === nearest(i, axis)[0]![0]);
}

type Along = (x: string, axis: number, from: number, to: number) => string;
type Helper = TorchCall<Record<never, never>>['helper'];

/** Nearest pixels by their places, in whole numbers. */
function takeAlong(corners: Corners, helper: Helper): Along {
  const take = helper('take', TAKE);
  const place = (from: number, to: number): string => {
    if (corners === 'asymmetric') return `i * ${from} // ${to}`;
    if (corners === 'half') return `(2 * i + 1) * ${from} // ${2 * to}`;
    return to === 1 ? '0' : `(2 * i * ${from - 1} + ${to - 1}) // ${2 * (to - 1)}`;
  };
  return (x, axis, from, to) => `${take}(${x}, ${axis}, [${place(from, to)} for i in range(${to})])`;
}

/** Linear interpolation with the first pixels in one place. */
function stretchAlong(helper: Helper): Along {
  const stretch = helper('stretch', STRETCH);
  return (x, axis, _, to) => `${stretch}(${x}, ${axis}, ${to})`;
}

const TAKE = code`
  def take(x, axis, places):
      """The values of x at these places along an axis."""
      return x.index_select(axis, torch.tensor(places, device=x.device))
`;

const STRETCH = code`
  def stretch(x, axis, size):
      """Linear interpolation along an axis; position i lies at i * old size / size."""
      last = x.shape[axis] - 1
      place = (torch.arange(size, device=x.device) * x.shape[axis] / size).clamp(max=last)
      before = place.floor().long()
      after = (before + 1).clamp(max=last)
      share = (place - before).to(x.dtype).reshape([-1] + [1] * (x.ndim - 1 - axis))
      return torch.lerp(x.index_select(axis, before), x.index_select(axis, after), share)
`;

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly corners: Corners;
}

/** Input positions that make up output position i, each with its share. */
type Neighbours = readonly (readonly [position: number, share: number])[];

/** The input positions that output position i of an axis is made of. */
export const neighboursOf = (mode: (typeof MODES)[number], i: number, axis: Axis): Neighbours =>
  mode === 'nearest' ? nearest(i, axis) : linear(i, axis);

/** Every way of resizing. */
export const RESIZE_CHOICES = MODES.flatMap((mode) => CORNERS.map((corners) => ({ mode, corners })));

function nearest(i: number, axis: Axis): Neighbours {
  const place = placeOf(i, axis);
  return [[clamp(Math.floor(axis.corners === 'asymmetric' ? place : place + 0.5), axis), 1]];
}

function linear(i: number, axis: Axis): Neighbours {
  const place = clamp(placeOf(i, axis), axis);
  const before = Math.floor(place);
  const share = place - before;
  return [
    [before, 1 - share],
    [clamp(before + 1, axis), share],
  ];
}

function placeOf(i: number, { from, to, corners }: Axis): number {
  switch (corners) {
    case 'half':
      return ((2 * i + 1) * from - to) / (2 * to); // one rounding only, so that ties are found
    case 'align':
      return to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    case 'asymmetric':
      return (i * from) / to;
  }
}

const clamp = (place: number, { from }: Axis): number => Math.min(Math.max(place, 0), from - 1);

/** The ways to say a size. */
const sizeArgs = {
  factor: byRule(perAxis('How many times as high and wide.'), '2'),
  like: reference('A value whose height and width to take instead of a factor.'),
  size: perAxis('Height and width of the result instead of a factor.'),
};

export const UP = defineKeyword({
  keyword: 'UP',
  doc: 'The map enlarged, by default twice.',
  positional: ['factor'],
  args: {
    factor: sizeArgs.factor,
    mode: oneOf(MODES, 'Take the nearest pixel, or interpolate linearly.'),
    like: sizeArgs.like,
    size: sizeArgs.size,
    corners: oneOf(
      CORNERS,
      'Where pixels lie: half (PyTorch, TensorFlow 2; nearest-exact there), align, asymmetric (TensorFlow 1; nearest in PyTorch).',
    ),
  },
  says: says(resize, ({ size, mode, corners }, { x }) => {
    const spatial = spatialOf(x.shape);
    const factors = size.map((length, axis) => length / spatial[axis]!);
    const isWhole = factors.every((factor) => Number.isInteger(factor));
    const by = isWhole ? { factor: { is: oneForAll(factors), unless: 2 } } : { size };
    return { ...by, mode, corners };
  }),
  build: (call, { mode, corners, ...asked }) => {
    refuseVectors('UP', call.x.type);
    return call.emit(resize, { x: call.x }, { size: sizeAsked(call, asked), mode, corners });
  },
});

/** The spatial size that one of three arguments says, or twice that of the input. */
function sizeAsked(call: Call, { factor, like, size }: ArgsOf<typeof sizeArgs>): readonly number[] {
  const spatial = spatialOf(call.x.type.shape);
  const given = Object.entries({ factor, like, size }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    refuse('E036', 'UP takes a factor, like= or size=, and one of them only', { argument: given.at(-1)![0] });
  if (size !== undefined) return axes('size', size, spatial.length);
  if (!like) {
    const by = axes('factor', factor ?? call.decide('factor', 2, 'there is no like='), spatial.length);
    return spatial.map((length, axis) => length * by[axis]!);
  }
  const likes = spatialOf(like.value.type.shape);
  if (likes.length !== spatial.length)
    refuse('E045', `UP's input has ${spatial.length} spatial axes, '${like.name}' has ${likes.length}`, {
      argument: 'like',
    });
  return likes;
}

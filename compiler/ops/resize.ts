import { f32, sizeOf } from '../tensor/types.ts';
import { refuse } from '../support/refusal.ts';
import { channelsOf, map2d, spatialOf } from '../tensor/window.ts';
import { byRule, oneOf, perAxis, reference } from './argument.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword } from './keyword.ts';
import { axes, refuseVectors } from './spatial.ts';

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
  onnx: ({ x }, { size, mode, corners }, { node, ints }) =>
    node('Resize', [x, undefined, undefined, ints(size)], {
      axes: size.map((_, axis) => axis + 2),
      mode: mode === 'nearest' ? 'nearest' : 'linear',
      nearest_mode: corners === 'asymmetric' ? 'floor' : 'round_prefer_ceil',
      coordinate_transformation_mode: ONNX_CORNERS[corners],
    }),
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

export const UP = defineKeyword({
  keyword: 'UP',
  doc: 'The map enlarged, by default twice.',
  positional: ['factor'],
  args: {
    factor: byRule(perAxis('How many times as high and wide.'), '2'),
    mode: oneOf(MODES, 'Take the nearest pixel, or interpolate linearly.'),
    like: reference('A value whose height and width to take instead of a factor.'),
    corners: oneOf(
      CORNERS,
      'Where pixels lie: half (PyTorch, TensorFlow 2), align, asymmetric (TensorFlow 1).',
    ),
  },
  build: (call, { factor: written, like, mode, corners }) => {
    refuseVectors('UP', call.x.type);
    const spatial = spatialOf(call.x.type.shape);
    if (!like) {
      const factor = axes('factor', written ?? call.decide('factor', 2, 'there is no like='), spatial.length);
      const size = spatial.map((length, axis) => length * factor[axis]!);
      return call.emit(resize, { x: call.x }, { size, mode, corners });
    }
    if (written !== undefined) refuse('E036', 'UP takes a factor or like=, not both', { argument: 'factor' });
    const size = spatialOf(like.value.type.shape);
    if (size.length !== spatial.length)
      refuse('E045', `UP's input has ${spatial.length} spatial axes, '${like.name}' has ${size.length}`, {
        argument: 'like',
      });
    return call.emit(resize, { x: call.x }, { size, mode, corners });
  },
});

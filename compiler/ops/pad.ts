import { refuse } from '../support/refusal.ts';
import { f32, showItem, sizeOf } from '../tensor/types.ts';
import { channelsOf, map2d, spatialOf } from '../tensor/window.ts';
import { number, oneOf, withDefault } from './argument.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { resolveSides, sides, sides2d, writtenSides } from './padding.ts';
import { refuseVectors } from './spatial.ts';
import { padded } from './torch.ts';

const MODES = ['zero', 'reflect', 'edge'] as const;

export const pad = defineOp({
  name: 'pad',
  kind: 'kernel',
  doc: 'A map with a border around it.',
  operands: { x: 'one' },
  attrs: {
    amounts: attr([0, 0, 0, 0], 'Width of the border: begins, then ends.'),
    mode: word(MODES, 'A constant; the map mirrored at its outermost pixels; or these repeated.'),
    value: attr(0, 'The constant.'),
  },

  infer: ({ x }, { amounts, mode }) => {
    refuseVectors('PAD', x);
    const spatial = spatialOf(x.shape);
    if (mode === 'reflect' && amounts.some((amount, side) => amount >= spatial[side % spatial.length]!))
      refuse('E040', `PAD by (${amounts.join(', ')}) mirrors more than there is of ${showItem(x)}`, {
        help: 'mode=reflect reaches at most to the far side; use mode=edge for more',
      });
    const padded = spatial.map((size, axis) => size + amounts[axis]! + amounts[axis + spatial.length]!);
    return f32(x.shape[0]!, ...padded, channelsOf(x.shape));
  },

  evaluate: ({ x }, { amounts, mode, value }, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns] = map2d(out.shape);
    const [top, left] = sides2d(amounts);
    const result = new Float32Array(sizeOf(out.shape)).fill(value);
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let c = 0; c < channels; c++) {
            const row = within(i - top, height, mode);
            const column = within(j - left, width, mode);
            if (row === undefined || column === undefined) continue;
            result[((n * rows + i) * columns + j) * channels + c] =
              x.data[((n * height + row) * width + column) * channels + c]!;
          }
    return result;
  },

  onnx: ({ x }, { amounts, mode, value }, { node, ints, number }) => {
    const rank = amounts.length / 2;
    const pads = [0, 0, ...amounts.slice(0, rank), 0, 0, ...amounts.slice(rank)];
    return node('Pad', [x, ints(pads), number(value)], { mode: mode === 'zero' ? 'constant' : mode });
  },

  torch: ({ x }, { amounts, mode, value }) =>
    padded(x, amounts, mode === 'zero' ? value : 0, TORCH_MODES[mode]),

  sample: (pick) => {
    const spatial = pick.of([[pick.int(3, 6)], [pick.int(3, 5), pick.int(3, 5)]]);
    const mode = pick.of(MODES);
    return {
      operands: { x: [pick.int(1, 2), ...spatial, pick.int(1, 4)] },
      attrs: {
        amounts: [...spatial, ...spatial].map((size) => pick.int(0, mode === 'reflect' ? size - 1 : 4)),
        mode,
        value: pick.of([0, 1, -2.5]),
      },
    };
  },
});

const TORCH_MODES = { zero: 'constant', reflect: 'reflect', edge: 'replicate' } as const;

/** The position inside the map that a position of the border shows, if any. */
function within(place: number, size: number, mode: (typeof MODES)[number]): number | undefined {
  if (place >= 0 && place < size) return place;
  switch (mode) {
    case 'zero':
      return undefined;
    case 'reflect':
      return place < 0 ? -place : 2 * (size - 1) - place;
    case 'edge':
      return place < 0 ? 0 : size - 1;
  }
}

export const PAD = defineKeyword({
  keyword: 'PAD',
  doc: 'Puts a border around the map.',
  positional: ['amounts'],
  args: {
    amounts: sides('Width of the border.'),
    mode: oneOf(MODES, 'A constant, the map mirrored, or its outermost pixels repeated.'),
    value: withDefault(number('The constant of mode=zero.'), 0),
  },
  says: says(pad, ({ amounts, mode, value }) => ({ amounts: writtenSides(amounts), mode, value })),
  build: (call, { amounts, mode, value }) => {
    refuseVectors('PAD', call.x.type);
    return call.emit(
      pad,
      { x: call.x },
      { amounts: resolveSides('amounts', amounts, spatialOf(call.x.type.shape).length), mode, value },
    );
  },
});

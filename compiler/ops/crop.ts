import { refuse } from '../support/refusal.ts';
import { f32, showItem, sizeOf } from '../tensor/types.ts';
import { channelsOf, map2d, spatialOf } from '../tensor/window.ts';
import { attr, defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { resolveSides, sides, sides2d, writtenSides } from './padding.ts';
import { refuseVectors } from './spatial.ts';

export const crop = defineOp({
  name: 'crop',
  kind: 'kernel',
  doc: 'A map without some of its border.',
  operands: { x: 'one' },
  attrs: { amounts: attr([0, 0, 0, 0], 'What is cut off: begins, then ends.') },

  infer: ({ x }, { amounts }) => {
    refuseVectors('CROP', x);
    const spatial = spatialOf(x.shape);
    const left = spatial.map((size, axis) => size - amounts[axis]! - amounts[axis + spatial.length]!);
    if (left.some((size) => size < 1))
      refuse('E040', `CROP by (${amounts.join(', ')}) leaves nothing of ${showItem(x)}`);
    return f32(x.shape[0]!, ...left, channelsOf(x.shape));
  },

  evaluate: ({ x }, { amounts }, out) => {
    const [, height, width, channels] = map2d(x.type.shape);
    const [batch, rows, columns] = map2d(out.shape);
    const [top, left] = sides2d(amounts);
    const result = new Float32Array(sizeOf(out.shape));
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let c = 0; c < channels; c++)
            result[((n * rows + i) * columns + j) * channels + c] =
              x.data[((n * height + top + i) * width + left + j) * channels + c]!;
    return result;
  },

  torch: ({ x }, { amounts }) => cropped(x, amounts),
  onnx: ({ x }, { amounts }, { node, ints }) => {
    const axes = amounts.slice(0, amounts.length / 2).map((_, axis) => axis + 2);
    const begins = amounts.slice(0, axes.length);
    const ends = amounts.slice(axes.length).map((amount) => (amount === 0 ? 2 ** 31 - 1 : -amount));
    return node('Slice', [x, ints(begins), ints(ends), ints(axes)]);
  },

  sample: (pick) => {
    const rank = pick.of([1, 2]);
    const amounts = Array.from({ length: 2 * rank }, () => pick.int(0, 3));
    const spatial = Array.from(
      { length: rank },
      (_, axis) => amounts[axis]! + amounts[axis + rank]! + pick.int(1, 4),
    );
    return { operands: { x: [pick.int(1, 2), ...spatial, pick.int(1, 4)] }, attrs: { amounts } };
  },
});

/** `x[:, :, 1:-1, 2:]`: without so much of each spatial axis, `[…begins, …ends]`, in Python. */
export function cropped(x: string, amounts: readonly number[]): string {
  const rank = amounts.length / 2;
  const slices = amounts
    .slice(0, rank)
    .map((begin, axis) => `${begin || ''}:${amounts[axis + rank] ? -amounts[axis + rank]! : ''}`);
  return `${x}[:, :, ${slices.join(', ')}]`;
}

export const CROP = defineKeyword({
  keyword: 'CROP',
  doc: 'Cuts off some of the border: the opposite of PAD.',
  positional: ['amounts'],
  args: { amounts: sides('How much to cut off.') },
  says: says(crop, ({ amounts }) => ({ amounts: writtenSides(amounts) })),
  build: (call, { amounts }) => {
    refuseVectors('CROP', call.x.type);
    return call.emit(
      crop,
      { x: call.x },
      { amounts: resolveSides('amounts', amounts, spatialOf(call.x.type.shape).length) },
    );
  },
});

// What positions look at, against what they really read.
import { describe, expect, test } from 'vitest';
import { receptiveFields } from '../../compiler/dense/receptive-field.ts';
import { neighboursOf, RESIZE_CHOICES } from '../../compiler/ops/resize.ts';
import { graphOfText } from '../support/programs.ts';

const fieldOf = async (source: string) => {
  const { size, stride, offset } = receptiveFields(await graphOfText(source)).get('output')!;
  return { size: size[0]!, stride: stride[0]!, offset: offset[0]! };
};

describe.each(RESIZE_CHOICES)('UP, $mode, corners=$corners', ({ mode, corners }) => {
  test.each([
    [5, 9],
    [5, 10],
    [6, 16],
    [7, 7],
    [8, 3],
    [1, 4],
    [5, 1],
  ])('of %i positions to %i: nothing beyond the field is read', async (from, to) => {
    const { size, stride, offset } = await fieldOf(
      `INPUT(${from}x2) -> UP(size=${to}, mode=${mode}, corners=${corners})`,
    );
    const seen = Array.from({ length: to }, (_, i) =>
      neighboursOf(mode, i, { from, to, corners }).flatMap(([position, share]) =>
        share > 0 ? position : [],
      ),
    );
    // Fields go on beyond the borders, where what is read is clamped.
    const clamp = (position: number) => Math.min(Math.max(position, 0), from - 1);
    const slack = 1e-9;
    seen.forEach((positions, i) => {
      const first = i * stride + offset;
      for (const position of positions) {
        expect(position).toBeGreaterThanOrEqual(clamp(first) - slack);
        expect(position).toBeLessThanOrEqual(clamp(first + size - 1) + slack);
      }
    });
  });
});

test('aligned corners stretch the steps between positions: 5 become 9 by halves', async () => {
  expect(await fieldOf('INPUT(5x2) -> UP(size=9, mode=bilinear, corners=align)')).toEqual({
    size: 3,
    stride: 0.5,
    offset: -1,
  });
});

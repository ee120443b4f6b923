// Expected bytes come from Pillow 12.3, over the picture that `pattern` makes.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { prepareImage, type ImageSpec, type Pixels } from '../../runtime/index.ts';
import { AS_IT_IS } from '../support/images.ts';

const GREY: ImageSpec = { ...AS_IT_IS, mean: [0], std: [1], order: 'grey' };

/** An RGB picture that is nowhere flat: (37x + 59y + 101c + 7xy) mod 256. */
function pattern(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    data[i] = 37 * x + 59 * y + 101 * c + 7 * x * y;
  }
  return { data, width, height };
}

const prepare = (pixels: Pixels, [width, height]: readonly [number, number], image: ImageSpec): number[] => {
  const shape = [height, width, image.order === 'grey' ? 1 : 3];
  return [...prepareImage(pixels, { name: 'image', shape, dtype: 'float32', image })];
};

const grey = (width: number, height: number, values: readonly number[]): Pixels => ({
  data: Uint8Array.from(values),
  width,
  height,
});

describe('resampling is PIL’s bilinear to the bit', () => {
  test.each([
    [
      [3, 2],
      [127, 137, 122, 124, 131, 132],
    ],
    [
      [4, 4],
      [109, 143, 156, 113, 131, 139, 121, 115, 115, 121, 151, 111, 128, 132, 134, 140],
    ],
    [
      [9, 8],
      [
        82, 107, 123, 135, 164, 193, 138, 100, 125, 95, 122, 146, 153, 133, 165, 130, 104, 123, 116, 139, 171,
        172, 94, 127, 122, 112, 117, 153, 116, 120, 135, 96, 118, 139, 129, 86, 143, 109, 106, 120, 113, 139,
        150, 128, 79, 86, 118, 128, 125, 145, 188, 155, 110, 94, 113, 126, 137, 136, 109, 157, 144, 128, 136,
        139, 131, 143, 144, 78, 129, 136, 143, 167,
      ],
    ],
  ] as const)('7 × 5 grey to %j', (size, expected) => {
    expect(prepare(pattern(7, 5), size, GREY)).toEqual(expected);
  });

  test.each([
    [[341, 256], [224, 224], '3d75ecea61cb61bc92e4ad34a925bbe3cc325f94b7c28d6b30eb73177df3afc9'],
    [[64, 48], [299, 301], '981d913d469656a993b34725aac2a87965a22b458fcf20c894b9a3ce98923fa2'],
    [[500, 333], [32, 32], '723b2f87bcfd81c095ac08fbcee4c689740bc92a4a4d6189f793e43c97a99f3a'],
    [[28, 28], [28, 28], 'adccbe5c2665a14cc4b82f16b869ff493a209a513062511d57946e0ae6eb7c2a'],
    [[1000, 3], [7, 5], 'aadfcfab06f07ac9abfce8e2dcc92c4a27955fcca875f36b1af47c779e3936a2'],
  ] as const)('colour %j to %j, by hash', ([width, height], size, expected) => {
    const bytes = Uint8Array.from(prepare(pattern(width, height), size, AS_IT_IS));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected);
  });

  test('halving averages with the weights 1 3 3 1, halves upward', () => {
    // Pixel 1 of 4 → 2: (0·1 + 0·3 + 100·3 + 100·1) / 8 at the left edge loses its first tap.
    expect(prepare(grey(4, 1, [0, 0, 100, 100]), [2, 1], GREY)).toEqual([14, 86]);
  });
});

describe('colours', () => {
  const orange: Pixels = { data: Uint8Array.of(255, 128, 0), width: 1, height: 1 };
  test.each([
    ['rgb', [255, 128, 0]],
    ['bgr', [0, 128, 255]],
    ['grey', [151]],
  ] as const)('in order %s', (order, expected) => {
    expect(prepare(orange, [1, 1], { ...AS_IT_IS, order })).toEqual(expected);
  });

  test('grey is PIL’s mode L', () => {
    expect(prepare(pattern(7, 5), [7, 5], GREY).slice(0, 7)).toEqual([82, 119, 127, 164, 201, 88, 125]);
  });

  test('a grey picture has three equal channels when colour is wanted', () => {
    expect(prepare(grey(1, 1, [9]), [1, 1], AS_IT_IS)).toEqual([9, 9, 9]);
  });

  test('what is transparent lies on black', () => {
    const data = Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 0);
    expect(prepare({ data, width: 3, height: 1 }, [3, 1], AS_IT_IS)).toEqual([
      200, 100, 50, 100, 50, 25, 0, 0, 0,
    ]);
  });
});

describe('fit', () => {
  const wide = grey(4, 2, [10, 20, 30, 40, 50, 60, 70, 80]);
  test('stretch ignores proportions', () => {
    expect(prepare(wide, [1, 1], { ...GREY, fit: 'stretch' })).toEqual([45]);
  });

  test('cover fills, and cuts what stands out on both sides', () => {
    expect(prepare(wide, [2, 2], { ...GREY, fit: 'cover' })).toEqual([20, 30, 60, 70]);
  });

  test('contain shows everything, on black', () => {
    expect(prepare(wide, [4, 4], { ...GREY, fit: 'contain' })).toEqual([
      0, 0, 0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 0, 0, 0, 0,
    ]);
    expect(prepare(grey(1, 1, [7]), [2, 2], { ...GREY, fit: 'contain' })).toEqual([7, 7, 7, 7]);
  });

  test('pad never enlarges: a digit of 28 × 28 lies untouched in the middle of 32 × 32', () => {
    const digit = grey(
      28,
      28,
      Array.from({ length: 784 }, (_, i) => (i * 7) % 256),
    );
    const prepared = prepare(digit, [32, 32], { ...GREY, fit: 'pad' });
    const at = (x: number, y: number) => prepared[y * 32 + x];
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const inside = x >= 2 && x < 30 && y >= 2 && y < 30;
        expect(at(x, y)).toBe(inside ? digit.data[(y - 2) * 28 + (x - 2)] : 0);
      }
    }
  });

  test('pad reduces what is larger', () => {
    expect(
      prepare(
        grey(
          4,
          4,
          Array.from({ length: 16 }, () => 9),
        ),
        [2, 3],
        { ...GREY, fit: 'pad' },
      ),
    ).toEqual([9, 9, 9, 9, 0, 0]);
  });
});

test('resize brings the shorter side to a length, crop cuts the middle, as torchvision does', () => {
  const picture = pattern(341, 256);
  const both = prepare(picture, [224, 224], { ...AS_IT_IS, resize: 256, crop: 224 });
  // Nothing is resampled here: the square begins at round(58.5) = 58, half to even, and 16.
  const from = (16 * 341 + 58) * 3;
  expect(both.slice(0, 6)).toEqual([...picture.data.subarray(from, from + 6)]);
});

test('values are scaled, then normalised per channel, and padding is black before that', () => {
  const image: ImageSpec = { ...AS_IT_IS, scale: 0.5, mean: [1, 2, 3], std: [2, 4, 8], fit: 'pad' };
  expect(prepare({ data: Uint8Array.of(10, 20, 30), width: 1, height: 1 }, [1, 2], image)).toEqual([
    2, 2, 1.5, -0.5, -0.5, -0.375,
  ]);
});

describe('errors', () => {
  test('data that do not fit width and height', () => {
    expect(() => prepare({ data: new Uint8Array(10), width: 2, height: 2 }, [2, 2], AS_IT_IS)).toThrow(
      expect.objectContaining({ code: 'IMAGE_SIZE' }),
    );
  });

  test('a picture without pixels', () => {
    expect(() => prepare({ data: new Uint8Array(), width: 0, height: 2 }, [2, 2], AS_IT_IS)).toThrow(
      expect.objectContaining({ code: 'IMAGE_SIZE' }),
    );
  });

  test.each([
    ['without image attributes', { name: 'x', shape: [2, 2, 3], dtype: 'float32' }],
    ['of another rank', { name: 'x', shape: [12], dtype: 'float32', image: AS_IT_IS }],
    ['of other channels', { name: 'x', shape: [2, 2, 3], dtype: 'float32', image: GREY }],
  ] as const)('an input %s', (_, input) => {
    const pixels = pattern(2, 2);
    expect(() => prepareImage(pixels, input)).toThrow(expect.objectContaining({ code: 'IMAGE_SPEC' }));
  });
});

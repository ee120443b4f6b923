import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../../compiler/frontend/weights/safetensors.ts';
import { listWeights } from '../../compiler/index.ts';
import { bundled, edited, messages, written } from './files.ts';

/** Every operator whose layouts differ, over maps that are not square. */
const PROGRAMS = {
  CONV: 'INPUT(6x5x3) -> CONV(4, 3x2)',
  'CONV with groups': 'INPUT(6x5x4) -> CONV(6, 3x2, groups=2)',
  'CONV over one channel': 'INPUT(6x5x1) -> CONV(4, 3x2)',
  DWCONV: 'INPUT(6x5x3) -> DWCONV(3x2, multiplier=2)',
  DECONV: 'INPUT(6x5x4) -> DECONV(3, 3x2)',
  'FC after a map': 'INPUT(6x5x3) -> FC(7)',
  'FC after a vector': 'INPUT(6) -> FC(7)',
  'CONV over a sequence': 'INPUT(9x3) -> CONV(4, 3)',
  'DWCONV over a sequence': 'INPUT(9x3) -> DWCONV(3)',
  'FC after a sequence': 'INPUT(9x3) -> FC(4)',
  'normalisation and PRELU': 'INPUT(6x5x3) -> CONV(4, norm=bn, act=none) -> PRELU',
};

describe.each(Object.entries(PROGRAMS))('%s', (_, source) => {
  test('weights written in either layout compile to the bytes of the weights drawn', async () => {
    const drawn = await bundled(source, { weights: { random: 1 } });
    for (const to of ['torch', 'tf'] as const)
      expect(await bundled(source, { weights: await written(source, to) })).toEqual(drawn);
  });
});

async function shapesInTf(source: string) {
  const { weights } = await listWeights({ source, to: 'tf' });
  return weights[0]!.shape.join('×');
}

describe('TensorFlow has', () => {
  test.each([
    ['CONV as height, width, in, out', PROGRAMS.CONV, '3×2×3×4'],
    ['groups in fewer inputs', PROGRAMS['CONV with groups'], '3×2×2×6'],
    ['DWCONV as height, width, channels, multiplier', PROGRAMS.DWCONV, '3×2×3×2'],
    ['DECONV as height, width, out, in', PROGRAMS.DECONV, '3×2×3×4'],
    ['FC as in, out', PROGRAMS['FC after a map'], '90×7'],
    ['a sequence as length, in, out', PROGRAMS['CONV over a sequence'], '3×3×4'],
  ])('%s', async (_, source, shape) => {
    expect(await shapesInTf(source)).toBe(shape);
  });
});

/** One weight in both layouts. */
async function both(source: string, name: string) {
  const [torch, tf] = [await written(source, 'torch'), await written(source, 'tf')].map((file) =>
    readSafetensors(file).tensors.get(name)!.read(),
  );
  return { torch: torch!, tf: tf! };
}

describe('an element is found at its place', () => {
  test('kernels: [o][c][u][v] is [u][v][c][o]', async () => {
    const { torch, tf } = await both(PROGRAMS.CONV, 'conv1.weight');
    const [o, c, u, v] = [3, 1, 2, 0];
    expect(tf[((u * 2 + v) * 3 + c) * 4 + o]).toBe(torch[((o * 3 + c) * 3 + u) * 2 + v]);
  });

  test('depthwise: filter c·2 + m is [c][m]', async () => {
    const { torch, tf } = await both(PROGRAMS.DWCONV, 'dwconv1.weight');
    const [c, m, u, v] = [2, 1, 1, 1];
    expect(tf[((u * 2 + v) * 3 + c) * 2 + m]).toBe(torch[((c * 2 + m) * 3 + u) * 2 + v]);
  });

  test('FC after a 6×5×3 map: inputs in the order H, W, C', async () => {
    const { torch, tf } = await both(PROGRAMS['FC after a map'], 'fc1.weight');
    const [o, c, i, j] = [4, 2, 3, 1];
    expect(tf[((i * 5 + j) * 3 + c) * 7 + o]).toBe(torch[o * 90 + (c * 6 + i) * 5 + j]);
  });
});

describe('the layout', () => {
  test('that a file says can be overruled', async () => {
    const weights = await written(PROGRAMS.CONV, 'tf');
    expect((await messages(PROGRAMS.CONV, { weights, layout: 'torch' }))[0]).toContain('4×3×3×2 expected');
  });

  test('of nobody we know is refused, unless another is said', async () => {
    const own = await written(PROGRAMS.CONV);
    const weights = edited(own, '"layout":"torch"', '"layout":"caffe"');
    expect(await messages(PROGRAMS.CONV, { weights })).toEqual([
      "the weights file says that its layout is 'caffe'; torch and tf are known",
      'if its tensors lie as in one of these, say which: --layout torch or --layout tf',
    ]);
    expect(await messages(PROGRAMS.CONV, { weights, layout: 'torch' })).toEqual([]);
  });

  test('that fits is suggested where all misshapen tensors have its shapes', async () => {
    const weights = await written(PROGRAMS.CONV);
    expect((await messages(PROGRAMS.CONV, { weights, layout: 'tf' }))[1]).toContain('give --layout torch');
  });
});

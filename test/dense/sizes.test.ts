// One bundle for several input sizes: the weights are there once, and `{ data, shape }` chooses.
import { describe, expect, test } from 'vitest';
import type { CompileOptions } from '../../compiler/index.ts';
import { writeBundle } from '../support/bundle.ts';
import { mismatch } from '../support/tolerance.ts';
import { picture } from './networks.ts';

const SOURCE = 'INPUT(12x12x1) -> CONV(4, 3, pad=valid, norm=bn) -> POOL -> FC(6) -> FC(3)';

const build = (options: Partial<CompileOptions> = {}) =>
  writeBundle({ source: SOURCE, name: 'scan', weights: { random: 3 }, targets: ['js'], ...options });

const open = async (options: Partial<CompileOptions>) => (await build(options)).createModel();

const SIZES = {
  at: [
    [12, 12],
    [16, 20],
    [12, 14],
  ],
  dense: true,
} as const;

describe('a bundle for several sizes', () => {
  test('has the weights once: it is hardly larger than one for a single size', async () => {
    const weights = async (options: Partial<CompileOptions>) =>
      (await build(options)).files.get('scan.weights.bin')!.length;
    const single = await weights({ at: [[12, 12]], dense: true });
    expect(await weights(SIZES)).toBe(single);
  });

  test('runs each size as a bundle of its own does', async () => {
    const all = await open(SIZES);
    for (const size of SIZES.at) {
      const alone = await open({ at: [size], dense: true });
      const data = picture([...size, 1], 5);
      const { output } = await all.run({ data, shape: [...size, 1] });
      const { output: expected } = await alone.run(data);
      expect(mismatch(output!, expected!, 'network')).toBeUndefined();
    }
    all.dispose();
  });

  test('takes values without a shape as the first size', async () => {
    const model = await open(SIZES);
    const { output } = await model.run(picture([12, 12, 1], 5));
    expect(output).toHaveLength(3);
    expect(await model.run({ input: { data: picture([16, 20, 1], 5), shape: [16, 20, 1] } })).toMatchObject({
      output: expect.any(Float32Array),
    });
  });

  test('refuses other sizes and says which there are', async () => {
    const model = await open(SIZES);
    await expect(model.run({ data: new Float32Array(100), shape: [10, 10, 1] })).rejects.toThrow(
      'there is no network for 10 × 10 × 1; this bundle has 12 × 12 × 1, 16 × 20 × 1, 12 × 14 × 1',
    );
  });

  test('says at which sizes it works, what comes out, and what that looks at', async () => {
    const model = await open(SIZES);
    expect(model.sizes.map(({ inputs, outputs }) => [inputs[0]!.shape, outputs[0]!.shape])).toEqual([
      [
        [12, 12, 1],
        [1, 1, 3],
      ],
      [
        [16, 20, 1],
        [3, 5, 3],
      ],
      [
        [12, 14, 1],
        [1, 2, 3],
      ],
    ]);
    const { inputs, outputs } = model;
    expect(model.sizes[0]).toEqual({ inputs, outputs });
    expect(model.sizes[1]!.outputs[0]!.receptiveField).toEqual(model.receptiveField('output'));
    expect((await open({ at: [[16, 20]], dense: true })).sizes).toHaveLength(1);
  });

  test('is disposed as a whole', async () => {
    const model = await open(SIZES);
    const input = { data: picture([16, 20, 1], 5), shape: [16, 20, 1] };
    await model.run(input);
    model.dispose();
    await expect(model.run(input)).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(model.run(picture([12, 12, 1], 5))).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('its declarations name the sizes', async () => {
    const types = new TextDecoder().decode((await build(SIZES)).files.get('scan.d.ts'));
    expect(types).toContain(
      'readonly input: readonly [12, 12, 1] | readonly [16, 20, 1] | readonly [12, 14, 1];',
    );
    expect(types).toContain('Further sizes give: output 3 × 5 × 3');
  });
});

test('an output knows what its positions look at', async () => {
  const model = await open({ at: [[16, 20]], dense: true });
  expect(model.receptiveField('output')).toEqual({ size: [12, 12], stride: [2, 2], offset: [0, 0] });
  expect(() => model.receptiveField('nope')).toThrow('there is no output "nope", expected "output"');
});

test('INPUT with open sizes takes them from --at, and the same weights serve all', async () => {
  const source = 'INPUT(?x?x2) -> CONV(4, 3) -> POOL -> CONV(3, 1, act=none) -> GAP';
  const model = await open({
    source,
    at: [
      [8, 8],
      [20, 12],
    ],
  });
  expect(model.inputs[0]!.shape).toEqual([8, 8, 2]);
  const { output } = await model.run({ data: picture([20, 12, 2], 1), shape: [20, 12, 2] });
  expect(output).toHaveLength(3);
});

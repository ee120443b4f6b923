import { expect, test, vi } from 'vitest';
import type { Model } from '../../runtime/index.ts';
import { bySize } from '../../runtime/sizes/index.ts';
import { writeBundle } from '../support/bundle.ts';

const spec = (size: number) => [{ name: 'x', shape: [size, size, 1], dtype: 'float32' as const }];
const large = { data: new Float32Array(16), shape: [4, 4, 1] };

/** What `bySize` uses of a model. */
const modelOf = (size: number, result: Record<string, Float32Array>): Model =>
  ({
    inputs: spec(size),
    outputs: spec(size),
    sizes: [{ inputs: spec(size), outputs: spec(size) }],
    run: async () => result,
    dispose: () => {},
  }) as unknown as Model;

test('a further size that failed once may start the next time', async () => {
  const result = { y: Float32Array.of(1) };
  const start = vi.fn<() => Promise<Model>>(async () => modelOf(4, result));
  start.mockRejectedValueOnce(new Error('no memory just now'));
  const model = bySize(modelOf(2, {}), [{ inputs: spec(4), outputs: spec(4), start }]);
  await expect(model.run(large)).rejects.toThrow('no memory just now');
  expect(await model.run(large)).toBe(result);
});

test('a model whose further size failed is disposed without a word', async () => {
  const start = () => Promise.reject(new Error('no memory'));
  const model = bySize(modelOf(2, {}), [{ inputs: spec(4), outputs: spec(4), start }]);
  const running = model.run(large);
  model.dispose();
  await expect(running).rejects.toThrow('no memory');
});

test('the signal for loading says nothing about sizes that start later', async () => {
  const { createModel } = await writeBundle({
    source: 'INPUT(4x4x1) -> CONV(2) -> GAP -> FC(3)\n',
    path: 'tiny.cnn',
    at: [
      [4, 4],
      [6, 6],
    ],
    weights: { random: 1 },
    targets: ['js'],
  });
  const controller = new AbortController();
  const model = await createModel({ signal: controller.signal });
  controller.abort();
  const { output } = await model.run({ data: new Float32Array(36), shape: [6, 6, 1] });
  expect(output).toHaveLength(3);
});

import { expect, test } from 'vitest';
import { compile, type CompileOptions } from '../../compiler/index.ts';

/** The generated module. */
async function moduleOf(source: string, options: Partial<CompileOptions> = {}): Promise<string> {
  const { files } = await compile({
    source,
    path: 'net.cnn',
    weights: { random: 1 },
    targets: ['js'],
    inlineWeights: true,
    ...options,
  });
  return new TextDecoder().decode(files.get('net.js'));
}

const SOURCE = 'INPUT(8x8x3)\n  -> CONV(4) as first  # edges\n  -> POOL -> FC(2)';

test('annotate puts the source line, weights and cost above each kernel', async () => {
  expect(await moduleOf(SOURCE, { annotate: true })).toContain(
    [
      '  // first: conv, relu, 8×8×3 → 8×8×4',
      '  // net.cnn:2: -> CONV(4) as first # edges',
      '  // weights: first.weight 4×3×3×3, first.bias 4',
      '  // 6,912 multiply-accumulates',
      '  function first(x, weight, bias, y) {',
    ].join('\n'),
  );
});

test('profile marks every layer in the performance timeline', async () => {
  const source = await moduleOf(SOURCE, { profile: true });
  const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
  const { createModel } = await import(/* @vite-ignore */ url);
  const model = await createModel();
  performance.clearMeasures();
  await model.run(new Float32Array(8 * 8 * 3));
  expect(performance.getEntriesByType('measure').map(({ name }) => name)).toEqual(['first', 'pool1', 'fc1']);
});

test('weights that are read as they are stored are not copied', async () => {
  const pointwise = await moduleOf('INPUT(8x8x16) -> CONV(32, 1) -> FC(10)');
  expect(pointwise).not.toContain('Float32Array(weight.length)');
});

// `compile --self-test`: models that know what they should compute.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import type { Model } from '../../runtime/index.ts';
import type { SelfTest } from '../../runtime/self-test/index.ts';
import { writeBundle } from '../support/bundle.ts';

const SMALL = { source: 'INPUT(8x8x2) -> CONV(4) -> POOL -> FC(3)', weights: { random: 1 }, name: 'net' };

async function selfTest(options: CompileOptions): Promise<SelfTest> {
  const { createModel } = await writeBundle({ selfTest: true, ...options });
  const model = (await createModel({ target: 'js' })) as Model & { selfTest(): Promise<SelfTest> }; // as the .d.ts says
  return model.selfTest();
}

const manifest = async (options: CompileOptions) => {
  const { files } = await compile({ selfTest: true, ...options });
  return JSON.parse(new TextDecoder().decode(files.get('net.json')));
};

test('a model that computes what the compiler did says so', async () => {
  expect(await selfTest(SMALL)).toMatchObject({
    ok: true,
    target: 'js',
    maxAbsolute: expect.any(Number),
    outputs: [{ name: 'output', ok: true, allowed: expect.any(Number) }],
  });
  expect((await manifest(SMALL)).selfTest).toEqual({
    seed: 1,
    by: 'definitions',
    outputs: [{ name: 'output', values: 3 }],
  });
});

test('a large network is computed by its own JavaScript, and some values of a large output are kept', async () => {
  const large = { ...SMALL, source: 'INPUT(100x100x8) -> CONV(32)' };
  expect(await selfTest({ ...large, inlineWeights: true })).toMatchObject({ ok: true });
  expect((await manifest(large)).selfTest).toMatchObject({ by: 'js', outputs: [{ values: 2048 }] });
});

test('a bundle for several sizes tests the first', async () => {
  const sizes = {
    ...SMALL,
    source: 'INPUT(8x8x2) -> CONV(4)',
    at: [
      [8, 8],
      [12, 12],
    ],
  };
  expect(await selfTest(sizes)).toMatchObject({ ok: true });
});

test('a kernel that computes something else is found', async () => {
  const { folder, files } = await writeBundle({ ...SMALL, selfTest: true, inlineWeights: true });
  const text = await readFile(join(folder, 'net.js'), 'utf8');
  const wrong = text.replaceAll('bias[f]', '(bias[f] + 1)');
  const { createModel } = await import(`data:text/javascript,${encodeURIComponent(wrong)}`);
  const model = await createModel({ target: 'js' });
  expect(files.size).toBe(3);
  expect(await model.selfTest()).toMatchObject({ ok: false, outputs: [{ ok: false }] });
});

test('without the option no byte of the module is about it', async () => {
  const { files } = await compile(SMALL);
  for (const bytes of files.values()) expect(new TextDecoder().decode(bytes)).not.toMatch(/self-?test/i);
});

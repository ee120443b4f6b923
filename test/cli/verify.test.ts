// `cnnc verify`: what it says of bundles that are right, and of kernels that were made wrong on purpose.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAM = `cnn 1
INPUT(12x12x3)
  -> CONV(8, norm=bn) as stem
  -> { CONV(8, norm=bn) -> CONV(8, act=none) | SKIP } -> ADD -> RELU
  -> { CONV(4, 1) | POOL(3, stride=1, pad=1) } -> CONCAT
  -> GAP -> FC(5) -> SOFTMAX
`;

/** The program's bundle, and what one kernel of it is made to do instead. */
async function bundle(
  patch?: { layer: string; from: RegExp; to: string },
  ...flags: string[]
): Promise<string> {
  const path = await temporaryFolder();
  await writeFile(join(path, 'net.cnn'), PROGRAM);
  const out = join(path, 'out');
  const { err } = await cnnc([
    'compile',
    join(path, 'net.cnn'),
    '--random-weights',
    '1',
    '-o',
    out,
    ...flags,
  ]);
  expect(err).not.toMatch(/error/);
  if (patch) {
    const module = join(out, 'net.js');
    const text = await readFile(module, 'utf8');
    const start = text.indexOf(`function ${patch.layer}(`, text.indexOf('const jsTarget'));
    const patched = text.slice(0, start) + text.slice(start).replace(patch.from, patch.to);
    if (patched === text) throw new Error(`${patch.layer} has no ${patch.from}`);
    await writeFile(module, patched);
  }
  return out;
}

describe('verify', () => {
  test.each(['reference', 'onnxruntime'])('finds a program right against %s', async (oracle) => {
    const args = ['examples/lenet5.cnn', '--weights', 'examples/lenet5.safetensors', '--inputs', '2'];
    const { code, out } = await cnnc(['verify', ...args, '--against', oracle]);
    expect(out).toMatch(
      /^js against .*, on 2 random inputs, seeds 1 to 2\noutput  shape .*\noutput  10 .* ok\n$/,
    );
    expect(code).toBe(0);
  });

  test('compares one input at least', async () => {
    const { code, err } = await cnnc(['verify', 'examples/lenet5.cnn', '--inputs', '0']);
    expect([code, err]).toEqual([2, expect.stringContaining('Give a whole number, 1 or more.')]);
  });

  test('finds a bundle right from what lies in its folder', async () => {
    const { code, out } = await cnnc(['verify', await bundle()]);
    expect(out).toMatch(/as passes left them[^]*output  5 .* ok\n$/);
    expect(code).toBe(0);
  });

  test('finds a bundle right whose weights are inside its module, against ONNX Runtime', async () => {
    const path = await bundle(undefined, '--inline-weights');
    expect(await cnnc(['verify', path, '--against', 'onnxruntime'])).toMatchObject({ code: 0 });
  });

  test('given the weights, verifies a bundle against its program as written', async () => {
    const path = await bundle();
    const { code, out } = await cnnc(['verify', path, '--random-weights', '1']);
    expect(out).not.toContain('as passes left them');
    expect(code).toBe(0);
    expect(await cnnc(['verify', path, '--random-weights', '2'])).toMatchObject({ code: 1 });
  });

  test('names the layer whose kernel is wrong, and where the program says it', async () => {
    const patch = { layer: 'conv2', from: /bias\[f\]/g, to: '(bias[f] + 0.1)' };
    const path = await bundle(patch);
    const { code, out } = await cnnc(['verify', path, '--bisect']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /output  5 .* DIVERGES\n\n.*net\.json:\d+:\d+: conv2 \(CONV\) is the first layer that diverges: /,
    );
  });

  test('says the same as data', async () => {
    const path = await bundle({ layer: 'pool1', from: /y\[/, to: 'y[1 + ' });
    const { code, out } = await cnnc(['verify', path, '--bisect', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      target: 'js',
      seeds: [1],
      outputs: [{ name: 'output', ok: false }],
      layer: { path: 'pool1', keyword: 'POOL', ok: false, line: expect.any(Number) },
    });
  });

  test('verifies what was made of an ONNX file against ONNX Runtime on the file itself', async () => {
    const file = join(await temporaryFolder(), 'net.onnx');
    await cnnc(['export', 'examples/lenet5.cnn', '--weights', 'examples/lenet5.safetensors', '--onnx', file]);
    const { code, out } = await cnnc(['verify', file, '--against', 'onnxruntime']);
    expect(out).toMatch(/output  10 .* ok\n$/);
    expect(code).toBe(0);
  });

  test('a bundle for another size asks for it', async () => {
    const path = await bundle(undefined, '--at', '16x16');
    expect(await cnnc(['verify', path])).toMatchObject({ code: 1, err: expect.stringContaining('--at') });
    expect(await cnnc(['verify', path, '--at', '16x16'])).toMatchObject({ code: 0 });
  });
});

test('a module that was renamed to .mjs is verified too, one without its manifest is not', async () => {
  const out = await bundle();
  await rename(join(out, 'net.js'), join(out, 'net.mjs'));
  expect(await cnnc(['verify', join(out, 'net.mjs')])).toMatchObject({ code: 0, err: '' });
  await rm(join(out, 'net.json'));
  expect(await cnnc(['verify', join(out, 'net.mjs')])).toMatchObject({
    code: 1,
    err: `cnnc: ${join(out, 'net.mjs')}: is no bundle to verify: there is no net.json beside it\n`,
  });
});

test.each([',1', '1,', '1, ,2', 'x'])('--constant a=%s is no list of numbers', async (list) => {
  const file = join(await temporaryFolder(), 'net.onnx');
  await writeFile(file, '');
  expect(await cnnc(['check', file, '--constant', `a=${list}`])).toMatchObject({
    code: 1,
    err: `cnnc: --constant a=${list}: is no list of numbers and no .npy file\n`,
  });
});

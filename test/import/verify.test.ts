// `cnnc verify` of a bundle that was made of an ONNX model: what it is compared with is that model.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cnnc } from '../cli/capture.ts';
import { floats, model, node, value } from '../support/onnx-writer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two layers, the second behind a normalisation that a pass folds into the first, and a parameter as an input. */
const onnx = model({
  nodes: [
    node(
      'Conv',
      ['a/b:0', 'w'],
      ['map'],
      { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
      { name: '/graph/first' },
    ),
    node('BatchNormalization', ['map', 'g', 'h', 'm', 'v'], ['normal'], {}, { name: 'norm' }),
    node('Mul', ['normal', 'factor'], ['out/put:0'], {}, { name: 'last' }),
  ],
  initializers: [
    floats(
      'w',
      [2, 1, 3, 3],
      Array.from({ length: 18 }, (_, i) => Math.sin(i)),
    ),
    floats('g', [2], [2, -1]),
    floats('h', [2], [0.5, 0.25]),
    floats('m', [2], [0.1, 0.2]),
    floats('v', [2], [1, 4]),
  ],
  inputs: [value('a/b:0', ['N', 1, 6, 5]), value('factor', [1])],
  outputs: [value('out/put:0')],
});

/** A folder with the model, and its bundle in `out`. */
async function compiled(): Promise<{ readonly folder: string; readonly out: string; readonly file: string }> {
  const folder = await temporaryFolder();
  const [file, out] = [join(folder, 'net.onnx'), join(folder, 'out')];
  await writeFile(file, onnx);
  expect(await cnnc(['compile', file, '-o', out, '--constant', 'factor=3'])).toMatchObject({ code: 0 });
  return { folder, out, file };
}

test.each(['reference', 'onnxruntime'])(
  'finds it right against %s, with what was given for it',
  async (oracle) => {
    const { out } = await compiled();
    const { code, out: text } = await cnnc(['verify', out, '--against', oracle, '--inputs', '2']);
    expect(text).toMatch(/on 2 random inputs, seeds 1 to 2\n.*\nout\/put:0  2×6×5 .* ok\n$/);
    expect(text).not.toContain('as passes left them');
    expect(code).toBe(0);
  },
);

test('looks where the manifest says, and where it is told', async () => {
  const { folder, out, file } = await compiled();
  const moved = join(folder, 'elsewhere.onnx');
  await rename(file, moved);
  expect(await cnnc(['verify', out])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/was made of an ONNX model that is not at .*net\.onnx any more.*--model FILE/),
  });
  expect(await cnnc(['verify', out, '--model', moved])).toMatchObject({ code: 0 });
});

test('takes no other model', async () => {
  const { folder, out, file } = await compiled();
  const other = join(folder, 'other.onnx');
  await writeFile(
    other,
    onnx.map((byte, i) => (i === onnx.length - 1 ? byte ^ 1 : byte)),
  );
  expect(await cnnc(['verify', out, '--model', other])).toMatchObject({
    code: 1,
    err: expect.stringContaining('this is not the ONNX model that the bundle was made of'),
  });
  expect(await cnnc(['verify', out, '--random-weights', '1'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('has its weights already'),
  });
  expect(await cnnc(['verify', file, '--model', file])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--model is for bundles'),
  });
});

test('--model is nothing for the bundle of a program', async () => {
  const { folder, file } = await compiled();
  await writeFile(join(folder, 'net.cnn'), 'INPUT(8x8x1) -> CONV(2)');
  const out = join(folder, 'program');
  await cnnc(['compile', join(folder, 'net.cnn'), '--random-weights', '1', '-o', out]);
  expect(await cnnc(['verify', out, '--model', file])).toMatchObject({
    code: 1,
    err: expect.stringContaining('made of a program, not of an ONNX model'),
  });
});

test('names the layer whose kernel is wrong, with the file and its node', async () => {
  const { out, file } = await compiled();
  const module = join(out, 'net.js');
  const text = await readFile(module, 'utf8');
  expect(text).toContain('PAD_LEFT = 1');
  await writeFile(module, text.replace('PAD_LEFT = 1', 'PAD_LEFT = 0'));
  const { code, out: said } = await cnnc(['verify', out, '--bisect']);
  expect(said).toMatch(
    /net\.onnx: graph\.first \(Conv, the node "\/graph\/first", compiled as .*\) is the first layer that diverges/,
  );
  expect(code).toBe(1);
  const { out: data } = await cnnc(['verify', out, '--bisect', '--json']);
  expect(JSON.parse(data)).toMatchObject({ layer: { file, node: '/graph/first', keyword: 'Conv' } });
});

test('numbers that are too many for the manifest are asked for again', async () => {
  const { folder, out, file } = await compiled();
  const numbers = Array.from({ length: 2000 }, (_, i) => i).join(',');
  const long = model({
    nodes: [node('Add', ['x', 'long'], ['y'])],
    inputs: [value('x', [1, 2000]), value('long', [2000])],
    outputs: [value('y')],
  });
  await writeFile(join(folder, 'net.onnx'), long);
  await cnnc(['compile', file, '-o', out, '--constant', `long=${numbers}`]);
  expect(await cnnc(['verify', out])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/numbers for the input "long" that it does not hold[^]*--constant/),
  });
  expect(await cnnc(['verify', out, '--constant', `long=${numbers}`])).toMatchObject({ code: 0 });
});

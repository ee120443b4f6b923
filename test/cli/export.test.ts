// `cnnc export`: what ONNX Runtime makes of the file.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { beforeEach, describe, expect, test } from 'vitest';
import { floats, model, node, value } from '../support/onnx-writer.ts';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

ort.env.wasm.numThreads = 1;

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('export', () => {
  test('writes a model that ONNX Runtime accepts, with names, channels first and an open batch', async () => {
    const file = join(folder, 'lenet5.onnx');
    const args = ['examples/lenet5.cnn', '--weights', 'examples/lenet5.safetensors', '--onnx', file];
    const { code, out } = await cnnc(['export', ...args]);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringMatching(/lenet5\.onnx +\d\d\d,\d+ bytes/),
    });

    const session = await ort.InferenceSession.create(await readFile(file));
    expect(session.inputMetadata).toMatchObject([
      { name: 'input', type: 'float32', shape: ['N', 1, 32, 32] },
    ]);
    expect(session.outputMetadata).toMatchObject([{ name: 'output', type: 'float32', shape: ['N', 10] }]);
    for (const batch of [1, 3]) {
      const input = new ort.Tensor(new Float32Array(batch * 1024), [batch, 1, 32, 32]);
      const { output } = await session.run({ input });
      expect(output!.dims).toEqual([batch, 10]);
    }
    await session.release();
  });

  test('writes a model as a module of PyTorch, and its weights beside it', async () => {
    const onnx = model({
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      initializers: [floats('w', [2, 3], [1, 2, 3, 4, 5, 6])],
      inputs: [value('x', ['N', 2])],
      outputs: [value('y')],
    });
    await writeFile(join(folder, 'model.onnx'), onnx);
    const { code, out } = await cnnc([
      'export',
      join(folder, 'model.onnx'),
      '--pytorch',
      join(folder, 'net.py'),
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/net\.py +\d+ bytes\n.*net\.safetensors +\d+ bytes\n/);
    const text = await readFile(join(folder, 'net.py'), 'utf8');
    expect(text).toContain('class Net(nn.Module)');
    expect(text).toContain('load_file("net.safetensors")');
    expect(text).toMatch(/nn\.Linear\(2, 3, bias=False\)/);
  });

  test('without weights says both ways to give them', async () => {
    await writeFile(join(folder, 'net.cnn'), 'INPUT(8x8x1) -> CONV(4)');
    const file = join(folder, 'net.onnx');
    const { code, err } = await cnnc(['export', join(folder, 'net.cnn'), '--onnx', file]);
    expect(code).toBe(1);
    expect(err).toMatch(/E062[\s\S]*--weights .*--random-weights/);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  test('of two files writes none where one is refused', async () => {
    const program = 'INPUT(8x8x1) -> POOL(2, mode=avg, dilation=2) -> FC(2)';
    await writeFile(join(folder, 'net.cnn'), program);
    const outputs = ['--onnx', join(folder, 'net.onnx'), '--pytorch', join(folder, 'net.py')];
    const { code, err } = await cnnc([
      'export',
      join(folder, 'net.cnn'),
      '--random-weights',
      '1',
      ...outputs,
    ]);
    expect(code).toBe(1);
    expect(err).toContain('PyTorch has no mean of dilated windows');
    expect(await readdir(folder)).toEqual(['net.cnn']);
  });

  test('without a file to write is wrong usage', async () => {
    expect((await cnnc(['export', 'net.cnn', '--random-weights', '1'])).code).toBe(2);
  });
});

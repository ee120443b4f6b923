// Pictures and class names, which an ONNX model does not say: flags do.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { compile, importModel, type CompileOptions } from '../../compiler/index.ts';
import { prepareImage } from '../../runtime/index.ts';
import { cnnc } from '../cli/capture.ts';
import { hasBrowser, openBrowser, openPage, serve, whyNoBrowser } from '../support/browser.ts';
import { writeBundle } from '../support/bundle.ts';
import { AS_IT_IS } from '../support/images.ts';
import { modelBytes, modelPath } from '../support/onnx-models.ts';
import { floats, model, node, value } from '../support/onnx-writer.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The mean of each channel, less half of the next one's. */
const means = (dims: readonly (number | string)[], axes: readonly number[]) =>
  model({
    nodes: [
      node('ReduceMean', ['x'], ['means'], { axes, keepdims: 0 }),
      node('MatMul', ['means', 'w'], ['y']),
    ],
    initializers: [floats('w', [3, 3], [1, -0.5, 0, 0, 1, -0.5, -0.5, 0, 1])],
    inputs: [value('x', dims)],
    outputs: [value('y')],
  });
const first = means([1, 3, 2, 4], [2, 3]);
const last = means([1, 2, 4, 3], [1, 2]);
const labels = ['red', 'green', 'blue'];
const image = 'scale=1/255, mean=(0.1, 0.2, 0.3), std=0.5, order=bgr';

const pixels = { width: 4, height: 2, data: Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 256) };

test('the same picture gives the same, whether channels are first or last', async () => {
  const [a, b] = await Promise.all(
    [first, last].map(async (onnx) => {
      const { createModel } = await writeBundle({ onnx, image, labels, targets: ['js'] });
      const net = await createModel();
      const [input] = net.inputs;
      expect(net.outputs[0]!.labels).toEqual(labels);
      return net.run(prepareImage(pixels, input!));
    }),
  );
  expect(a).toEqual(b);
});

test('planes of a picture follow each other where channels are first', () => {
  const spec = { ...AS_IT_IS, channels: 'first' } as const;
  const two = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const values = prepareImage(two, { name: 'x', shape: [3, 1, 2], dtype: 'float32', image: spec });
  expect([...values]).toEqual([1, 4, 2, 5, 3, 6]);
});

test('the command runs on pictures, and bundles remember how', async () => {
  const folder = await temporaryFolder();
  const at = (file: string): string => join(folder, file);
  await writeFile(at('net.onnx'), first);
  await writeFile(at('names.txt'), labels.join('\n'));
  await writeFile(at('names.json'), JSON.stringify(labels));
  await writeFile(at('x.png'), encode({ ...pixels, channels: 3, depth: 8 }));
  const flags = ['--image', image, '--labels', at('names.txt')];
  const direct = await cnnc(['run', at('net.onnx'), ...flags, '--input', at('x.png')]);
  expect(direct.out).toMatch(/\d red +\d+\.\d %\n/);
  expect(await cnnc(['compile', at('net.onnx'), ...flags, '--html', '-o', at('out')])).toMatchObject({
    code: 0,
  });
  expect(await cnnc(['run', at('out'), '--input', at('x.png')])).toEqual(direct);
  expect(await readFile(at('out/net.html'), 'utf8')).toContain(
    'Looks at 4 × 2 pixels and tells 3 classes apart.',
  );
  const imported = await cnnc([
    'import',
    at('net.onnx'),
    '--image',
    image,
    '--labels',
    at('names.json'),
    '-o',
    at('in'),
  ]);
  expect(imported).toMatchObject({ code: 0 });
  const args = [at('in/net.cnn'), '--weights', at('in/net.safetensors'), '--input', at('x.png')];
  expect(await cnnc(['run', ...args])).toEqual(direct);
  expect(await cnnc(['run', at('net.onnx'), '--input', at('x.png')])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--image says how pictures become the input of an ONNX model'),
  });
  expect(await cnnc(['check', at('in/net.cnn'), '--image', image])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--image is for ONNX models'),
  });
});

test('import writes them into the program', async () => {
  const { text, labels: file } = await importModel({ onnx: first, image, labels, name: 'net' });
  expect(text!.replaceAll(/\s+/g, ' ')).toContain(
    'INPUT( 2x4x3, channels=first, scale=1/255, mean=(0.1, 0.2, 0.3), std=0.5, order=bgr ) as x',
  );
  expect(text).toContain(' -> TRANSPOSE((0, 3, 1, 2))');
  expect(text).toContain('OUTPUT(name="y", labels="net.labels.txt")');
  expect(file).toEqual({ file: 'net.labels.txt', text: 'red\ngreen\nblue\n' });
});

const messages = async (options: CompileOptions): Promise<string[]> =>
  (await compile(options)).diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);

test.each([
  [
    'an attribute that there is not',
    { image: 'oder=bgr' },
    "E032 INPUT has no attribute 'oder'; did you mean order?",
  ],
  ['a wrong value', { image: 'mean=(1, 2)' }, 'E037 mean has 2 numbers for 3 channels'],
  ['more than attributes', { image: 'mean=1) -> CONV(2' }, "E047 --image 'mean=1) -> CONV(2' is more than"],
  ['another line', { image: 'mean=1)\nINPUT(8x8x3' }, "E050 two layers have the path 'input'"],
  ['a file', { image: 'mean=1)\nuse "x"\nINPUT(8x8x3' }, 'E0'],
  ['an open bracket', { image: 'mean=(1' }, 'E0'],
  [
    'too few labels',
    { labels: ['red'] },
    'E047 there are 1 labels; the outputs have these numbers of classes: "y" 3',
  ],
])('%s is an error', async (_, options, expected) => {
  const [message] = await messages({ onnx: first, ...options });
  expect(message).toContain(expected);
});

test('options for models are errors where there is none', async () => {
  const source = 'INPUT(8x8x3) -> FC(3)';
  expect(await messages({ source, weights: { random: 1 }, image })).toEqual([
    'E047 the option image is for ONNX models',
  ]);
});

test('a model without an input that could be a picture, or with several, is named', async () => {
  const vector = model({
    nodes: [node('Relu', ['x'], ['y'])],
    inputs: [value('x', [1, 3])],
    outputs: [value('y')],
  });
  expect(await messages({ onnx: vector, image })).toEqual([
    'E047 the model has no input that could be a picture',
  ]);
  const two = model({
    nodes: [node('Add', ['a', 'b'], ['y'])],
    inputs: [value('a', [1, 3, 2, 2]), value('b', [1, 3, 2, 2])],
    outputs: [value('y')],
  });
  expect(await messages({ onnx: two, image })).toEqual([
    'E047 the model has several inputs that could be a picture',
  ]);
});

const SQUEEZENET = { image: 'mean=(104, 117, 123), order=bgr, fit=cover' } as const;

describeWithShared('SqueezeNet', [modelPath('squeezenet-fp32'), 'data/photos/results.json'], () => {
  const photo = (name: string): string => sharedPath(`data/photos/${name}`);
  const namesFile = photo('imagenet-labels.json');

  test('names photographs as ONNX Runtime does', async () => {
    const results = JSON.parse(await readFile(photo('results.json'), 'utf8')) as {
      images: Record<string, { 'squeezenet-fp32': readonly { class: number; label: string }[] }>;
    };
    const names = Object.keys(results.images);
    const args = ['--image', SQUEEZENET.image, '--labels', namesFile, '--top', '1', '--json'];
    const inputs = names.flatMap((name) => ['--input', photo(name)]);
    const { out } = await cnnc(['run', sharedPath(modelPath('squeezenet-fp32')), ...args, ...inputs]);
    const found = (JSON.parse(out) as { outputs: Record<string, { top: { label: string }[] }[]> }[]).map(
      ({ outputs }) => outputs['softmaxout_1']![0]!.top[0]!.label,
    );
    expect(found).toEqual(names.map((name) => results.images[name]!['squeezenet-fp32'][0]!.label));
  });

  describe.skipIf(!hasBrowser)(`on its page${whyNoBrowser}`, { timeout: 120_000 }, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(() => browser.close());

    test('it names a photograph that is chosen', async () => {
      const names = JSON.parse(await readFile(namesFile, 'utf8')) as string[];
      const onnx = modelBytes('squeezenet-fp32');
      const { folder } = await writeBundle({
        onnx,
        ...SQUEEZENET,
        labels: names,
        name: 'squeezenet',
        html: true,
      });
      const site = await serve(folder);
      onTestFinished(() => site.close());
      const { page, errors } = await openPage(browser, `${site.url}squeezenet.html`);
      await page.locator('#status', { hasText: 'Ready.' }).waitFor();
      await page.locator('#file').setInputFiles(photo('coffee.png'));
      const best = page.locator('#ranking li span').first();
      await expect.poll(() => best.textContent(), { timeout: 60_000 }).toBe('espresso');
      await page.screenshot({ path: 'out/page-squeezenet.png' });
      expect(errors).toEqual([]);
    });
  });
});

// The declarations beside a module, as TypeScript sees them from another project.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { folderOf, twice, write, type Options } from './twice.ts';

const run = promisify(execFile);

const RESOLUTIONS = {
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'],
  node16: ['--module', 'node16'],
  nodenext: ['--module', 'nodenext'],
};

/** What tsc says about a program that imports the bundle: nothing, or errors. */
async function check(
  consumer: string,
  resolution: readonly string[],
  options: Options = {},
): Promise<string> {
  const folder = await write(await twice(options));
  await writeFile(join(folder, 'consumer.ts'), consumer);
  return tsc(folder, [...resolution, ...PLATFORMS['the DOM']]);
}

const modules = (name: string): string => resolve(import.meta.dirname, '../../node_modules', name);
const TSC = modules('typescript/bin/tsc');

const [node, webgpu] = [modules('@types/node'), modules('@webgpu/types')];

/** What a project may know of the platform. The types of WebGPU want those of the DOM, but do without. */
const PLATFORMS = {
  'the DOM': ['--lib', 'es2022,dom', '--types', ''],
  'Node and @webgpu/types': ['--lib', 'es2022', '--types', `${node},${webgpu}`, '--skipLibCheck'],
  Node: ['--lib', 'es2022', '--types', node],
  'the language alone': ['--lib', 'es2022', '--types', ''],
};

const tsc = (cwd: string, flags: readonly string[]): Promise<string> =>
  run(
    process.execPath,
    [
      TSC,
      '--noEmit',
      '--strict',
      '--noUncheckedIndexedAccess',
      '--target',
      'es2022',
      ...flags,
      'consumer.ts',
    ],
    { cwd },
  ).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );

const CONSUMER = `
import createModel, { createModel as named, type Labels, type Model, type Progress } from './twice.js';

const model: Model = await createModel({ target: 'js', onProgress: ({ loaded, total }: Progress) => loaded / total });
const { y } = await model.run(new Float32Array(4));
const same: Float32Array = (await model.run({ x: y })).y;
const name: 'x' = model.inputs[0].name;
const shape: readonly [2, 2, 1] = model.outputs[0].shape;
const label: 'cat' | 'dog' = model.outputs[0].labels[0];
const other: Labels['y'] = Math.random() > 0.5 ? 'cat' : 'dog';
await named({ weights: new URL('https://example.com'), signal: AbortSignal.timeout(5) });
await named({ weights: await fetch('x') });
await named({ weights: undefined });
model.dispose();
model[Symbol.dispose]();
export { label, name, other, same, shape };
`;

test.each(Object.entries(RESOLUTIONS))(
  'a program that uses them well compiles: %s',
  async (_, resolution) => {
    expect(await check(CONSUMER, resolution, { labels: ['cat', 'dog'] })).toBe('');
  },
);

test('only a model that was compiled with a self-test has one', async () => {
  const consumer = `
    import { createModel } from './twice.js';
    const { ok, target, outputs, maxRelative } = await (await createModel()).selfTest();
    const name: 'y' = outputs[0]!.name;
    const where: 'js' = target;
    export { maxRelative, name, ok, outputs, where };
  `;
  expect(await check(consumer, RESOLUTIONS.nodenext, { hasSelfTest: true })).toBe('');
  expect(await check(consumer, RESOLUTIONS.nodenext)).toMatch(/TS2339.*selfTest/);
});

test('what the model has not is an error, each on its line', async () => {
  const wrong = [
    `import { createModel } from './twice.js';`,
    `const model = await createModel();`,
    `await createModel({ target: 'abacus' });`,
    `await createModel({ weights: 5 });`,
    `(await model.run(new Float32Array(4))).z;`,
    `await model.run({ z: new Float32Array(4) });`,
    `await model.run([1, 2, 3, 4]);`,
    `await model.run(new Float64Array(4));`,
    `const shape: readonly [3, 3, 1] = model.inputs[0].shape;`,
    `model.inputs[1];`,
    `model.outputs[0].labels;`,
    `export { shape };`,
  ];
  const output = await check(wrong.join('\n'), RESOLUTIONS.nodenext);
  const errorLines = [...output.matchAll(/consumer\.ts\((\d+),/g)].map(([, line]) => Number(line));
  expect(errorLines).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(output).not.toContain('twice.d.ts(');
});

test('a model with several inputs takes them only by name', async () => {
  const consumer = `
    import { createModel } from './twice.js';
    const model = await createModel();
    await model.run({ left: new Float32Array(4), right: new Float32Array(4) });
    // @ts-expect-error one is missing
    await model.run({ left: new Float32Array(4) });
    // @ts-expect-error which of the two?
    await model.run(new Float32Array(4));
  `;
  expect(await check(consumer, RESOLUTIONS.node16, { inputs: ['left', 'right'] })).toBe('');
});

describe('a model of pictures for the GPU', () => {
  const USE = `
    import { createModel } from './net.js';
    const model = await createModel({ target: 'webgpu', weights: new Uint8Array(4) });
    export const values: Float32Array = (await model.run(new Float32Array(192))).output;
  `;
  const USE_BUFFERS = `
    declare const device: GPUDevice;
    declare const buffer: GPUBuffer;
    const sharing = await createModel({ device });
    const { output } = await sharing.run(buffer, { into: { output: buffer } });
    export const perhaps: Float32Array | undefined = output;
    // @ts-expect-error a buffer is no device
    await createModel({ device: buffer });
  `;

  describe.each(Object.entries(PLATFORMS))('compiles in a project that knows %s', (platform, known) => {
    const hasGpu = platform.includes('DOM') || platform.includes('webgpu');
    test.each(Object.entries(RESOLUTIONS))('%s', async (_, resolution) => {
      const { files } = await compile({
        source: 'INPUT(8x8x3, scale=1/255) -> CONV(4)',
        name: 'net',
        weights: { random: 1 },
      });
      const folder = await folderOf({
        ...Object.fromEntries(files),
        'package.json': '{ "type": "module" }',
        'consumer.ts': hasGpu ? USE + USE_BUFFERS : USE,
      });
      expect(await tsc(folder, [...resolution, ...known])).toBe('');
    });
  });
});

test('any name is a key', async () => {
  const names = [
    '*/ declare',
    '</script>',
    '"; //',
    '__proto__',
    'constructor',
    'line\nbreak\u2028',
    '1',
    'größe',
    '',
  ];
  const inputs = names.map((name) => JSON.stringify(name));
  const consumer = `
    import type { Inputs, Labels } from './twice.js';
    type Same<A, B> = [A, B] extends [B, A] ? true : false;
    export const inputs: Same<keyof Inputs, ${inputs.join(' | ')}> = true;
    export const labels: Same<Labels['*/ "'], ${inputs.join(' | ')}> = true;
  `;
  const options = { name: '*/\nsyntax error', inputs: names, output: '*/ "', labels: names };
  expect(await check(consumer, RESOLUTIONS.bundler, options)).toBe('');
});

test('a name ends no comment, also not that of several sizes', async () => {
  const { files } = await compile({
    source: 'INPUT(8x8x3) -> CONV(4) -> OUTPUT(name="*/ export const x = 1; /*") -> CONV(2, act=none)',
    name: 'net',
    weights: { random: 1 },
    at: [
      [8, 8],
      [16, 16],
    ],
  });
  const text = new TextDecoder().decode(files.get('net.d.ts'));
  expect(text).toContain('Further sizes give: ');
  expect(text).not.toContain('*/ export');
});

test.each([
  ['INPUT(8x8) -> CONV(2)', 'ReceptiveField;'],
  ['INPUT(8) -> FC(3)', 'ReceptiveField | undefined;'],
])('%s: what receptiveField gives is what it may give', async (source, type) => {
  const { files } = await compile({ source, path: 'net.cnn', weights: { random: 1 }, targets: ['js'] });
  const text = new TextDecoder().decode(files.get('net.d.ts'));
  expect(text).toContain(`receptiveField(output: keyof Outputs): ${type}`);
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { cnnc } from '../cli/capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = await temporaryFolder();

const LENET = 'examples/models/03-lenet5.cnn';

test('opt prints the graph after the passes that it is told to run', async () => {
  const { code, out } = await cnnc(['opt', LENET, '--passes=fuse-epilogues']);
  expect(code).toBe(0);
  expect(out).toContain('%conv1 = conv(%input, weight=@conv1.weight, bias=@conv1.bias) then tanh');
  expect(parseGraph(out).outputs).toHaveLength(1);
});

test('--print-ir-after=change prints the graph after each pass that did something', async () => {
  const { out } = await cnnc(['opt', LENET, '--print-ir-after=change']);
  expect([...out.matchAll(/^# after (\S+)$/gm)].map(([, pass]) => pass)).toEqual(['fuse-epilogues']);
});

test('--dump-ir writes a file after each pass, and each can be read again', async () => {
  await cnnc(['opt', LENET, '--passes=simplify,fuse-epilogues', '--dump-ir', folder]);
  const names = (await readdir(folder)).toSorted();
  expect(names).toEqual(['01-simplify.cir', '02-fuse-epilogues.cir']);
  const [before, after] = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const { out } = await cnnc(['opt', join(folder, names[0]!), '--passes=fuse-epilogues']);
  expect(before).not.toContain('then tanh');
  expect(out).toBe(after);
});

test('--timings names every pass with its numeric class', async () => {
  const { err } = await cnnc(['opt', LENET, '--timings']);
  expect(err).toMatch(/fold-batch-norm +reassociates +\d+\.\d\d$/m);
  expect(err).toMatch(/fuse-epilogues +exact +changed +\d+\.\d\d$/m);
});

test('a pass that does not exist ends with exit code 1 and a suggestion', async () => {
  const { code, err } = await cnnc(['opt', LENET, '--passes=fuse-epilog']);
  expect(code).toBe(1);
  expect(err).toContain('did you mean fuse-epilogues?');
});

test('--print-ir-after of no pass is refused with a suggestion', async () => {
  const { code, out, err } = await cnnc(['opt', LENET, '--print-ir-after=fuse-epilogue']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe(
    "cnnc: --print-ir-after: there is no pass 'fuse-epilogue'; did you mean fuse-epilogues? (all and change are possible, too)\n",
  );
});

test('--dump-ir into a file is refused in its own name', async () => {
  const { code, err } = await cnnc(['opt', LENET, '--dump-ir', LENET]);
  expect(code).toBe(1);
  expect(err).toContain('there is a file of that name; give a folder with --dump-ir');
});

test('conv-to-fc says why it does nothing', async () => {
  const opt = ['opt', LENET, '--passes=conv-to-fc'];
  expect((await cnnc(opt)).err).toContain(
    'warning[W103]: conv-to-fc changes nothing: it makes matrices of weights, and there are none; give --weights or --random-weights 1',
  );
  expect((await cnnc([...opt, '--random-weights', '1'])).err).toContain(
    'a matrix of at most 1,048,576 elements',
  );
});

test('compile runs the passes that it is told to run', async () => {
  const compile = async (...flags: string[]) => {
    const result = await cnnc([
      'compile',
      LENET,
      '--random-weights',
      '1',
      '--targets=js',
      '-o',
      folder,
      ...flags,
    ]);
    return {
      ...result,
      text: result.code === 0 ? await readFile(join(folder, '03-lenet5.json'), 'utf8') : '',
    };
  };
  const steps = (text: string): number => JSON.parse(text).plan.steps.length;
  expect(steps((await compile()).text)).toBe(7);
  expect(steps((await compile('--passes=default')).text)).toBe(7);
  expect(steps((await compile('--passes=drop-no-ops')).text)).toBe(11);
  expect(await compile('--passes=fuse-epilog')).toMatchObject({
    code: 1,
    err: expect.stringContaining("error[E070]: there is no pass 'fuse-epilog'; did you mean fuse-epilogues?"),
  });
});

test('summary at another size shows the dense network: 12×12×512 and 6×6×1000 for VGG-16', async () => {
  const vgg = ['summary', 'examples/models/02b-vgg16.cnn', '--at', '384x384', '--dense'];
  const { out } = await cnnc(vgg);
  expect(out).toMatch(/^pool5 +POOL +12×12×512 /m);
  expect(out).toMatch(/^fc3 +FC +6×6×1000 /m);
  const finer = await cnnc([...vgg, '--stride', '16']);
  expect(finer.out).toMatch(/^fc3 +FC +11×11×1000 /m);
  expect(finer.err).toContain('warning[W104]: conv1, conv2, conv3 and 10 more layers pad their input');
});

test('a size that is none is wrong usage', async () => {
  expect(await cnnc(['summary', LENET, '--at', '32x'])).toMatchObject({ code: 2 });
});

test('explain --optimized tells what the passes did, by source line, and what it saves', async () => {
  const { out } = await cnnc(['explain', '--optimized', LENET]);
  expect(out).toContain(
    'examples/models/03-lenet5.cnn:6\n    conv1.tanh (tanh) went into conv1 (fuse-epilogues)\n',
  );
  expect(out).toContain('\nkernels: 11 → 7\nmultiply-accumulates: 416,520 → 416,520\n');
});

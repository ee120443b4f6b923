// --at, --dense and their company on every command that takes them.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpy } from '../../compiler/cli/npy.ts';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = await temporaryFolder();
const [net, open] = [join(folder, 'net.cnn'), join(folder, 'open.cnn')];
beforeAll(async () => {
  await writeFile(net, 'INPUT(12x12x1) -> CONV(4, 3, pad=valid) -> POOL -> FC(6)\n');
  await writeFile(open, 'INPUT(?x?x1) -> CONV(4, 3) -> GAP -> FC(6)\n');
});

describe('several sizes', () => {
  test('summary prints each beneath its heading, a repeated one once', async () => {
    const { out } = await cnnc([
      'summary',
      net,
      '--dense',
      '--at',
      '14x14',
      '--at',
      '16x20',
      '--at',
      '14x14',
    ]);
    expect([...out.matchAll(/^at (\S+)$|^fc1 +FC +(\S+)/gm)].map(([, at, size]) => at ?? size)).toEqual([
      '14x14',
      '2×2×6',
      '16x20',
      '3×5×6',
    ]);
  });

  test('summary --json gives a list of them', async () => {
    const { out } = await cnnc(['summary', net, '--json', '--dense', '--at', '14x14', '--at', '16x20']);
    expect(JSON.parse(out)).toMatchObject([{ at: '14x14' }, { at: '16x20' }]);
  });

  test('opt prints each graph beneath its heading, and dumps all', async () => {
    const dump = join(folder, 'dump');
    const sizes = ['--at', '8x8', '--at', '9x9'];
    const { out } = await cnnc(['opt', open, '--passes=fuse-epilogues', ...sizes, '--dump-ir', dump]);
    expect(out.match(/^# at .*|input : .*/gm)).toEqual([
      '# at 8x8',
      'input : f32[1,8,8,1]',
      '# at 9x9',
      'input : f32[1,9,9,1]',
    ]);
    expect((await readdir(dump)).toSorted()).toEqual([
      '8x8-01-fuse-epilogues.cir',
      '9x9-01-fuse-epilogues.cir',
    ]);
  });

  test('a bundle has a repeated size once', async () => {
    const out = join(folder, 'bundle');
    const sizes = ['--at', '8x8', '--at', '9x9', '--at', '8x8'];
    await cnnc(['compile', open, '--random-weights', '1', '--targets', 'js', '-o', out, ...sizes]);
    expect(await readFile(join(out, 'open.d.ts'), 'utf8')).toContain('[8, 8, 1] | readonly [9, 9, 1];');
  });
});

describe('cnnc run', () => {
  test('--at chooses a size of a bundle', async () => {
    const out = join(folder, 'scan');
    const at = ['--at', '12x12', '--at', '16x20', '--dense'];
    await cnnc(['compile', net, '--random-weights', '1', '--targets', 'js', '-o', out, ...at]);
    const picture = join(folder, 'picture.npy');
    await writeFile(picture, writeNpy({ shape: [16, 20, 1], data: new Float32Array(320).fill(0.5) }));
    const run = (...flags: string[]) => cnnc(['run', out, '--input', picture, ...flags]);
    expect((await run('--at', '16x20')).out).toMatch(/3×5×6: from /);
    expect(await run('--at', '9x9')).toMatchObject({
      code: 1,
      err: `cnnc: ${out}: has no network for 9x9; it has 12x12, 16x20\n`,
    });
    expect(await run()).toMatchObject({
      code: 1,
      err: expect.stringContaining("the network's input is 12×12×1"),
    });
    expect((await run('--at', '16x20', '--dense')).err).toContain(
      '--dense is for programs, and --at chooses a size',
    );
    expect(await run('--at', '16x20', '--constant', 'bar=2')).toMatchObject({
      code: 1,
      err: `cnnc: ${out}: is compiled already; --constant is for ONNX models\n`,
    });
  });
});

describe('a program with open sizes', () => {
  test.each([
    ['check', []],
    ['explain', []],
    ['explain', ['--optimized']],
    ['graph', ['--format', 'dot']],
    ['weights', []],
    ['bench', ['--runs', '1']],
    ['export', ['--pytorch', '-']],
    ['export', ['--random-weights', '1', '--onnx', '-']],
  ] as const)('%s %j takes --at', async (command, flags) => {
    const { code, err } = await cnnc([command, open, ...flags, '--at', '10x10']);
    expect([code, err]).toEqual([0, '']);
  });

  test('explain, graph and weights do not pretend that a program with a size had another', async () => {
    for (const command of ['explain', 'graph', 'weights'])
      expect(await cnnc([command, net, '--at', '14x14'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('has its size; --at is here for what INPUT(?x?x3) leaves open'),
      });
  });

  test('bench and export scan densely', async () => {
    const dense = ['--at', '16x20', '--dense'];
    expect((await cnnc(['bench', net, '--runs', '1', ...dense])).code).toBe(0);
    const { out } = await cnnc(['export', net, '--pytorch', '-', ...dense]);
    expect(out).toContain('nn.Conv2d(4, 6, 5');
    const several = await cnnc(['bench', open, '--at', '8x8', '--at', '9x9']);
    expect(several).toMatchObject({ code: 1, err: 'cnnc: --at: this command takes one size\n' });
  });
});

describe('flags that do nothing are refused', () => {
  test.each([
    [
      ['--at', '16x16', '--dense', '--method', 'stitch'],
      'stitch is a way to a finer stride, and none is given',
    ],
    [['--method', 'stitch'], 'a stride and a method are for dense evaluation'],
    [['--stride', '2'], 'a stride and a method are for dense evaluation'],
    [['--at', '12x12', '--stride', '2'], 'a stride and a method are for dense evaluation'],
    [['--at', '16x16', '--dense', '--stride', '0'], 'stride is 0; it must be a whole number, 1 or more'],
  ])('%j', async (flags, message) => {
    const { code, err } = await cnnc(['summary', net, ...flags]);
    expect(err).toMatch(/^error\[E0[47][17]\]/);
    expect(err).toContain(message);
    expect(code).toBe(1);
  });

  test.each([[['--stride', '0']], [['--method', 'stitch']]])('explain %j', async (flags) => {
    const { code, err } = await cnnc(['explain', net, ...flags]);
    expect([code, err]).toEqual([1, expect.stringContaining('are for --optimized')]);
  });

  test('--dense that takes the file for its scores says how it is meant', async () => {
    const { code, err } = await cnnc(['summary', '--at', '16x16', '--dense', net]);
    expect(code).toBe(2);
    expect(err).toContain('It is average or max. A file stands before it, or it is written as --dense=max');
  });
});

test('a stitched network is shown without the crops of its input', async () => {
  const flags = ['--at', '16x16', '--dense', '--stride', '1', '--method', 'stitch'];
  const { out } = await cnnc(['summary', net, ...flags]);
  expect(out).not.toMatch(/INPUT/);
  expect(out).toMatch(/^fc1 +FC +5×5×6 /m);
});

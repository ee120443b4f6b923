// Every command as its user sees it: what it prints, where, and its exit code.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../compiler/cli/npy.ts';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LINE = 'INPUT(8x8x1) -> CONV(4) -> POOL -> FC(3)';
const DIGIT = 'examples/digits/3-a.png';
const LENET = ['examples/lenet5.cnn', '--weights', 'examples/lenet5.safetensors'];

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('help', () => {
  test.each([[], ['compile'], ['check'], ['summary'], ['run']])(
    '%s --help exits with 0',
    async (...command) => {
      const { code, out } = await cnnc([...command, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/^Usage: cnnc/);
    },
  );

  test('an unknown command is wrong usage, and the nearest one is named', async () => {
    const { code, err } = await cnnc(['chek', 'x.cnn']);
    expect(code).toBe(2);
    expect(err).toContain("cnnc: unknown command 'chek'\n(Did you mean check?)");
  });

  test('an unknown option is wrong usage, and the nearest one is named', async () => {
    const { code, err } = await cnnc(['check', '--jsn', 'x.cnn']);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean --json?');
  });

  test('a missing argument is wrong usage', async () => {
    expect((await cnnc(['compile'])).code).toBe(2);
    expect((await cnnc(['compile', 'x.cnn', '--random-weights', 'many'])).code).toBe(2);
    expect((await cnnc(['compile', 'x.cnn', '--random-weights', '1', '--weights', 'w'])).code).toBe(2);
  });
});

describe('compile', () => {
  test('writes the four files and says how large they are', async () => {
    const { code, out } = await cnnc(['compile', ...LENET, '-o', join(folder, 'deep/out')]);
    expect(code).toBe(0);
    expect(await readdir(join(folder, 'deep/out'))).toEqual([
      'lenet5.d.ts',
      'lenet5.js',
      'lenet5.json',
      'lenet5.weights.bin',
    ]);
    expect(out).toMatch(/lenet5\.weights\.bin\s+246,912\s+\d/);
  });

  test('with --json the same is data', async () => {
    const { out } = await cnnc(['compile', '-', '--random-weights', '1', '-n', 'x', '-o', folder, '--json'], {
      stdin: LINE,
    });
    const { files } = JSON.parse(out);
    expect(files.map(({ path }: { path: string }) => path)).toContain(join(folder, 'x.js'));
  });

  test('a program with mistakes writes nothing and exits with 1', async () => {
    const { code, out, err } = await cnnc(
      ['compile', '-', '--random-weights', '1', '-o', join(folder, 'new')],
      {
        stdin: 'INPUT -> CONB',
      },
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('did you mean CONV?');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that cannot be written to is left as it was', async () => {
    await writeFile(join(folder, 'file'), 'mine');
    await mkdir(join(folder, 'out'));
    await mkdir(join(folder, 'out/model.json/inside'), { recursive: true });
    const { code, err } = await cnnc(['compile', '-', '--random-weights', '1', '-o', join(folder, 'file')], {
      stdin: LINE,
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^cnnc: .*nothing was written/);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  test('without weights it says both ways to give them', async () => {
    const { code, err } = await cnnc(['compile', '-'], { stdin: LINE });
    expect(code).toBe(1);
    expect(err).toContain('--random-weights');
  });
});

describe('check', () => {
  test('prints nothing when all is well', async () => {
    expect(await cnnc(['check', 'examples/lenet5.cnn'])).toEqual({ code: 0, out: '', err: '' });
  });

  test('shows the line with the mistake underlined, on standard error', async () => {
    const { code, out, err } = await cnnc(['check', '-'], { stdin: 'INPUT -> CONV POOL' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('<stdin>:1:15: error[E010]');
    expect(err).toContain('^^^^');
  });

  test('a file that cannot be read does not keep the others from being checked', async () => {
    const path = join(folder, 'typo.cnn');
    await writeFile(path, 'INPUT -> COVN');
    const { code, err } = await cnnc(['check', 'nowhere.cnn', path]);
    expect(code).toBe(1);
    expect(err).toContain('cnnc: nowhere.cnn: no such file\n');
    expect(err).toContain(`${path}:1:10: error[E030]`);
  });

  test('colours are for terminals', async () => {
    const coloured = await cnnc(['check', '-'], { stdin: 'INPUT -> COVN', color: true });
    const plain = await cnnc(['check', '-'], { stdin: 'INPUT -> COVN' });
    expect(coloured.err).toContain('\u001b[');
    expect(plain.err).not.toContain('\u001b[');
  });

  test('with --json the diagnostics are data, on standard output', async () => {
    const { code, out } = await cnnc(['check', '-', '--json'], { stdin: 'INPUT -> COVN' });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, diagnostics: [{ code: 'E030', severity: 'error' }] });
  });

  test.each([
    ['a file that is not there', 'nowhere.cnn', 'no such file'],
    ['a folder', 'examples', 'is a directory'],
    ['a picture', DIGIT, 'UTF-8'],
  ])('%s is one line, not a stack trace', async (_, path, reason) => {
    const { code, err } = await cnnc(['check', path]);
    expect(code).toBe(1);
    expect(err).toContain(reason);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('summary', () => {
  test('with --json gives layers and totals', async () => {
    const { code, out } = await cnnc(['summary', '-', '--json'], { stdin: LINE });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      layers: [
        { name: 'conv1', op: 'CONV', output: [8, 8, 4], params: 40, macs: 2304 },
        { name: 'pool1', op: 'POOL', output: [4, 4, 4], params: 0, macs: 0 },
        { name: 'fc1', op: 'FC', output: [3], params: 195, macs: 192 },
      ],
      params: 235,
      macs: 2496,
    });
  });

  test('a table is aligned, groups thousands and ends with the totals', async () => {
    const { out } = await cnnc(['summary', '-'], { stdin: 'INPUT(16x16x8) -> CONV(16) -> FC(3)' });
    expect(out).toBe(
      [
        'layer  operator  output    parameters   share     MACs   sees   memory',
        'conv1  CONV      16×16×16       1,168   8.7 %  294,912    3×3  16.4 kB',
        'fc1    FC        3             12,291  91.3 %   12,288  18×18     12 B',
        'total                          13,459          307,200         16.4 kB',
        '',
        'activations: 24.6 kB at the peak (no plan needs less than 24.6 kB) + 32.8 kB scratch of kernels',
        '',
      ].join('\n'),
    );
  });

  test('with --depth layers of one path share a row, called by its block', async () => {
    const stdin = 'block Two(f) = CONV(f)*2\nINPUT(8x8x1) -> Two(4) as a -> [POOL -> Two(2)]*1 as b';
    const { out } = await cnnc(['summary', '-', '--depth', '1', '--json'], { stdin });
    expect(JSON.parse(out)).toMatchObject({
      layers: [
        { name: 'a', op: 'Two', output: [8, 8, 4], params: 188, receptiveField: [5, 5] },
        { name: 'b', op: '3 layers', output: [4, 4, 2], params: 112, receptiveField: [14, 14] },
      ],
      params: 300,
    });
  });

  test('of very many layers no plan of memory is made, and that is said', async () => {
    const { code, out } = await cnnc(['summary', '-'], { stdin: 'INPUT(8x1) -> [CONV(1, 1)]*20001' });
    expect({ code, end: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      end: 'activations: not planned, for there are more than 20,000 layers',
    });
  });

  test('--depth is 1 or more', async () => {
    const { code, err } = await cnnc(['summary', '-', '--depth', '0'], { stdin: 'INPUT(3) -> FC(2)' });
    expect([code, err]).toEqual([2, expect.stringContaining('Give a whole number, 1 or more.')]);
  });

  test('with --markdown it is a table for documents', async () => {
    const { out } = await cnnc(['summary', '-', '--markdown'], { stdin: 'INPUT(3) -> FC(2)' });
    expect(out.split('\n').slice(0, 3)).toEqual([
      '| layer | operator | output | parameters | share | MACs | sees | memory |',
      '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |',
      '| fc1 | FC | 2 | 8 | 100.0 % | 6 |  | 8 B |',
    ]);
  });

  test('with --json a mistake is data on standard output, in place of the result', async () => {
    const { code, out, err } = await cnnc(['summary', '-', '--json'], { stdin: 'INPUT -> COVN' });
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({ ok: false, diagnostics: [{ code: 'E030' }] });
  });
});

describe('run', () => {
  test('a compiled bundle names the digit in a picture', async () => {
    await cnnc(['compile', ...LENET, '-o', folder]);
    const { code, out } = await cnnc(['run', folder, '--input', DIGIT, '--top', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(/3-a\.png\n {2}3 +99\.\d %\n {2}\d +\d\.\d %\n$/);
  });

  test('a program is compiled and run in one go', async () => {
    const { code, out } = await cnnc([
      'run',
      ...LENET,
      '-i',
      DIGIT,
      '-i',
      'examples/digits/7-a.png',
      '--json',
    ]);
    expect(code).toBe(0);
    const results = JSON.parse(out);
    expect(
      results.map(
        ({ outputs }: { outputs: { output: { top: { index: number }[] }[] } }) =>
          outputs.output[0]!.top[0]!.index,
      ),
    ).toEqual([3, 7]);
  });

  test('a program runs at another size, a bundle at those that it was compiled for', async () => {
    const map = ['run', '-', '--random-weights', '1', '--at', '48x64', '-i', DIGIT];
    const { out } = await cnnc(map, { stdin: 'INPUT(?x?x1) -> CONV(2) -> POOL' });
    expect(out).toContain('24×32×2');
    await cnnc(['compile', ...LENET, '-o', folder]);
    const { code, err } = await cnnc(['run', folder, '--at', '48x64', '-i', DIGIT]);
    expect([code, err]).toEqual([1, expect.stringContaining('has no network for 48x64; it has 32x32')]);
  });

  test.each([
    [['a', 'a', 'b'], 'a is given twice'],
    [['a'], 'input "b" is missing'],
    [['a', 'c'], 'the network has the inputs a, b; write NAME=FILE'],
  ])('of several inputs, %j are refused: %s', async (names, message) => {
    const path = join(folder, 'x.npy');
    await writeFile(path, writeNpy({ shape: [4], data: new Float32Array(4) }));
    const given = names.flatMap((name) => ['-i', `${name}=${path}`]);
    const stdin = 'INPUT(4) as a\nINPUT(4) as b\nADD(a, b)';
    const { code, err } = await cnnc(['run', '-', '--random-weights', '1', ...given], { stdin });
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  test('an array goes in as it is, and comes out as one', async () => {
    const data = Float32Array.from({ length: 128 }, (_, i) => i / 128);
    await writeFile(join(folder, 'x.npy'), writeNpy({ shape: [2, 8, 8, 1], data }));
    await writeFile(join(folder, 'net.cnn'), LINE);
    const { code } = await cnnc([
      'run',
      join(folder, 'net.cnn'),
      '--random-weights',
      '1',
      '-i',
      join(folder, 'x.npy'),
      '--output',
      join(folder, 'y.npy'),
    ]);
    expect(code).toBe(0);
    const y = readNpy(new Uint8Array(await readFile(join(folder, 'y.npy'))), 'y.npy');
    expect(y.shape).toEqual([2, 3]);
  });

  test.each([
    [
      'an array of another shape',
      async (path: string) => writeFile(path, writeNpy({ shape: [3], data: new Float32Array(3) })),
      '8×8×1',
    ],
    [
      'an array that is cut off',
      async (path: string) =>
        writeFile(path, writeNpy({ shape: [8, 8, 1], data: new Float32Array(64) }).slice(0, 200)),
      'x.npy',
    ],
    [
      'a PNG that is cut off',
      async (path: string) => writeFile(path, (await readFile(DIGIT)).subarray(0, 60)),
      'x.npy',
    ],
    [
      'a JPEG that is only a beginning',
      async (path: string) => writeFile(path, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)),
      'x.npy',
    ],
    ['a text', async (path: string) => writeFile(path, 'hello'), 'PNG'],
    ['nothing', async (path: string) => writeFile(path, ''), 'x.npy'],
  ])('%s is one line that says so', async (_, write, reason) => {
    const path = join(folder, 'x.npy');
    await write(path);
    const { code, err } = await cnnc(['run', '-', '--random-weights', '1', '-i', path], { stdin: LINE });
    expect(code).toBe(1);
    expect(err).toContain(reason);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a picture that claims to be enormous is refused before it is decoded', async () => {
    const png = new Uint8Array(await readFile(DIGIT));
    new DataView(png.buffer).setUint32(16, 100_000);
    new DataView(png.buffer).setUint32(20, 100_000);
    await writeFile(join(folder, 'bomb.png'), png);
    const { code, err } = await cnnc(['run', ...LENET, '-i', join(folder, 'bomb.png')]);
    expect(code).toBe(1);
    expect(err).toContain('100000');
  });

  test('a folder without a bundle says how to make one', async () => {
    const { code, err } = await cnnc(['run', folder, '-i', DIGIT]);
    expect(code).toBe(1);
    expect(err).toContain('cnnc compile');
  });

  test('a bundle whose weights were damaged gives an error, never numbers', async () => {
    await cnnc(['compile', ...LENET, '-o', folder]);
    const path = join(folder, 'lenet5.weights.bin');
    const bytes = await readFile(path);
    bytes[1000]! ^= 1;
    await writeFile(path, bytes);
    const { code, out, err } = await cnnc(['run', folder, '-i', DIGIT]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/weights/);
  });
});

describe('explain', () => {
  const stdin = 'INPUT(16x16x3) -> CONV(8) -> FC';

  test('marks what nobody wrote, and why it is so', async () => {
    const { out } = await cnnc(['explain', '-'], { stdin });
    expect(out).toContain('act=none,  # the last FC gives scores');
    expect(out).toContain('flip=false)  # default');
  });

  test('with --plain gives a program without comments', async () => {
    const { out } = await cnnc(['explain', '-', '--plain'], { stdin });
    expect(out).not.toContain('#');
    const again = await cnnc(['explain', '-', '--plain'], { stdin: out });
    expect(again.out).toBe(out);
  });
});

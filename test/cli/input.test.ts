// What commands read: files that are not there, not text or without end, and what a program names beside itself.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { model } from '../support/onnx-writer.ts';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NET = 'INPUT(8x8x1) -> CONV(4) -> FC(3)';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('what a program uses', () => {
  const used = async (path: string): Promise<string> => {
    await writeFile(join(folder, 'net/net.cnn'), `use ${JSON.stringify(path)}\n${NET}\n`);
    return (await cnnc(['check', '--compact', join(folder, 'net/net.cnn')])).err.split('error[E049]: ')[1]!;
  };

  beforeEach(async () => {
    await mkdir(join(folder, 'net/parts'), { recursive: true });
    await writeFile(join(folder, 'secret'), 'block Two = CONV');
    await symlink('../secret', join(folder, 'net/link.cnn'));
    await symlink('..', join(folder, 'net/above'));
    await writeFile(join(folder, 'net/blocks.cnn'), 'block Two = CONV');
    await symlink('blocks.cnn', join(folder, 'net/same.cnn'));
    await writeFile(join(folder, 'net/bytes.cnn'), Uint8Array.of(0x41, 0xff, 0xfe));
  });

  test.each([
    ['link.cnn', "'link.cnn' cannot be read: it is a link that leads out of the program's folder\n"],
    ['above/secret', "'above/secret' cannot be read: it is a link that leads out of the program's folder\n"],
    ['parts', "'parts' cannot be read: is a directory, not a file\n"],
    ['missing.cnn', "'missing.cnn' cannot be read: no such file\n"],
    ['bytes.cnn', "'bytes.cnn' cannot be read: it is not UTF-8 text\n"],
    ['', "'' is not the name of a file\n"],
    ['.', "'.' is not the name of a file\n"],
    ['parts/', "'parts/' is not the name of a file\n"],
  ])('is a file of its own folder, and not "%s"', async (path, message) => {
    expect(await used(path)).toBe(message);
  });

  test('may be a link to another file of that folder', async () => {
    await writeFile(join(folder, 'net/net.cnn'), `use "same.cnn"\nINPUT -> Two -> FC`);
    expect((await cnnc(['check', join(folder, 'net/net.cnn')])).code).toBe(0);
  });
});

test('an ONNX model that is not called .onnx, or comes from standard input, is recognised', async () => {
  const path = join(folder, 'model.pb');
  const onnx = model({ nodes: [], outputs: [] });
  await writeFile(path, onnx);
  const hint = 'seems to be an ONNX model; models are read from files whose names end in .onnx\n';
  expect(await cnnc(['check', path])).toMatchObject({ code: 1, err: `cnnc: ${path}: ${hint}` });
  const stdin = new TextDecoder().decode(onnx);
  expect(await cnnc(['check', '-'], { stdin })).toMatchObject({ code: 1, err: `cnnc: <stdin>: ${hint}` });
});

test.skipIf(process.platform === 'win32')('nobody waits for a pipe', async () => {
  const [pipe, program] = ['pipe', 'net.cnn'].map((name) => join(folder, name));
  execFileSync('mkfifo', [pipe!, `${pipe}.onnx`]);
  await writeFile(program!, `use "pipe"\n${NET}`);
  const isNoFile = expect.stringContaining('is a pipe or a device, not a file');
  expect(await cnnc(['check', program!])).toMatchObject({ code: 1, err: isNoFile });
  expect(await cnnc(['check', `${pipe}.onnx`])).toMatchObject({ code: 1, err: isNoFile });
  await writeFile(program!, NET);
  expect(await cnnc(['verify', program!, '--weights', pipe!])).toMatchObject({ code: 1, err: isNoFile });
  expect(await cnnc(['verify', program!, '--weights', '/dev/zero'])).toMatchObject({
    code: 1,
    err: isNoFile,
  });
});

describe('with --json', () => {
  test.each([
    ['that is not there', 'nowhere.cnn', 'no such file'],
    ['that is not text', 'examples/digits/3-a.png', 'is not UTF-8 text'],
  ])('a file %s is a diagnostic like any other', async (_, path, reason) => {
    for (const command of ['check', 'summary', 'weights']) {
      const { code, out, err } = await cnnc([command, path, '--json']);
      expect([code, err]).toEqual([1, '']);
      expect(JSON.parse(out)).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'E047', message: expect.stringContaining(reason), labels: [{ path }] }],
      });
    }
  });

  test('warnings about what is printed go to standard error', async () => {
    const { code, out, err } = await cnnc(['summary', '-', '--json'], { stdin: 'INPUT -> CONV' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveProperty('layers');
    expect(err).toMatch(/^<stdin>:1:10: warning\[W101\]: /);
  });

  test.each([
    ['check', '--json', '--compact'],
    ['summary', '--json', '--markdown'],
    ['explain', '--plain', '--optimized'],
  ])('%s %s and %s exclude each other', async (...[command, ...flags]) => {
    expect((await cnnc([command, '-', ...flags], { stdin: NET })).code).toBe(2);
  });
});

test('standard input is called <stdin>', async () => {
  const stdin = 'INPUT -> COVN';
  for (const command of ['check', 'summary', 'explain', 'graph'])
    expect((await cnnc([command, '-'], { stdin })).err).toMatch(/^<stdin>:1:10: /);
  expect((await cnnc(['fmt', '--stdin'], { stdin: 'INPUT ->' })).err).toMatch(/^<stdin>:1:7: /);
});

describe('what is too large to be a program', () => {
  test('is refused by its size', async () => {
    const path = join(folder, 'large.cnn');
    await writeFile(path, '#'.repeat(5 * 2 ** 20));
    const { code, err } = await cnnc(['check', path]);
    expect(code).toBe(1);
    expect(err).toContain('error[E004]: the file has more than 4 MB');
    expect(err.match(/error/g)).toHaveLength(1);
  });

  test('is not waited for: standard input may have no end', { timeout: 20_000 }, async () => {
    const child = spawn(process.execPath, ['compiler/cli/main.ts', 'check', '-', '--compact']);
    let err = '';
    child.stderr.on('data', (text) => (err += text));
    child.stdin.on('error', () => {}); // it is closed before all is written
    const more = (): void => {
      while (child.stdin.writable && child.stdin.write('INPUT -> CONV\n'.repeat(10_000)));
    };
    child.stdin.on('drain', more);
    more();
    const [code] = await once(child, 'close');
    expect({ code, err }).toEqual({
      code: 1,
      err: '<stdin>:1:1: error[E004]: the file has more than 4 MB, and no program is as large\n',
    });
  });
});

test('help for a command that there is not names the nearest one', async () => {
  const { code, err } = await cnnc(['help', 'chekc']);
  expect(code).toBe(2);
  expect(err).toContain("cnnc: unknown command 'chekc'\n(Did you mean check?)");
});

// What only a process of its own shows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { showsColor } from '../../compiler/cli/terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const start = (...args: string[]) =>
  spawn(process.execPath, ['compiler/cli/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

test('the exit code is that of the process', async () => {
  const [code] = await once(start('check', 'no-such.cnn'), 'close');
  expect(code).toBe(1);
});

test.each(['compiler', 'prettier'])('an older platform is told what the %s needs', async (part) => {
  const code = `delete Object.groupBy; await import('./${part}/index.ts')`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  await once(child, 'close');
  expect(complaint).toContain('Error: cnnc needs Node 22.12 or later, or a browser of 2024 or later.');
});

test('a reader that has seen enough is no error', async () => {
  const child = start('summary', 'examples/models/06-resnet18.cnn');
  child.stdout.destroy();
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const [code] = await once(child, 'close');
  expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
});

test.each([
  ['of one name', async () => {}],
  ['of two names', (file: string) => link(file, `${file}.too`)],
  ['behind a link', (file: string) => symlink(file, `${file}.too`)],
] as const)('a program %s is whole when the disk takes no formatted one', async (_, prepare) => {
  const folder = await temporaryFolder();
  const program = 'INPUT(8x8x1)->CONV(4)\n';
  await writeFile(join(folder, 'net.cnn'), program);
  await prepare(join(folder, 'net.cnn'));
  const [name] = (await readdir(folder)).toReversed();
  const command = `ulimit -f 0; exec "${process.execPath}" compiler/cli/main.ts fmt "${join(folder, name!)}"`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const [code] = await once(child, 'close');
  expect({ code, complaint }).toEqual({
    code: 1,
    complaint: expect.stringContaining('nothing was written: files may not be as large as that'),
  });
  expect(await readFile(join(folder, 'net.cnn'), 'utf8')).toBe(program);
});

test('colours are for terminals that are not dumb, and NO_COLOR turns them off', () => {
  const terminal = { isTTY: true };
  expect(showsColor(terminal, {})).toBe(true);
  expect(showsColor(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(showsColor(terminal, { TERM: 'dumb' })).toBe(false);
  expect(showsColor({}, {})).toBe(false);
});

// All or nothing: what a folder holds after a write that succeeded, and after one that did not.
import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeFiles } from '../../compiler/cli/write-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const files = (contents: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(contents).map(([name, text]) => [name, new TextEncoder().encode(text)]));

/** Files of a folder and their text; folders as null. */
async function contents(path: string): Promise<Record<string, string | null>> {
  const entries = await readdir(path, { withFileTypes: true });
  const texts = entries.map(async (entry): Promise<[string, string | null]> => [
    entry.name,
    entry.isDirectory() ? null : await readFile(join(path, entry.name), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

test('folders are made down to the one that is named', async () => {
  await writeFiles(join(folder, 'a/b/c'), files({ x: '1' }));
  expect(await contents(join(folder, 'a/b/c'))).toEqual({ x: '1' });
});

test('files of the same name are replaced, others stay, and nothing else is left behind', async () => {
  await writeFile(join(folder, 'notes'), 'mine');
  await writeFiles(folder, files({ x: 'old', y: 'old' }));
  await writeFiles(folder, files({ x: 'new' }));
  expect(await contents(folder)).toEqual({ notes: 'mine', x: 'new', y: 'old' });
});

test('where the last file cannot be placed, the first ones keep what they had', async () => {
  await writeFile(join(folder, 'x'), 'old');
  await mkdir(join(folder, 'z/inside'), { recursive: true });
  await expect(writeFiles(folder, files({ x: 'new', y: 'new', z: 'new' }))).rejects.toThrow(
    `${folder}: nothing was written: ${join(folder, 'z')} is a folder`,
  );
  expect(await contents(folder)).toEqual({ x: 'old', z: null });
  expect(await readdir(join(folder, 'z'))).toEqual(['inside']);
});

test('folders made for a write that fails are taken away again', async () => {
  await expect(writeFiles(join(folder, 'a/b'), files({ 'no/such/place': '' }))).rejects.toThrow(
    'nothing was written',
  );
  expect(await readdir(folder)).toEqual([]);
});

test('folders above one that cannot be made are taken away too', async () => {
  await expect(writeFiles(join(folder, 'a/b', 'c'.repeat(256)), files({ x: '1' }))).rejects.toThrow(
    'the name is too long',
  );
  expect(await readdir(folder)).toEqual([]);
});

test('a file that is replaced may be read by whom it could be before', async () => {
  await writeFile(join(folder, 'x'), 'old', { mode: 0o600 });
  await writeFile(join(folder, 'tool'), 'old');
  await chmod(join(folder, 'tool'), 0o755);
  await writeFiles(folder, files({ x: 'new', tool: 'new' }));
  const modes = ['x', 'tool'].map(async (name) => (await stat(join(folder, name))).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o600, 0o755]);
});

test.each([
  ['a file stands in its place', () => join(folder, 'file'), 'there is a file of that name'],
  ['a file stands above it', () => join(folder, 'file/out'), 'there is a file in its path'],
  ['the system makes no folders there', () => '/proc/nothing/out', 'cannot be made there'],
])('a folder that cannot be made is named, and why: %s', async (_, place, reason) => {
  await writeFile(join(folder, 'file'), 'mine');
  await expect(writeFiles(place(), files({ x: '1' }))).rejects.toThrow(reason);
  expect(await contents(folder)).toEqual({ file: 'mine' });
});

describe('what is no plain file is written through, and stays what it is', () => {
  test('a link leads to the file that changes', async () => {
    await writeFile(join(folder, 'real'), 'old');
    await symlink('real', join(folder, 'link'));
    await writeFiles(folder, files({ link: 'new' }));
    expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  });

  test('a link whose file is not there yet makes it', async () => {
    await symlink('later', join(folder, 'link'));
    await writeFiles(folder, files({ link: 'new' }));
    expect(await readlink(join(folder, 'link'))).toBe('later');
    expect(await readFile(join(folder, 'later'), 'utf8')).toBe('new');
  });

  test('another name of the same file shows what is new, also where that is shorter', async () => {
    await writeFile(join(folder, 'a'), 'much older');
    await link(join(folder, 'a'), join(folder, 'b'));
    await writeFiles(folder, files({ a: 'new' }));
    expect(await contents(folder)).toEqual({ a: 'new', b: 'new' });
  });

  test('a pipe passes it on to its reader', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeFiles(folder, files({ pipe: 'new' }))]);
    expect(read).toBe('new');
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  test('files beside it keep what they had where it cannot be written', async () => {
    await writeFile(join(folder, 'a'), 'old');
    await symlink('no/such/folder', join(folder, 'link'));
    await expect(writeFiles(folder, files({ a: 'new', link: 'new' }))).rejects.toThrow('nothing was written');
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old');
  });
});

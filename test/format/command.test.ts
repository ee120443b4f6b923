// `cnnc fmt` as its user sees it.
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { cnnc } from '../cli/capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const UNTIDY = '# a pattern\nINPUT——>CONV x2——>FC # done\n';
const TIDY = '# a pattern\nINPUT -> CONV*2 -> FC  # done\n';
const WRONG = 'INPUT -> CONV FC\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function fileWith(text: string, name = 'net.cnn'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

test('files are formatted in their place, and those that changed are named', async () => {
  const [untidy, tidy] = [await fileWith(UNTIDY, 'a.cnn'), await fileWith(TIDY, 'b.cnn')];
  expect(await cnnc(['fmt', untidy, tidy])).toEqual({ code: 0, out: `${untidy}\n`, err: '' });
  expect(await readFile(untidy, 'utf8')).toBe(TIDY);
});

test('--check names what is not formatted, changes nothing, and exits with 1', async () => {
  const [untidy, tidy] = [await fileWith(UNTIDY, 'a.cnn'), await fileWith(TIDY, 'b.cnn')];
  expect(await cnnc(['fmt', '--check', untidy, tidy])).toEqual({ code: 1, out: `${untidy}\n`, err: '' });
  expect(await readFile(untidy, 'utf8')).toBe(UNTIDY);
  expect(await cnnc(['fmt', '--check', tidy])).toEqual({ code: 0, out: '', err: '' });
});

test('--stdin prints the program formatted', async () => {
  expect(await cnnc(['fmt', '--stdin'], { stdin: UNTIDY })).toEqual({ code: 0, out: TIDY, err: '' });
});

test('--stdin --check says whether it is formatted', async () => {
  expect((await cnnc(['fmt', '--stdin', '--check'], { stdin: TIDY })).code).toBe(0);
  expect(await cnnc(['fmt', '--stdin', '--check'], { stdin: UNTIDY })).toEqual({
    code: 1,
    out: '<stdin>\n',
    err: '',
  });
});

test('a program with mistakes stays as it is, and the others are still formatted', async () => {
  const [wrong, untidy] = [await fileWith(WRONG, 'a.cnn'), await fileWith(UNTIDY, 'b.cnn')];
  const { code, out, err } = await cnnc(['fmt', wrong, untidy]);
  expect({ code, out }).toEqual({ code: 1, out: `${untidy}\n` });
  expect(err).toContain("a.cnn:1:15: error[E010]: missing '->' before 'FC'");
  expect(await readFile(wrong, 'utf8')).toBe(WRONG);
});

test('a program with mistakes on standard input is not printed', async () => {
  const { code, out, err } = await cnnc(['fmt', '--stdin'], { stdin: WRONG });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('<stdin>:1:15: error[E010]');
});

test('a file that is not there exits with 1, and the others are still formatted', async () => {
  const untidy = await fileWith(UNTIDY);
  const { code, out, err } = await cnnc(['fmt', join(folder, 'none.cnn'), untidy]);
  expect({ code, out }).toEqual({ code: 1, out: `${untidy}\n` });
  expect(err).toContain('none.cnn: no such file');
});

test.each([{ args: ['fmt'] }, { args: ['fmt', '--stdin', 'a.cnn'] }, { args: ['fmt', '--chek', 'a.cnn'] }])(
  'wrong usage exits with 2: $args',
  async ({ args }) => {
    const { code, err } = await cnnc(args);
    expect(code).toBe(2);
    expect(err).toContain('(cnnc fmt --help says more)');
  },
);

// The article's own spelling is what these two are about.
const AS_PUBLISHED = ['examples/models/01-seed-a.cnn', 'examples/models/02-seed-b.cnn'];

test('the examples are formatted', async () => {
  const files = globSync('examples/**/*.cnn').filter((file) => !AS_PUBLISHED.includes(file));
  expect(await cnnc(['fmt', '--check', ...files])).toEqual({ code: 0, out: '', err: '' });
});

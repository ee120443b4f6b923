// Where commands write what they make: `-` is standard output, and the ending of a name says its format.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const stdin = 'INPUT(8x8x1) -> CONV(4) -> POOL -> FC(3)';
const random = ['--random-weights', '1'];

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('- is standard output, which then has the file and nothing else', () => {
  test.each([
    ['a picture', ['graph', '-', '-o', '-'], /^<svg[^]*<\/svg>\n$/],
    ['weights', ['weights', '-', ...random, '-o', '-'], /^[^]{8}\{"/],
    ['an ONNX model', ['export', '-', ...random, '--onnx', '-'], /Conv/],
    ['a PyTorch module', ['export', '-', '--pytorch', '-'], /^"""|^#|^import/],
    [
      'a result',
      ['run', 'examples/lenet5.cnn', ...random, '-i', 'examples/digits/3-a.png', '--output', '-'],
      /^.NUMPY/,
    ],
  ])('for %s', async (_, args, content) => {
    const { code, out } = await cnnc(args, { stdin });
    expect(code).toBe(0);
    expect(out).toMatch(content);
    expect(out.endsWith(' bytes\n') || out.endsWith(' %\n')).toBe(false);
  });

  test.each([
    ['a bundle is several files', ['compile', '-', ...random, '-o', '-']],
    ['the list goes there as well', ['weights', '-', ...random, '-o', '-', '--list']],
    ['two files cannot both go there', ['export', '-', ...random, '--onnx', '-', '--pytorch', '-']],
  ])('but not where %s: that is wrong usage', async (_, args) => {
    const { code, out, err } = await cnnc(args, { stdin });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('standard output');
  });
});

describe('the ending of a picture says its format', () => {
  test.each([
    ['x.svg', /^<svg/],
    ['x.dot', /^digraph/],
    ['x.gv', /^digraph/],
    ['x.mmd', /^flowchart/],
    ['x.SVG', /^<svg/],
  ])('%s', async (name, content) => {
    const path = join(folder, name);
    expect((await cnnc(['graph', '-', '-o', path], { stdin })).code).toBe(0);
    expect(await readFile(path, 'utf8')).toMatch(content);
  });

  test('one that we cannot draw is wrong usage, unless --format says what is meant', async () => {
    const path = join(folder, 'x.png');
    const { code, err } = await cnnc(['graph', '-', '-o', path], { stdin });
    expect(code).toBe(2);
    expect(err).toContain('x.png: .svg, .dot, .gv, .mmd and .mermaid are known; --format says it otherwise');
    expect((await cnnc(['graph', '-', '-o', path, '--format', 'svg'], { stdin })).code).toBe(0);
  });
});

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';

test('examples/scan.ts finds every digit of a large picture and draws boxes', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['examples/scan.ts']);
  expect(stdout).toMatch(/^43 × 73 windows in \d+ ms, 229 M multiply-accumulates\.$/m);
  expect(stdout).toContain('14 of 14 digits found, all right');
  const { width, height, channels, data } = decode(await readFile('out/scan/digits.png'));
  expect([width, height, channels]).toEqual([320, 200, 3]);
  const green = data.filter((value, i) => i % 3 === 1 && value === 220 && data[i - 1] === 60).length;
  expect(green).toBeGreaterThan(14 * 4 * 28);
});

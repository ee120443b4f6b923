// The image filters of examples/, run as a user runs them.
import { readFileSync } from 'node:fs';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, test, vi } from 'vitest';

const [WIDTH, HEIGHT] = [320, 240];
const picture = (name: string) => decode(readFileSync(`out/filters/${name}.png`));

/** What a pixel becomes, by looking at its neighbours one by one. */
function convolve(kernel: readonly number[], row: number, column: number, channel: number): number {
  const { data } = picture('original');
  const size = Math.sqrt(kernel.length);
  let sum = 0;
  for (const [tap, weight] of kernel.entries()) {
    const y = row + Math.floor(tap / size) - (size - 1) / 2;
    const x = column + (tap % size) - (size - 1) / 2;
    sum += weight * data[(y * WIDTH + x) * 3 + channel]!;
  }
  return Math.round(Math.min(Math.max(sum, 0), 255));
}

describe('image filters', () => {
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockReturnValue();
    await import('../../examples/filters.ts');
  });

  test.each([
    ['blur', [1, 4, 6, 4, 1].flatMap((a) => [1, 4, 6, 4, 1].map((b) => (a * b) / 256))],
    ['sharpen', [0, -1, 0, -1, 5, -1, 0, -1, 0]],
    ['emboss', [-2, -1, 0, -1, 1, 1, 0, 1, 2]],
  ])('%s is the weighted sum of each pixel’s neighbours', (name, kernel) => {
    const { data, width, height, channels } = picture(name);
    expect([width, height, channels]).toEqual([WIDTH, HEIGHT, 3]);
    for (const [row, column] of [
      [40, 60],
      [58, 70],
      [120, 217],
      [150, 200],
      [210, 33],
    ] as const)
      for (const channel of [0, 1, 2]) {
        const actual = data[(row * WIDTH + column) * 3 + channel]!;
        expect(Math.abs(actual - convolve(kernel, row, column, channel))).toBeLessThanOrEqual(1);
      }
  });

  test('edges are grey: bright at the roof, black in the sky', () => {
    const { data, channels } = picture('edges');
    expect(channels).toBe(1);
    const row = (y: number) => [...data.subarray(y * WIDTH, (y + 1) * WIDTH)];
    expect(Math.max(...row(120))).toBe(255);
    expect(Math.max(...row(5))).toBeLessThan(16);
  });
});

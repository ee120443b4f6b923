import { expect, test } from 'vitest';
import { cnnc } from './capture.ts';

test('every layer is timed, and convolutions name their kernels', async () => {
  const stdin = 'INPUT(8x8x16) -> DWCONV(3) -> CONV(16, 3) -> CONV(4, 1) -> POOL -> FC(3)';
  const { code, out } = await cnnc(['bench', '-', '--layers', '--runs', '2'], { stdin });
  expect(code).toBe(0);
  expect(out).toMatch(/layer +operator +kernel +ms/);
  expect(out).toMatch(/dwconv1 +conv +depthwise +\d/);
  expect(out).toMatch(/conv1 +conv +Winograd F\(4×4, 3×3\) +\d/);
  expect(out).toMatch(/conv2 +conv +direct +\d/);
});

test('no runs are wrong usage', async () => {
  expect((await cnnc(['bench', '-', '--runs', '0'])).code).toBe(2);
});

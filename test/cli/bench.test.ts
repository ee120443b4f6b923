import { spawnSync } from 'node:child_process';
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

/** `npm run bench -- …`, once the peers are installed. */
function benchmarks(...args: string[]) {
  const env = { ...process.env, VITEST: undefined }; // its folders are removed when it ends, not when a test does
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/main.ts', ...args], { env });
  return { code: status, out: String(stdout), err: String(stderr) };
}

test('the benchmarks say what they take', () => {
  const { code, out, err } = benchmarks('--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const flag of [
    'names...',
    '--rounds',
    '--seconds',
    '--only',
    '--target',
    '--models',
    '--soak',
    '--json',
  ])
    expect(out).toContain(flag);
});

test.each([
  [['--hlep'], "unknown option '--hlep'"],
  [['W99'], 'there is no workload "W99"; there are W1, W2'],
  [['--target', 'webgpu', '--only', 'direct'], 'there is no contestant "direct"; there are cnnc, '],
])('the benchmarks refuse %j', (args, message) => {
  const { code, out, err } = benchmarks(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(`bench: ${message}`);
  expect(err).toMatch(/\(npm run bench -- --help says more\)\n$/);
});

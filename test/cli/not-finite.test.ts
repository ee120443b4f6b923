import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpy } from '../../compiler/frontend/weights/npy.ts';
import { safetensors } from '../frontend/safetensors.ts';
import { cnnc } from './capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('weights that are NaN are warned of, and scores that are NaN are no probabilities', async () => {
  const folder = await temporaryFolder();
  const [weights, input] = [join(folder, 'w.safetensors'), join(folder, 'x.npy')];
  await writeFile(weights, safetensors({ 'a.weight': [3, 2], 'a.bias': [3] }, Number.NaN));
  await writeFile(input, writeNpy({ shape: [2], data: Float32Array.of(1, 1) }));
  const { code, out, err } = await cnnc(['run', '-', '--weights', weights, '--input', input], {
    stdin: 'INPUT(2) -> FC(3) as a',
  });
  expect(code).toBe(0);
  expect(err).toContain(
    'warning[W105]: not all weights are finite numbers: a.weight (6 NaN), a.bias (3 NaN)',
  );
  expect(out).toContain('no probabilities: 3 of 3 scores are NaN or infinite');
});

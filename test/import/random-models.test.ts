// Random models of many operators beside ONNX Runtime: as they are imported, as the programs that they become, and
// as they are exported again.
import { expect, test } from 'vitest';
import { range } from '../../compiler/support/numbers.ts';
import { wrongOfOpenBatch, wrongOfRandomModel } from '../support/random-onnx-case.ts';

test.each(range(80))('random model %i', async (seed) => {
  expect(await wrongOfRandomModel(seed)).toEqual([]);
});

test.each(range(60))('three items at once of random model %i, which leaves its batch open', async (seed) => {
  expect(await wrongOfOpenBatch(seed, 3)).toEqual([]);
});

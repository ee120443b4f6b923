import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelPath, MODELS } from '../support/onnx-models.ts';
import { describeWithShared } from '../support/shared.ts';
import {
  damagedModel,
  damagedWeights,
  expectAnOnnxAnswer,
  expectAWeightsAnswer,
  LARGE,
  SMALL,
} from './models.ts';

describeWithShared('damaged ONNX models', MODELS.map(modelPath), () => {
  test.each([
    ['small', SMALL, 600],
    ['large', LARGE, 240],
  ] as const)('%s ones give a network or a diagnostic', async (_, names, numRuns) => {
    const run = fc.check(fc.asyncProperty(damagedModel(names), expectAnOnnxAnswer), { numRuns });
    expect(fc.defaultReportMessage(await run)).toBeUndefined();
  });
});

test('weights with a damaged header give a network or a diagnostic', async () => {
  const run = fc.check(fc.asyncProperty(damagedWeights, expectAWeightsAnswer), { numRuns: 300 });
  expect(fc.defaultReportMessage(await run)).toBeUndefined();
});

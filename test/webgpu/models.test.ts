// Trained ONNX models on the GPU: by default those with something of their own that SwiftShader runs in a few
// seconds each; `CNNC_MODELS=all` runs every one.
import { expect, test } from 'vitest';
import { testDevice, testGpu } from '../support/gpu.ts';
import { modelPath, MODELS, openOnnx, wrongOutputs, type ModelName } from '../support/onnx-models.ts';
import { describeWithShared } from '../support/shared.ts';

const QUICK: readonly ModelName[] = [
  'cifar10-winml',
  'deeplabv3-257',
  'fastestdet',
  'mnist-8',
  'mnist-burn',
  'sci-180x320',
  'silero-micro',
  'tract-keras-example',
];
const chosen = process.env['CNNC_MODELS'] === 'all' ? MODELS : QUICK;

describeWithShared(`on ${testGpu.name}`, chosen.map(modelPath), () => {
  test.each(chosen)('%s gives what ONNX Runtime gave', { timeout: 600_000 }, async (name) => {
    const model = await openOnnx(name, await testDevice());
    expect(testGpu.computes ? await wrongOutputs(name, model) : []).toEqual([]);
    model.dispose();
  });
});

// The trained network on the GPU, through the bundle that is written.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeBundle } from '../support/bundle.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { mismatch } from '../support/tolerance.ts';

test.runIf(testGpu.computes)(
  `LeNet-5 gives the same on js and on ${testGpu.name}`,
  { timeout: 120_000 },
  async () => {
    const bundle = await writeBundle({
      path: 'examples/lenet5.cnn',
      weights: new Uint8Array(readFileSync('examples/lenet5.safetensors')),
      targets: ['webgpu', 'js'],
    });
    const onGpu = await bundle.createModel({ device: await testDevice() });
    expect(onGpu.report).toMatchObject({ target: 'webgpu', skipped: [], device: expect.stringMatching(/./) });
    const onCpu = await bundle.createModel({ target: 'js' });
    const batch = Float32Array.from({ length: 20 * 1024 }, (_, i) => ((i * 7919) % 256) / 255);
    const [gpu, cpu] = [await onGpu.run(batch), await onCpu.run(batch)];
    expect(mismatch(gpu['output']!, cpu['output']!, 'network')).toBeUndefined();
  },
);

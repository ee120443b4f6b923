// Every operator as WGSL against its own definition, over random shapes, attributes and numbers, batches
// included. Fewer of each than for other targets: every case compiles a shader of its own.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { GPU_KINDS } from '../../runtime/webgpu/variants.ts';
import { graphOf, OP_NAMES, pickBy, randomInputs, sampleUse } from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { mismatch } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

const SEED = 20_260_102;

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  test.each(OP_NAMES)('%s gives what its definition gives', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const use = sampleUse(op, pickBy(choose));
      const graph = graphOf(use, { seed });
      const inputs = randomInputs(graph, seed);
      const opened = await openOnGpu(graph, device, { kind: GPU_KINDS[seed % GPU_KINDS.length] });
      const { output } = await opened.run(inputs);
      opened.dispose();
      if (!testGpu.computes) return;
      const wrong = mismatch(output!, interpret(graph, inputs)['output']!, 'operator');
      expect({ use, wrong }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, { seed: SEED, numRuns: 8, endOnFailure: true });
  });
});

// The programs of the language's page on the GPU, and how many pipelines they take.
import { beforeAll, describe, expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { PROGRAMS, smallGraph } from '../support/programs.ts';
import { expectClose } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  test.each(PROGRAMS)('%s gives what the operators’ definitions give', async (name) => {
    const graph = await smallGraph(name);
    const inputs = randomInputs(graph, 1);
    const opened = await openOnGpu(runPasses(graph, DEFAULT_PASSES), device);
    const actual = await opened.run(inputs);
    opened.dispose();
    if (!testGpu.computes) return;
    const expected = interpret(graph, inputs);
    for (const output of Object.keys(expected)) {
      expectClose(actual[output]!, expected[output]!, 'winogradNetwork');
    }
  });
});

test('planning the same network twice gives the same plan', async () => {
  const plan = async () => planWebgpu(runPasses(await smallGraph('10-unet'), DEFAULT_PASSES));
  expect(await plan()).toEqual(await plan());
});

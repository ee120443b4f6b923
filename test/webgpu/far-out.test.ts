import { beforeAll, expect, test } from 'vitest';
import type { Graph } from '../../compiler/ir/graph.ts';
import { FUNCTIONS, wrongAt } from '../support/far-out.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import type { Arrays } from '../support/targets.ts';
import { openOnGpu } from '../support/webgpu.ts';

const NUMBERS = [0, 1e-8, 1e-3, 6.5, 20, 89, 104, 1e3, 1e4, 1e5];
const BOTH_SIGNS = [...NUMBERS, ...NUMBERS.map((each) => -each)];

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

async function run(graph: Graph, inputs: Arrays): Promise<Arrays> {
  const opened = await openOnGpu(graph, device);
  const outputs = await opened.run(inputs);
  opened.dispose();
  return outputs;
}

test.runIf(testGpu.computes).each(FUNCTIONS)('%s far from 0', async (op) => {
  // log(0) is an infinity, which shaders need not know.
  const numbers = BOTH_SIGNS.filter((each) => op !== 'log' || each !== 0);
  expect(await wrongAt(op, numbers, run, 1e-5)).toEqual([]);
});

test.runIf(testGpu.computes).each(['sin', 'cos'] as const)(
  '%s so far from 0 that float32 does not know the angle is still between −1 and 1',
  async (op) => {
    expect(await wrongAt(op, [3e5, 1e6, -1e7, 1e9, 1e20], run, 2)).toEqual([]);
  },
);

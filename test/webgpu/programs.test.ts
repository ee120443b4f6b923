// The programs of the language's page on the GPU, and how many pipelines they take.
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { pipelinesOf } from '../../compiler/codegen/wgsl/print-plan.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { graphOfText, PROGRAMS, smallGraph } from '../support/programs.ts';
import { expectClose } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  test.each(PROGRAMS)('%s gives what the operators’ definitions give', async (name) => {
    expect.hasAssertions();
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

const MOBILENET_V1 = `
block Separable(c, s) = DWCONV(3, stride=s, norm=bn, act=relu6) -> CONV(c, 1, norm=bn, act=relu6)
INPUT(224x224x3) -> CONV(32, stride=2, norm=bn, act=relu6)
  -> Separable(64, 1) -> Separable(128, 2) -> Separable(128, 1) -> Separable(256, 2) -> Separable(256, 1)
  -> Separable(512, 2) -> Separable(512, 1)*5 -> Separable(1024, 2) -> Separable(1024, 1)
  -> GAP -> FC(1000) -> SOFTMAX
`;

test('MobileNetV1 takes at most 12 pipelines, in one dispatch per layer', async () => {
  const plan = planWebgpu(runPasses(await graphOfText(MOBILENET_V1), DEFAULT_PASSES));
  const { shaders, dispatches } = plan;
  expect(pipelinesOf(plan)).toBeLessThanOrEqual(12);
  expect(gzipSync(shaders.join('')).length).toBeLessThan(6000);
  expect(dispatches).toHaveLength(27 + 4); // 27 convolutions, the input's padding, mean, FC, softmax
});

test('a budget of pipelines makes layers share, and is an error when that does not do', async () => {
  const graph = runPasses(await graphOfText(MOBILENET_V1), DEFAULT_PASSES);
  expect(pipelinesOf(planWebgpu(graph, { maxPipelines: 9 }))).toBeLessThanOrEqual(9);
  expect(() => planWebgpu(graph, { maxPipelines: 3 })).toThrow(
    /takes \d pipelines on the GPU, the budget is 3/,
  );
});

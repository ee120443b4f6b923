// A few kernels as they are written, read in review, and compiled by Dawn.
import { expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { variantsFor } from '../../runtime/webgpu/variants.ts';
import { testDevice } from '../support/gpu.ts';
import { graphOfText } from '../support/programs.ts';

const DEPTHWISE = 'INPUT(16x16x8) -> DWCONV(act=relu6)\n';
const PROGRAMS = {
  'depthwise-relu6': DEPTHWISE,
  'pointwise-residual': 'INPUT(12x12x8) -> { CONV(8, 1, act=none) | SKIP } -> ADD(act=relu)\n',
  'fully-connected': 'INPUT(4x4x8) -> FC(10)\n',
  'max-pooling': 'INPUT(16x16x8) -> POOL\n',
  'sigmoid-with-padding-channels': 'INPUT(4x4x8) -> CONV(5, act=sigmoid)\n',
};

test.each([
  ...Object.entries(PROGRAMS).map(([name, source]) => [name, source, 'desktop'] as const),
  ['depthwise-relu6-in-software', DEPTHWISE, 'software'] as const,
])('%s', async (name, source, kind) => {
  const plan = planWebgpu(runPasses(await graphOfText(source), DEFAULT_PASSES));
  const texts = variantsFor(kind, plan).map(({ shader }) => plan.shaders[shader]!);
  const text = texts.find((shader) => !shader.startsWith('// reshape'))!;
  await expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}.wgsl`);
  const device = await testDevice();
  const { messages } = await device.createShaderModule({ code: text }).getCompilationInfo();
  expect(messages).toEqual([]);
});

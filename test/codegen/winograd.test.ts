import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { generateJs } from '../../compiler/codegen/js/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan, type Plan } from '../../compiler/plan/plan.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import type { TargetFactory } from '../../runtime/program.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import type { Arrays } from '../support/targets.ts';
import { expectClose } from '../support/tolerance.ts';

const planOf = (graph: Graph): Plan => makePlan(runPasses(graph, DEFAULT_PASSES));

async function run(plan: Plan, source: string, inputs: Arrays): Promise<Float32Array> {
  const factory = runInThisContext(`(${source})`) as TargetFactory; // what generators promise
  const engine = await factory(new Map(plan.weights.map(({ name, data }) => [name, data!])));
  const result = new Float32Array(sizeOf(plan.graph.outputs[0]!.node.type.shape));
  await engine.run([inputs['input']!], [result]);
  return result;
}

describe.each(['f2', 'auto'] as const)('Winograd, %s', (winograd) => {
  test.each([
    ['whole tiles', 'INPUT(8x8x16) -> CONV(16, 3)'],
    ['odd sizes', 'INPUT(13x17x17) -> CONV(19, 3)'],
    ['no padding', 'INPUT(11x9x16) -> CONV(18, 3, pad=valid, act=none)'],
    ['much padding', 'INPUT(9x10x16) -> CONV(16, 3, pad=(2, 0, 1, 3))'],
    ['no bias', 'INPUT(12x12x16) -> CONV(16, 3, bias=false, act=relu6)'],
    ['a turned kernel', 'INPUT(7x7x16) -> CONV(16, 3, flip=true)'],
    ['a residual', 'INPUT(10x10x16) -> { CONV(16, 3, act=none) | SKIP } -> ADD -> RELU'],
    ['a slice of a concatenation', 'INPUT(10x10x16) -> { CONV(16, 1) | CONV(16, 3) } -> CONCAT'],
    ['a tall map', 'INPUT(50x5x16) -> CONV(16, 3, act=swish)'],
    ['a wide map', 'INPUT(5x150x16) -> CONV(16, 3)'],
  ])('%s', async (_, source) => {
    const graph = networkWeights(await graphOfText(source), 1);
    const inputs = randomInputs(graph, 2);
    const plan = planOf(graph);
    const text = generateJs(plan, { winograd });
    expect(text).toContain('filterPoints');
    expectClose(await run(plan, text, inputs), interpret(graph, inputs)['output']!, 'operator');
  });
});

test.each([
  ['other kernels', 'INPUT(12x12x16) -> CONV(16, 5)'],
  ['strides', 'INPUT(12x12x16) -> CONV(16, 3, stride=2)'],
  ['dilation', 'INPUT(12x12x16) -> CONV(16, 3, dilation=2)'],
  ['groups', 'INPUT(12x12x32) -> CONV(32, 3, groups=2)'],
  ['few channels', 'INPUT(12x12x3) -> CONV(16, 3)'],
  ['one axis', 'INPUT(40x16) -> CONV(16, 3)'],
])('%s are not for Winograd', async (_, source) => {
  const graph = networkWeights(await graphOfText(source), 1);
  expect(generateJs(planOf(graph), { winograd: 'auto' })).not.toContain('filterPoints');
});

test('off is off', async () => {
  const graph = networkWeights(await graphOfText('INPUT(12x12x16) -> CONV(16, 3)'), 1);
  expect(generateJs(planOf(graph), { winograd: 'off' })).not.toContain('filterPoints');
});

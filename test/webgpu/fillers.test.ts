// Channels that only fill up a vector are zeros: kernels count on them, whatever came before. A product of
// matrices is such a kernel.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import type { OpName } from '../../compiler/ops/index.ts';
import { f32 } from '../../compiler/tensor/types.ts';
import { channelsOf } from '../../compiler/tensor/window.ts';
import {
  emit,
  OP_NAMES,
  pickBy,
  placeUse,
  randomInputs,
  sampleUse,
  withWeights,
} from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { fillConstants } from '../support/random-graph.ts';
import type { Arrays } from '../support/targets.ts';
import { mismatch } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

const scalars = OP_NAMES.filter((op) => operatorOf(op).kind === 'scalar');
/** As high as this a product of theirs would say nothing. */
const HUGE: ReadonlySet<OpName> = new Set(['pow', 'exp', 'sinh', 'cosh', 'tan', 'div', 'remainder']);
/** Nothing is said of them beyond −1 and 1. */
const INNER: ReadonlySet<OpName> = new Set(['asin', 'acos', 'atanh']);

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  /** What is wrong in the second of two runs: the first leaves its values in the buffers that it shares. */
  async function wrongOf(graph: Graph, inputs: Arrays): Promise<string | undefined> {
    const opened = await openOnGpu(graph, device);
    await opened.run(inputs);
    const actual = await opened.run(inputs);
    opened.dispose();
    if (!testGpu.computes) return undefined;
    const wrongs = Object.entries(interpret(graph, inputs)).map(([name, expected]) =>
      mismatch(actual[name]!, expected, 'network'),
    );
    return wrongs.find((wrong) => wrong !== undefined);
  }

  test.each(scalars.filter((op) => !HUGE.has(op)))('%s, then a product of matrices', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const use = sampleUse(op, pickBy(choose));
      const builder = new GraphBuilder('product');
      const a = placeUse(builder, use);
      const origin = { path: 'after', keyword: 'TEST', blocks: [] };
      const ones = a.type.shape.slice(0, -2).map(() => 1);
      const type = f32(...ones, channelsOf(a.type.shape), 5);
      const b = builder.constant('after.weight', type, { origins: [origin], init: 'zero' });
      builder.output('output', emit(builder, 'matmul', { a, b }));
      const graph = withWeights(builder.finish(), seed);
      const inputs = INNER.has(op) ? shrunk(randomInputs(graph, seed)) : randomInputs(graph, seed);
      fc.pre(interpret(graph, inputs)['output']!.every(Number.isFinite));
      expect({ use, wrong: await wrongOf(graph, inputs) }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, { seed: 20_260_103, numRuns: 5, endOnFailure: true });
  });

  test.each([
    ['the lesser of x and a negative number', 'min(%x, b=@s)', -1],
    ['the greater of x and a positive number', 'max(%x, b=@s)', 1],
    ['whether x is zero', 'equal(%x, b=@s)', 0],
    ['whether x is more than a negative number', 'less(@s, b=%x)', -0.1],
    ['a negative power', 'pow(%x, b=@s)', -3],
    ['a number less x', 'sub(@s, b=%x)', 2],
    ['x as a share of zero', 'div(@s, b=%x)', 1],
  ])('of one number for all channels: %s', async (_, use, s) => {
    const text = `graph g {
  %x = input : f32[1,4,3]
  @s : f32[1] = [${s}]
  %p = ${use} : f32[1,4,3]
  @w : f32[1,3,5]
  %y = matmul(%p, b=@w) : f32[1,4,5]
  return y=%y
}`;
    const graph = fillConstants(parseGraph(text), mulberry32(1));
    const next = mulberry32(2);
    expect(
      await wrongOf(graph, { x: Float32Array.from({ length: 12 }, () => 0.5 + next()) }),
    ).toBeUndefined();
  });

  test('an input that is one short vector, in memory that it shares', async () => {
    const text = `graph g {
  %x = input : f32[1,1,1,3]
  @w : f32[1,1,3,8]
  %a = matmul(%x, b=@w) : f32[1,1,1,8]
  @v : f32[1,1,8,64]
  %b = matmul(%a, b=@v) : f32[1,1,1,64]
  %c = exp(%b) : f32[1,1,1,64]
  @u : f32[1,1,64,5]
  %d = matmul(%c, b=@u) : f32[1,1,1,5]
  return d=%d
}`;
    const graph = fillConstants(parseGraph(text), mulberry32(1));
    expect(await wrongOf(graph, { x: Float32Array.of(0.3, -0.2, 0.7) })).toBeUndefined();
  });
});

const shrunk = (inputs: Arrays): Arrays =>
  Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.map((v) => v / 10)]));

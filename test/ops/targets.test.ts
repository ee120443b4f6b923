// Every operator on every target against its own definition, over random shapes, attributes and numbers.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import type { Node } from '../../compiler/ir/graph.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import { fuseEpilogues } from '../../compiler/passes/fuse-epilogues.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan, planWith } from '../../compiler/plan/plan.ts';
import { slices } from '../../compiler/plan/slices.ts';
import { channelsOf } from '../../compiler/tensor/window.ts';
import { f32 } from '../../compiler/tensor/types.ts';
import {
  emit,
  graphOf,
  itemOf,
  OP_NAMES,
  pickBy,
  placeUse,
  randomInputs,
  sampleUse,
  withWeights,
} from '../support/arbitrary.ts';
import { mismatch } from '../support/tolerance.ts';
import { openGraph, openPlan, TARGETS } from '../support/targets.ts';

const SEED = 20_260_101;
const runs = (numRuns: number) => ({ seed: SEED, numRuns });

const kernels = OP_NAMES.filter((op) => /kernel|rearrangement/.test(operatorOf(op).kind));
/** Those that make slices; a concatenation of concatenations copies. */
const stepped = OP_NAMES.filter((op) => operatorOf(op).kind !== 'view' && op !== 'concat');

describe.each(TARGETS)('on %s', (target) => {
  test.each(OP_NAMES)('%s gives what its definition gives, item by item', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const use = sampleUse(op, pickBy(choose));
      const batch = graphOf(use, { seed });
      const inputs = randomInputs(batch, seed);
      const { output: expected } = interpret(batch, inputs);
      const run = await openGraph(graphOf(use, { seed, batch: 1 }), target);
      const length = expected!.length / use.batch;
      for (let i = 0; i < use.batch; i++) {
        const { output } = await run(itemOf(inputs, i, use.batch));
        const item = expected!.subarray(i * length, (i + 1) * length);
        expect({ use, i, wrong: mismatch(output!, item, 'operator') }).toMatchObject({ wrong: undefined });
      }
    });
    await fc.assert(property, runs(150));
  });

  test.each(kernels)('%s gives the items of a batch together, then a residual', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const builder = new GraphBuilder('batch');
      const use = { ...sampleUse(op, pickBy(choose)), batch: 2 };
      builder.output('output', withEpilogue(builder, placeUse(builder, use), 'residual'));
      const graph = withWeights(builder.finish(), seed);
      const inputs = randomInputs(graph, seed);
      const { output } = await (await openGraph(graph, target))(inputs);
      const expected = interpret(graph, inputs)['output']!;
      expect({ use, wrong: mismatch(output!, expected, 'operator') }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, runs(20));
  });

  test.each(kernels)('%s stores its result through an epilogue', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const pick = pickBy(choose);
      const builder = new GraphBuilder('fused');
      const use = sampleUse(op, pick);
      const result = placeUse(builder, use, 1);
      builder.output('output', withEpilogue(builder, result, pick.of(EPILOGUES)));
      const graph = withWeights(builder.finish(), seed);
      const plan = makePlan(runPasses(graph, DEFAULT_PASSES));
      expect(plan.steps).toHaveLength(1);
      const inputs = randomInputs(graph, seed);
      const { output } = await (await openPlan(plan, target))(inputs);
      const expected = interpret(graph, inputs)['output']!;
      expect({ use, wrong: mismatch(output!, expected, 'operator') }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, runs(60));
  });

  test.each(stepped)('%s stores its result as a slice of a concatenation', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const pick = pickBy(choose);
      const builder = new GraphBuilder('sliced');
      const use = sampleUse(op, pick);
      const result = placeUse(builder, use, 1);
      const arms = [result, emit(builder, 'tanh', { x: builder.input('other', result.type, ORIGIN) })];
      builder.output(
        'output',
        emit(builder, 'concat', { x: pick.of(['first', 'last']) === 'first' ? arms : arms.toReversed() }),
      );
      const graph = runPasses(withWeights(builder.finish(), seed), [fuseEpilogues]);
      const plan = planWith(graph, slices(graph));
      expect(plan.steps).toHaveLength(2);
      const inputs = randomInputs(graph, seed);
      const { output } = await (await openPlan(plan, target))(inputs);
      const expected = interpret(graph, inputs)['output']!;
      expect({ use, wrong: mismatch(output!, expected, 'operator') }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, runs(60));
  });
});

const ORIGIN = { path: 'after', keyword: 'TEST', blocks: [] };

const EPILOGUES = ['residual', 'activation', 'norm', 'gate'] as const;

/** Element-wise operators after `result`, all of which its kernel can take. */
function withEpilogue(builder: GraphBuilder, result: Node, what: (typeof EPILOGUES)[number]): Node {
  const origin = ORIGIN;
  switch (what) {
    case 'activation':
      return emit(builder, 'hswish', { x: result });
    case 'residual': {
      const b = builder.input('residual', result.type, origin);
      return emit(builder, 'relu', { x: emit(builder, 'add', { a: result, b }) });
    }
    case 'gate': {
      const { shape } = result.type;
      const onePixel = f32(...shape.map((size, axis) => (axis === shape.length - 1 ? size : 1)));
      return emit(builder, 'mul', { a: builder.input('gate', onePixel, origin), b: result });
    }
    case 'norm': {
      const names = ['weight', 'bias', 'mean', 'variance'];
      const type = f32(channelsOf(result.type.shape));
      const perChannel = names.map((name) => [
        name,
        builder.constant(`after.${name}`, type, {
          origins: [origin],
          init: 'zero',
          isStatistic: name === 'variance',
        }),
      ]);
      const x = emit(builder, 'batch_norm', { x: result, ...Object.fromEntries(perChannel) });
      const slope = builder.constant('after.slope', type, { origins: [origin], init: 'zero' });
      return emit(builder, 'prelu', { x, slope });
    }
  }
}

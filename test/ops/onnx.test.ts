// Every operator's definition against ONNX Runtime, by way of the operator's ONNX mapping, over random
// shapes, attributes and numbers.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { graphOf, OP_NAMES, pickBy, randomInputs, sampleUse } from '../support/arbitrary.ts';
import { runOnnx } from '../support/onnx-runtime.ts';
import { mismatch } from '../support/tolerance.ts';

describe('in ONNX Runtime', () => {
  test.each(OP_NAMES)('%s gives what its definition gives', async (op) => {
    const property = fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const use = sampleUse(op, pickBy(choose));
      const graph = graphOf(use, { seed });
      const inputs = randomInputs(graph, seed);
      const { output: expected } = interpret(graph, inputs);
      const { output } = await runOnnx(graph, inputs, use.batch);
      expect({ use, wrong: mismatch(output!, expected!, 'operator') }).toMatchObject({ wrong: undefined });
    });
    await fc.assert(property, { seed: 20_260_101, numRuns: 40 });
  });
});

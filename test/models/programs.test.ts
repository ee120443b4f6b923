// The programs of the language's page: each compiles, has its number of parameters, and runs.
import { describe, expect, test } from 'vitest';
import { summarize } from '../../compiler/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { programText, PROGRAMS, smallGraph } from '../support/programs.ts';
import { openGraph, TARGETS } from '../support/targets.ts';
import { expectClose } from '../support/tolerance.ts';

const PARAMETERS: Readonly<Record<string, number>> = {
  '00-mission': 411_786,
  '01-seed-a': 2_473_610,
  '02-seed-b': 24_057_354,
  '02b-vgg16': 138_357_544,
  '03-lenet5': 61_706,
  '04-alexnet': 60_965_224,
  '05-inception': 163_696,
  '06-resnet18': 11_689_512,
  '07-mobilenetv2': 3_504_872,
  '08-tcn': 66_510,
  '09-aspp': 16_130_837,
  '10-unet': 31_030_658,
};

test.each(PROGRAMS)('%s has exactly its number of parameters', async (name) => {
  const { ok, diagnostics, summary } = await summarize({ source: programText(name) });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(ok).toBe(true);
  expect(summary!.params).toBe(PARAMETERS[name]);
});

describe.each(TARGETS)('on %s', (target) => {
  test.each(PROGRAMS)('%s gives what the operators’ definitions give', async (name) => {
    const graph = await smallGraph(name);
    const inputs = randomInputs(graph, 1);
    const expected = interpret(graph, inputs);
    const actual = await (await openGraph(graph, target))(inputs);
    for (const output of Object.keys(expected)) {
      expectClose(actual[output]!, expected[output]!, 'network');
      expect(expected[output]!.some((v) => v !== 0)).toBe(true);
    }
  });
});

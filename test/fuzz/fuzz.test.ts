import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { damagedGraphs, expectAGraphAnswer } from './graphs.ts';
import * as programs from './programs.ts';
import { expectAnAnswer } from './promise.ts';

test.each(Object.entries(programs))(
  'whatever the text, the compiler answers and formatting keeps the tree: 400 %s',
  { timeout: 120_000 },
  async (_, texts) => {
    const run = fc.check(fc.asyncProperty(texts, expectAnAnswer), { numRuns: 400 });
    expect(fc.defaultReportMessage(await run)).toBeUndefined();
  },
);

test('whatever the text of a graph, it is read or refused with its line: 600 with slips', async () => {
  const run = fc.check(fc.asyncProperty(damagedGraphs, expectAGraphAnswer), { numRuns: 600 });
  expect(fc.defaultReportMessage(await run)).toBeUndefined();
});

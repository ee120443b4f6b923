// The ONNX project's test cases as programs: each is imported, written as a program with its weights in a file, read
// again and compiled, and gives the same numbers.
import { expect, test } from 'vitest';
import { CASES_FILE, excuseOf, readCases, wrongWith } from '../support/onnx-cases.ts';
import { describeWithShared } from '../support/shared.ts';
import { openGraph } from '../support/targets.ts';
import { throughProgram } from '../support/through-program.ts';

const cases = readCases().filter((each) => excuseOf(each) === undefined);

describeWithShared('the cases of the ONNX project as programs', [CASES_FILE], () => {
  test.each(cases)('$id', async (each) => {
    const wrong = await wrongWith(each, async (graph) => openGraph(await throughProgram(graph), 'js'));
    expect(wrong).toBeUndefined();
  });
});

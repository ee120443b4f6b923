// The ONNX project's own test cases: every operator, every version of it, all its attributes.
import { expect, test } from 'vitest';
import { CASES_FILE, excuseOf, readCases, wrongWith } from '../support/onnx-cases.ts';
import { describeWithShared } from '../support/shared.ts';
import { openGraph, TARGETS } from '../support/targets.ts';

const cases = readCases();
const excused = cases.filter((each) => excuseOf(each) !== undefined);
const required = cases.filter((each) => excuseOf(each) === undefined);

describeWithShared('the cases of the ONNX project', [CASES_FILE], () => {
  test.each(TARGETS.flatMap((target) => required.map((each) => ({ target, id: each.id, each }))))(
    '$id on $target',
    async ({ target, each }) => {
      expect(await wrongWith(each, (graph) => openGraph(graph, target))).toBeUndefined();
    },
  );

  test.each(excused)('$id is refused', async (each) => {
    expect(await wrongWith(each, (graph) => openGraph(graph, 'js'))).toMatch(
      /along 3 (spatial )?axes|as in training/,
    );
  });

  test('at least 98 % of those of networks pass', () => {
    const core = cases.filter((each) => each.core && each.dtypes.some((type) => type.startsWith('float')));
    const refused = core.filter((each) => excuseOf(each) !== undefined);
    expect(refused.length / core.length).toBeLessThanOrEqual(0.02);
  });
});

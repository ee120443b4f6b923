// Bundles of all example programs, and the networks rebuilt from nothing but them.
import { expect, test } from 'vitest';
import { manifestOf } from '../../compiler/bundle-files.ts';
import { passesOf } from '../../compiler/emit-bundle.ts';
import { compile, reopenBundle } from '../../compiler/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { PROGRAMS, smallText } from '../support/programs.ts';
import { expectClose } from '../support/tolerance.ts';

test.each(PROGRAMS)('%s, rebuilt from its bundle, is the same network', async (name) => {
  const compiled = await compile({ source: smallText(name), weights: { random: 1 }, targets: ['js'] });
  const { graph, diagnostics } = await reopenBundle({ files: compiled.files });
  expect(diagnostics).toEqual([]);

  const steps = makePlan(runPasses(graph!, passesOf({}))).steps.map((step) => step.name);
  expect(steps).toEqual(manifestOf(compiled.files).plan.steps.map((step) => step.name));

  const inputs = randomInputs(graph!, 1);
  const { output } = interpret(graph!, inputs);
  expectClose(output!, interpret(compiled.graph!, inputs)['output']!, 'network');
});

test('a program whose weights no pass changes is rebuilt as it was written', async () => {
  const { files } = await compile({ source: smallText('03-lenet5'), weights: { random: 1 } });
  expect(await reopenBundle({ files })).toMatchObject({ ok: true, isFolded: false });
});

test('a damaged weights file is named', async () => {
  const { files } = await compile({ source: 'INPUT(8x8x1) -> CONV(4)', weights: { random: 1 } });
  const damaged = new Map(
    [...files].map(([name, bytes]) => [name, name.endsWith('.bin') ? bytes.map((byte) => byte ^ 1) : bytes]),
  );
  const { ok, diagnostics } = await reopenBundle({ files: damaged });
  expect(ok).toBe(false);
  expect(diagnostics).toMatchObject([{ code: 'E060' }]);
});

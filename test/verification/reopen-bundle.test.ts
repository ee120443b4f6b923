// Bundles of all example programs, and the networks rebuilt from nothing but them.
import { expect, test } from 'vitest';
import { manifestOf } from '../../compiler/bundle-files.ts';
import { passesOf } from '../../compiler/emit-bundle.ts';
import { bisect, compile, modelOf, reopenBundle, verifyModel } from '../../compiler/index.ts';
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

/** A bundle whose manifest is this. */
const withManifest = async (change: (manifest: Record<string, unknown>) => unknown) => {
  const { files } = await compile({ source: 'INPUT(8x8x1) -> CONV(4)', weights: { random: 1 } });
  const changed = [...files].map(([name, bytes]) => {
    if (!name.endsWith('.json')) return [name, bytes] as const;
    const text = JSON.stringify(change(JSON.parse(new TextDecoder().decode(bytes))));
    return [name, new TextEncoder().encode(text)] as const;
  });
  return new Map(changed);
};

test.each<[what: string, change: (manifest: Record<string, unknown>) => unknown, message: string]>([
  ['is no object', () => null, 'the manifest of the bundle has no usable content'],
  ['is empty', () => ({}), 'no usable name'],
  [
    'has weights without tensors',
    (all) => ({ ...all, weights: { bytes: 1, sha256: '' } }),
    'weights.tensors',
  ],
  ['has a program that is a number', (all) => ({ ...all, program: { source: 3 } }), 'program.source'],
  ['has shapes of texts', (all) => ({ ...all, inputs: [{ name: 'x', shape: ['a'] }] }), 'inputs.shape'],
])('a manifest that %s is said to be none', async (_, change, message) => {
  const files = await withManifest(change);
  const { ok, diagnostics } = await reopenBundle({ files });
  expect([ok, diagnostics.map(({ code }) => code)]).toEqual([false, ['E047']]);
  expect(diagnostics[0]!.message).toContain(message);
  expect(() => modelOf(files)).toThrow(expect.objectContaining({ code: 'OPTION_TYPE' }) as Error);
});

test('tensors that lie outside of the weights are a diagnostic', async () => {
  const files = await withManifest((all) => {
    const { tensors, ...rest } = all['weights'] as { tensors: object[] };
    return { ...all, weights: { ...rest, tensors: tensors.map((each) => ({ ...each, offset: 1e9 })) } };
  });
  expect((await reopenBundle({ files })).diagnostics).toMatchObject([{ code: 'E060' }]);
});

const anything: readonly unknown[] = [
  undefined,
  null,
  1,
  'x',
  [],
  {},
  new Map(),
  new Map([['a', 1]]),
  () => 1,
];

test.each(anything.map((value) => [value]))(
  '%s for a bundle or for options is refused in words',
  async (value) => {
    const any = value as never;
    const refused = expect.objectContaining({ name: 'CnncError', code: 'OPTION_TYPE' }) as Error;
    expect(() => modelOf(any)).toThrow(refused);
    await expect(verifyModel(any)).rejects.toThrow(refused);
    await expect(bisect(any)).rejects.toThrow(refused);
    expect((await reopenBundle(any)).diagnostics).toMatchObject([{ code: 'E047' }]);
    expect((await reopenBundle({ files: any })).diagnostics).toMatchObject([{ code: 'E047' }]);

    const { graph, files } = await compile({ source: 'INPUT(8x8x1) -> CONV(4)', weights: { random: 1 } });
    const right = { graph: graph!, run: () => ({}), seeds: [1], numeric: 'network' } as const;
    const how = { graph: graph!, files, target: 'js', open: () => any, seed: 1, numeric: 'network' } as const;
    // Of a function nobody can tell what it takes.
    const checked = ['graph', 'seeds', 'numeric', ...(typeof value === 'function' ? [] : ['run'])];
    for (const name of checked) await expect(verifyModel({ ...right, [name]: any })).rejects.toThrow(refused);
    await expect(verifyModel({ ...right, run: () => any })).rejects.toThrow(refused);
    for (const name of ['graph', 'files', 'target', 'numeric'] as const)
      await expect(bisect({ ...how, [name]: any })).rejects.toThrow(refused);
    await expect(bisect(how)).rejects.toThrow(refused);
  },
);

test('a graph without weights cannot be verified', async () => {
  const { graph } = await compile({ source: 'INPUT(8x8x1) -> CONV(4)' });
  await expect(
    verifyModel({ graph: graph!, run: () => ({}), seeds: [1], numeric: 'network' }),
  ).rejects.toThrow(
    'verifyModel: graph is an Object; it must be the graph that compile or reopenBundle gives, with weights',
  );
});

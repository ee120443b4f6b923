import { describe, expect, test } from 'vitest';
import { check, compile } from '../../compiler/index.ts';
import { format, sourceFile } from '../../grammar/index.ts';
import { explain } from '../../compiler/explain/explain.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { build } from '../language/build.ts';
import { examples, fixturesIn } from '../language/fixtures.ts';

const cases = fixturesIn(new URL('cases/', import.meta.url), '.txt');

describe('a program is explained by itself, with everything spelled', () => {
  test.each([...cases, ...examples])('$title', async ({ text, expected }) => {
    const marked = explain(await build(text), { marks: true });
    await expect(marked).toMatchFileSnapshot(expected.replace('examples/models', 'test/explain/examples'));
  });
});

describe.each([...cases, ...examples])('what explains $title', ({ text }) => {
  test('is a program for the same graph, with or without its marks', async () => {
    const built = await build(text);
    for (const marks of [true, false]) {
      const again = await build(explain(built, { marks }));
      expect(printGraph(again.graph)).toBe(printGraph(built.graph));
    }
  });

  test('has no default left in it', async () => {
    const { layers, graph } = await build(explain(await build(text), { marks: false }));
    const isPicture = graph.inputs.every(({ image }) => image);
    const isIdle = (name: string) => !isPicture && 'scale mean std order resize crop fit'.includes(name);
    const origins = layers.flatMap(({ instance, settings }) =>
      [...settings]
        .filter(([name]) => instance.kind !== 'input' || !isIdle(name))
        .map(([, { from }]) => from),
    );
    expect(new Set(origins)).toEqual(new Set(['given']));
  });

  test('is laid out as cnnc fmt does it, and has no warnings that the program does not have', async () => {
    const plain = explain(await build(text), { marks: false });
    expect(format(sourceFile(plain))).toEqual({ text: plain });
    const warnings = async (source: string) =>
      (await check({ source })).diagnostics.map(({ message }) => message);
    const known = await warnings(text);
    expect((await warnings(plain)).filter((message) => !known.includes(message))).toEqual([]);
  });

  test('explains to itself', async () => {
    const plain = explain(await build(text), { marks: false });
    const marked = explain(await build(text), { marks: true });
    expect(explain(await build(plain), { marks: false })).toBe(plain);
    expect(explain(await build(marked), { marks: false })).toBe(plain);
  });
});

test('the manifest of a bundle holds the program with everything spelled', async () => {
  const text = 'INPUT(8x8x1) -> CONV(2) -> FC(3)';
  const { files } = await compile({ source: text, name: 'net', weights: { random: 1 } });
  const manifest: unknown = JSON.parse(new TextDecoder().decode(files.get('net.json')));
  expect(manifest).toMatchObject({ program: { source: explain(await build(text), { marks: false }) } });
});

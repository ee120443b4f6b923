// The programmatic API: what it gives for good programs and for bad ones.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  check,
  compile,
  drawGraph,
  explain,
  exportOnnx,
  exportPytorch,
  exportWeights,
  groupSummary,
  importModel,
  listWeights,
  optimize,
  summarize,
  version,
  type SourceOptions,
} from '../compiler/index.ts';
import { writeBundle } from './support/bundle.ts';

const LINE = 'INPUT(8x8x1) -> CONV(4) -> POOL -> FC(3)';

describe('compile', () => {
  test('gives the four files of a bundle, the graph and its summary', async () => {
    const { ok, diagnostics, files, graph, summary } = await compile({
      source: LINE,
      name: 'tiny',
      weights: { random: 1 },
    });
    expect(ok).toBe(true);
    expect(diagnostics).toEqual([]);
    expect([...files.keys()]).toEqual(['tiny.js', 'tiny.d.ts', 'tiny.weights.bin', 'tiny.json']);
    expect(graph?.name).toBe('tiny');
    expect(summary?.params).toBe(4 * 9 + 4 + 4 * 4 * 4 * 3 + 3);
  });

  test('same input gives the same bytes', async () => {
    const once = await compile({ source: LINE, weights: { random: 7 } });
    const twice = await compile({ source: LINE, weights: { random: 7 } });
    expect([...once.files]).toEqual([...twice.files]);
  });

  test('another seed gives other weights in the same program', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((random) => compile({ source: LINE, weights: { random } })),
    );
    expect(one!.files.get('model.weights.bin')).not.toEqual(two!.files.get('model.weights.bin'));
    expect(one!.files.get('model.d.ts')).toEqual(two!.files.get('model.d.ts'));
  });

  test('without weights it says both ways to give them', async () => {
    const { ok, files, diagnostics } = await compile({ source: LINE });
    expect(ok).toBe(false);
    expect(files.size).toBe(0);
    expect(diagnostics).toMatchObject([{ code: 'E062' }]);
    expect(diagnostics[0]!.help).toMatch(/--weights .*--random-weights/);
  });

  test('a bad program gives diagnostics and no files, never an exception', async () => {
    const { ok, files, diagnostics } = await compile({ source: 'INPUT -> CONB', weights: { random: 1 } });
    expect(ok).toBe(false);
    expect(files.size).toBe(0);
    expect(diagnostics).toMatchObject([{ code: 'E030' }]);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['an HTML page', new TextEncoder().encode('<!doctype html><title>404</title>')],
    ['a header longer than the file', new Uint8Array([255, 255, 255, 255, 255, 255, 255, 127])],
  ])('weights that are %s give a diagnostic', async (_, weights) => {
    const { ok, diagnostics } = await compile({ source: LINE, weights });
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ code: 'E060' }]);
  });

  test('a source, a path that cannot be read, and neither', async () => {
    const failing = await compile({ path: 'nowhere.cnn', read: () => Promise.reject(new Error('gone')) });
    expect(failing.diagnostics[0]!.message).toContain('nowhere.cnn');
    const empty = await compile({});
    expect(empty.ok).toBe(false);
  });
});

describe('options of the wrong sort give a diagnostic, never an exception and never random weights', () => {
  test.each([
    ['no options', undefined],
    ['null', null],
    ['a source that is no text', { source: 42 }],
    ['weights that are a text', { source: LINE, weights: 'w.safetensors' }],
    ['weights that are null', { source: LINE, weights: null }],
    ['weights that are an object', { source: LINE, weights: {} }],
    ['a seed that is no number', { source: LINE, weights: { random: Number.NaN } }],
    ['a target that does not exist', { source: LINE, weights: { random: 1 }, targets: ['zzz'] }],
    ['targets that are a text', { source: LINE, weights: { random: 1 }, targets: 'js' }],
    ['a name that is a path', { source: LINE, weights: { random: 1 }, name: '../../etc/passwd' }],
  ])('%s', async (_, options) => {
    // What a caller without types could pass.
    const { ok, files, diagnostics } = await compile(options as Parameters<typeof compile>[0]);
    expect([ok, files.size]).toEqual([false, 0]);
    expect(diagnostics).toMatchObject([{ code: 'E047', severity: 'error' }]);
  });

  test.each([
    [{ budgetsize: 1 }, "there is no option 'budgetsize'; did you mean budgetSize?"],
    [{ budgetSize: Number.NaN }, 'budgetSize is NaN; it must be a number of bytes, more than 0'],
    [{ budgetMemory: '8MB' }, "budgetMemory is '8MB'; it must be a number of bytes, more than 0"],
    [{ conv: 'imcol' }, "conv is 'imcol'; did you mean im2col?"],
    [{ winograd: true }, 'winograd is true'],
    [{ layout: 'keras' }, "layout is 'keras'"],
    [{ method: 'a-trous' }, "method is 'a-trous'; did you mean atrous?"],
    [{ bind: 'map.txt' }, "bind is 'map.txt'"],
    [{ bind: { 'conv1.weight': 3 } }, 'bind: conv1.weight is 3; it must be the name of a tensor in the file'],
    [{ name: 42 }, 'name is 42; it must be a text'],
    [
      { at: [[384.5, 384]] },
      'at is [[384.5, 384]]; it must be a list of sizes, [[height, width]] or [[length]], in whole numbers',
    ],
    [{ at: '384x384' }, expect.stringContaining("at is '384x384'")],
    [{ stride: 0 }, 'stride is 0; it must be a whole number, 1 or more'],
    [{ dense: 'mean' }, "dense is 'mean'; it must be true, false, 'average' or 'max'"],
    [{ targets: ['cuda'] }, "there is no target 'cuda'"],
    [{ targets: ['js', 'js'] }, "the target 'js' is there twice"],
    [{ weights: { random: Number.NaN } }, 'the seed of random weights is NaN; it must be a whole number'],
    [{ constants: { axes: 'all' } }, "constants: axes is 'all'; it must be a list of numbers"],
    [{ constants: [1] }, 'constants is [1]; it must be { input: numbers }'],
    [{ shapes: { input: [1, 2.5] } }, 'shapes: input is [1, 2.5]; it must be a list of whole numbers'],
    [{ read: 'file' }, "read is 'file'; it must be a function from a path to bytes"],
    [{ html: 'yes' }, "html is 'yes'; it must be true or false"],
  ])('%o says what is wrong with it', async (options, message) => {
    // What a caller without types could pass.
    const { ok, diagnostics } = await compile({
      source: LINE,
      weights: { random: 1 },
      ...(options as object),
    });
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ code: 'E047', message }]);
  });

  test.each(
    Object.entries({
      check,
      compile,
      drawGraph,
      explain,
      exportOnnx,
      exportPytorch,
      exportWeights,
      importModel,
      listWeights,
      optimize,
      summarize,
    }),
  )('%s without options, and with one that does not exist', async (_, call) => {
    // What a caller without types could pass.
    for (const options of [undefined, null, 42, { sauce: LINE }]) {
      const { ok, diagnostics } = await call(options as never);
      expect(ok).toBe(false);
      expect(diagnostics).toMatchObject([{ code: 'E047', severity: 'error' }]);
    }
  });

  test('options that only one call takes are checked as all others', async () => {
    const wrong: { source: string; [option: string]: unknown }[] = [
      { source: LINE, format: 'png' },
      { source: LINE, marks: 'no' },
      { source: LINE, to: 'keras' },
    ];
    const results = [
      drawGraph(wrong[0] as never),
      explain(wrong[1] as never),
      listWeights(wrong[2] as never),
    ];
    const messages = (await Promise.all(results)).map(({ diagnostics }) => diagnostics[0]?.message);
    expect(messages).toEqual(["format is 'png'", "marks is 'no'; it must be true or false", "to is 'keras'"]);
  });

  test('an ArrayBuffer is the bytes of a file', async () => {
    const { diagnostics } = await compile({ source: LINE, weights: new ArrayBuffer(8) });
    expect(diagnostics).toMatchObject([{ code: 'E060' }]);
  });

  test('weights beyond what a buffer can hold are refused before they are made', async () => {
    const source = 'INPUT(512x512x64) -> FC(100)';
    const { ok, diagnostics } = await compile({ source, weights: { random: 1 } });
    expect(ok).toBe(false);
    expect(diagnostics.map(({ code }) => code)).toContain('E046');
  });
});

describe('files of a program', () => {
  const using = (read: () => Promise<unknown>) =>
    check({
      source: 'use "blocks.cnn"\nINPUT -> Two -> FC',
      read: read as NonNullable<SourceOptions['read']>,
    });

  test('come as bytes or as text', async () => {
    const text = 'block Two = CONV -> CONV';
    expect(await using(async () => text)).toEqual({ ok: true, diagnostics: [] });
    expect(await using(async () => new TextEncoder().encode(text))).toEqual({ ok: true, diagnostics: [] });
  });

  test.each([
    [
      'what reading them threw',
      async () => Promise.reject(new Error('the disk is on fire')),
      'the disk is on fire',
    ],
    ['that it gave something else', async () => 7, 'read gave neither bytes nor a text'],
    ['that bytes are no text', async () => new Uint8Array([255, 254]), 'it is not UTF-8 text'],
  ])('that cannot be read say %s', async (_, read, reason) => {
    const { diagnostics } = await using(read);
    expect(diagnostics.map(({ message }) => message)).toEqual([`'blocks.cnn' cannot be read: ${reason}`]);
  });
});

test.each([0, -1, 1.5, NaN])('a summary is not grouped by %d names', async (depth) => {
  const { summary } = await summarize({ source: LINE });
  expect(() => groupSummary(summary!, depth)).toThrow(RangeError);
});

describe('check and summarize', () => {
  test('check needs no weights', async () => {
    expect(await check({ source: LINE })).toEqual({ ok: true, diagnostics: [] });
  });

  test('the summary has a row for every layer', async () => {
    const { summary } = await summarize({ source: LINE });
    expect(summary!.layers.map(({ name, op, output }) => [name, op, output])).toEqual([
      ['conv1', 'CONV', [8, 8, 4]],
      ['pool1', 'POOL', [4, 4, 4]],
      ['fc1', 'FC', [3]],
    ]);
    expect(summary!.layers.map(({ params, macs }) => [params, macs])).toEqual([
      [40, 8 * 8 * 4 * 9],
      [0, 0],
      [195, 192],
    ]);
  });

  test('VGG-16 has its 138,357,544 parameters, without any weights', async () => {
    const { summary } = await summarize({ source: readFileSync('examples/models/02b-vgg16.cnn', 'utf8') });
    expect(summary!.params).toBe(138_357_544);
  });
});

describe('a written bundle', () => {
  test('runs one item and a batch alike', async () => {
    const { createModel } = await writeBundle({ source: LINE, weights: { random: 3 } });
    const model = await createModel();
    const batch = Float32Array.from({ length: 3 * 64 }, (_, i) => Math.sin(i));
    const { output } = await model.run(batch);
    const alone = await Promise.all([0, 1, 2].map((i) => model.run(batch.slice(i * 64, (i + 1) * 64))));
    expect([...output!]).toEqual(alone.flatMap((result) => [...result['output']!]));
  });

  test('with its weights inside needs no other file', async () => {
    const { createModel, files } = await writeBundle({
      source: LINE,
      weights: { random: 3 },
      inlineWeights: true,
    });
    expect([...files.keys()].filter((name) => name.endsWith('.bin'))).toEqual([]);
    const { output } = await (await createModel()).run(new Float32Array(64));
    expect(output).toHaveLength(3);
  });
});

test('the version is that of package.json', () => {
  expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

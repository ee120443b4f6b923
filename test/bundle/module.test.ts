import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { load, twice } from './twice.ts';

test('the same input gives the same bytes', async () => {
  expect(await twice()).toEqual(await twice());
});

test('the network stands first, the runtime last', async () => {
  const { js } = await twice();
  const places = ['y = 2x + w', 'function twice(', 'const program =', 'function defineModel('].map((text) =>
    js.indexOf(text),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
});

test('a module imports nothing and makes no code from strings', async () => {
  const { js } = await twice();
  const { module, errors } = parseSync('twice.js', js);
  expect(errors).toEqual([]);
  expect(module.staticImports).toEqual([]);
  expect(module.dynamicImports).toEqual([]);
  expect(js).not.toMatch(/\beval\b|\bFunction\(|\brequire\b/);
});

describe('weights beside the module', () => {
  test('are spelled so that bundlers find them', async () => {
    expect((await twice()).js).toContain("new URL('./twice.weights.bin', import.meta.url)");
  });
});

describe('inline weights', () => {
  test('leave no address in the module', async () => {
    const { js } = await twice({ inline: true });
    expect(js).not.toMatch(/new URL\('|import\.meta|weights\.bin/);
  });

  test('are read without a file', async () => {
    const bundle = await twice({ inline: true, ballast: 100_000 });
    const model = await (await load(bundle))();
    expect(await model.run(new Float32Array(4))).toEqual({ y: Float32Array.of(1, 2, 3, 4) });
  });

  test('are verified like others', async () => {
    const bundle = await twice({ inline: true });
    const last = /.(?==*"\);\n\nexport)/;
    expect(bundle.js).toMatch(last);
    const js = bundle.js.replace(last, (c) => (c === 'A' ? 'Q' : 'A'));
    await expect((await load({ ...bundle, js }))()).rejects.toMatchObject({ code: 'WEIGHTS_CORRUPT' });
  });

  test('give way to weights of the caller', async () => {
    const bundle = await twice({ inline: true });
    const other = await twice({ w: [9, 9, 9, 9] });
    const created = (await load(bundle))({ weights: other.weights });
    await expect(created).rejects.toMatchObject({ code: 'WEIGHTS_WRONG_FILE' });
  });
});

describe('a strange name is plain data', () => {
  const names = [
    '"; globalThis.injected = true //',
    "'); globalThis.injected = true //",
    '*/ globalThis.injected = true /*',
    '</script><script>globalThis.injected = true</script>',
    '<!--',
    '${globalThis.injected = true}',
    '`',
    '\\',
    'line\nbreak\r\u2028\u2029',
    '\0',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'größe 🦔',
    '\ud800',
    '',
  ];
  test.each(names.map((name) => [JSON.stringify(name), name]))('%s', async (_, name) => {
    const bundle = await twice({ name, inputs: [name], output: name, weight: name, labels: [name] });
    expect(bundle.js).not.toMatch(/<\/script|<!--|\u2028|\u2029/);
    const model = await (await load(bundle))();
    const result = await model.run(Object.fromEntries([[name, new Float32Array(4)]]));
    expect(Object.entries(result)).toEqual([[name, Float32Array.of(1, 2, 3, 4)]]);
    expect([model.inputs[0]!.name, model.outputs[0]!.labels]).toEqual([name, [name]]);
    expect(globalThis).not.toHaveProperty('injected');
  });
});

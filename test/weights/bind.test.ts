import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readBindMap } from '../../compiler/frontend/weights/bind-map.ts';
import { compile } from '../../compiler/index.ts';
import { suggest } from '../../compiler/support/suggest.ts';
import { compactDiagnostic, isError } from '../../grammar/index.ts';
import { bundled, counting, messages } from './files.ts';

const SOURCE = 'INPUT(4x4x1) -> CONV(2) -> BN -> FC(3)';
const OWN = {
  'conv1.weight': [2, 1, 3, 3],
  'conv1.bias': [2],
  'bn1.weight': [2],
  'bn1.bias': [2],
  'bn1.running_mean': [2],
  'bn1.running_var': [2],
  'fc1.weight': [3, 32],
  'fc1.bias': [3],
};

/** An archive of counting arrays. */
const npz = (shapes: Readonly<Record<string, readonly number[]>>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`${name}.npy`, counting(...shape)])),
  );

const renamed = (rename: (name: string, index: number) => string) =>
  Object.fromEntries(Object.entries(OWN).map(([name, shape], i) => [rename(name, i), shape]));

const reference = bundled(SOURCE, { weights: npz(OWN) });

describe('by name', () => {
  test('missing, misshapen and surplus tensors are said at once, with the nearest names', async () => {
    const { 'conv1.bias': _, ...others } = OWN;
    const weights = npz({ ...others, 'conv1.bais': [2], 'fc1.weight': [3, 16], extra: [1] });
    expect(await messages(SOURCE, { weights })).toEqual([
      'the weights file lacks a tensor: conv1.bias (2; the file has conv1.bais)',
      expect.stringContaining('--bind order'),
      'the weights file has another shape for a tensor: fc1.weight (3×32 expected, 3×16 found)',
      'the program has no place for 2 tensors: conv1.bais, extra',
    ]);
  });

  test('names with something in front are the nearest', async () => {
    const [message] = await messages(SOURCE, { weights: npz(renamed((name) => `module.net.${name}`)) });
    expect(message).toContain('conv1.weight (2×1×3×3; the file has module.net.conv1.weight)');
  });

  test('of many that are missing, eight are listed', async () => {
    const weights = npz({ x: [1] });
    const source = `INPUT(4x4x1) -> ${Array(20).fill('CONV(2)').join(' -> ')}`;
    expect((await messages(source, { weights }))[0]).toMatch(/lacks 40 tensors: .*, and 32 more$/);
  });
});

test('not all names of a hostile file are compared', () => {
  let compared = 0;
  function* names() {
    for (let i = 0; i < 200_000; i++) {
      compared++;
      yield `layer${i}.wei`;
    }
  }
  expect(suggest('conv1.weight', names())).toBeUndefined();
  expect(compared).toBeLessThan(10_000);
});

describe('by order', () => {
  test('names do not matter, and counters of batches are passed over', async () => {
    const weights = npz({ 'a.num_batches_tracked': [], ...renamed((_, i) => `t${i}`) });
    expect(await bundled(SOURCE, { weights, bind: 'order' })).toEqual(await reference);
  });

  test('shapes must agree', async () => {
    const weights = npz(Object.assign({ 'conv1.bias': [2] }, OWN));
    expect((await messages(SOURCE, { weights, bind: 'order' }))[0]).toContain(
      'conv1.weight (2×1×3×3 expected, 2 found in conv1.bias), conv1.bias (2 expected, 2×1×3×3 found in conv1.weight)',
    );
  });

  test('a transposed convolution has its weight before its bias, as others do', async () => {
    const weights = npz({ w: [2, 3, 2, 2], b: [3] });
    expect(await messages('INPUT(4x4x2) -> DECONV(3)', { weights, bind: 'order' })).toEqual([]);
  });

  test('what is left over on either side is said', async () => {
    const few = npz({ a: [2, 1, 3, 3] });
    expect((await messages(SOURCE, { weights: few, bind: 'order' }))[0]).toContain('lacks 7 tensors');
    const many = npz({ ...OWN, more: [1] });
    expect(await messages(SOURCE, { weights: many, bind: 'order' })).toEqual([
      'the program has no place for a tensor: more',
    ]);
  });
});

describe('by a map', () => {
  const weights = npz(renamed((name) => name.replace('conv1', 'features.0')));

  test('it names what differs', async () => {
    const bind = { 'conv1.weight': 'features.0.weight', 'conv1.bias': 'features.0.bias' };
    expect(await bundled(SOURCE, { weights, bind })).toEqual(await reference);
  });

  test('names that nobody has are said, with the nearest', async () => {
    const bind = { 'conv1.wieght': 'features.0.weight', 'conv1.bias': 'features.0.bais' };
    expect(await messages(SOURCE, { weights, bind })).toEqual([
      "--bind: the program has no weight 'conv1.wieght'; did you mean conv1.weight?",
      "--bind: the weights file has no tensor 'features.0.bais'; did you mean features.0.bias?",
    ]);
  });

  test('one tensor may serve several weights', async () => {
    const source = 'INPUT(2) -> FC(2, bias=false) as a -> FC(2, bias=false) as b';
    const bind = { 'a.weight': 'w', 'b.weight': 'w' };
    expect(await messages(source, { weights: npz({ w: [2, 2] }), bind })).toEqual([]);
  });
});

describe('the file of a map', () => {
  const weights = npz(OWN);
  const said = async (text: string) => {
    const { diagnostics } = await compile({ source: SOURCE, weights, bindMap: { path: 'map.txt', text } });
    return diagnostics.filter(isError).map(compactDiagnostic);
  };

  test('has pairs, comments and empty lines', () => {
    const text = '# mine\r\n\r\na.weight = features.0.weight # first\nb.weight=x#y\n__proto__ = z';
    const { pairs } = readBindMap({ path: 'map.txt', text });
    expect([...pairs].map(([path, { tensor }]) => [path, tensor])).toEqual([
      ['a.weight', 'features.0.weight'],
      ['b.weight', 'x#y'],
      ['__proto__', 'z'],
    ]);
  });

  test('pairs as an object does', async () => {
    const renamedWeights = npz(renamed((name) => name.replace('conv1', 'features.0')));
    const text = 'conv1.weight = features.0.weight\nconv1.bias = features.0.bias\n';
    expect(await bundled(SOURCE, { weights: renamedWeights, bindMap: { path: 'map.txt', text } })).toEqual(
      await reference,
    );
  });

  test.each([
    ['conv1.bias = conv1.bias\nc', ['map.txt:2:1: error[E063]: expected program.path = file.name, found c']],
    ['  = b', ['map.txt:1:3: error[E063]: expected program.path = file.name, found = b']],
    ['a =', ['map.txt:1:1: error[E063]: expected program.path = file.name, found a =']],
    ['a = b = c', ['map.txt:1:1: error[E063]: expected program.path = file.name, found a = b = c']],
    ['a = b\n\n a = c', ['map.txt:3:2: error[E063]: a was paired before, on line 1']],
    [
      'a\r\nb',
      [
        'map.txt:1:1: error[E063]: expected program.path = file.name, found a',
        'map.txt:2:1: error[E063]: expected program.path = file.name, found b',
      ],
    ],
  ])('%j is refused with its lines', async (text, expected) => {
    expect(await said(text)).toEqual(expected);
  });

  test('of very many lines that are wrong, eight are listed', async () => {
    const list = await said('nothing\n'.repeat(100_000));
    expect(list).toHaveLength(9);
    expect(list.at(-1)).toContain('and 99992 more like these');
  });

  test('names that nobody has are said with their places', async () => {
    expect(await said('# mine\nconv1.wieght = x\n\nconv1.bias = conv1.bais')).toEqual([
      "map.txt:2:1: error[E061]: the program has no weight 'conv1.wieght'; did you mean conv1.weight?",
      "map.txt:2:16: error[E061]: the weights file has no tensor 'x'",
      "map.txt:4:14: error[E061]: the weights file has no tensor 'conv1.bais'; did you mean conv1.bias?",
    ]);
  });
});

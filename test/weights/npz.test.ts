import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readWeightsFile } from '../../compiler/frontend/weights/read.ts';
import { Refusal } from '../../compiler/support/refusal.ts';
import { counting, damaged, edited, errorOf, messages, ONE_WEIGHT } from './files.ts';

const arrays = { 'a.weight.npy': counting(1, 2), 'b.npy': counting(3) };
const contents = (file: Uint8Array) =>
  [...readWeightsFile(file).tensors].map(([name, { shape, read }]) => [name, shape, [...read()]]);

/** Where the first central record begins. */
const central = (zip: Uint8Array) => new DataView(zip.buffer).getUint32(zip.length - 6, true);

/** A copy with one 32-bit number overwritten, counted from the first central record. */
function patched(zip: Uint8Array, at: number, value: number): Uint8Array {
  const copy = zip.slice();
  new DataView(copy.buffer).setUint32(central(zip) + at, value, true);
  return copy;
}

describe('reading', () => {
  test.each([0, 6] as const)('arrays packed at level %i come in their order', (level) => {
    expect(contents(zipSync(arrays, { level }))).toEqual([
      ['a.weight', [1, 2], [0, 1]],
      ['b', [3], [0, 1, 2]],
    ]);
  });

  test('an archive without members has no arrays', () => {
    expect(contents(zipSync({}))).toEqual([]);
  });

  test('an array in Fortran order is turned back', () => {
    const fortran = edited(counting(2, 3), "False, 'shape': (2, 3), }", "True, 'shape': (2, 3), }");
    expect(contents(zipSync({ 'a.npy': fortran }))).toEqual([['a', [2, 3], [0, 2, 4, 1, 3, 5]]]);
  });

  test.skipIf(!existsSync('/work/shared/data/npy'))('an archive that NumPy wrote opens', () => {
    const file = readFileSync('/work/shared/data/npy/chessboard_GRAY_U8.npz');
    expect([...readWeightsFile(file).tensors.values()].map(({ shape }) => shape)).toEqual([[200, 200]]);
  });
});

const stored = zipSync(arrays, { level: 0 });
const packed = zipSync(arrays, { level: 6 });

describe('a hostile archive is a message', () => {
  test.each<[string, Uint8Array, string]>([
    ['cut off', stored.slice(0, -30), 'cut off'],
    ['a directory elsewhere', Uint8Array.of(...stored.slice(0, -6), 255, 255, 255, 127, 0, 0), 'damaged'],
    ['a bomb', patched(packed, 24, 2 ** 31), 'expands to'],
    ['a size too large', patched(packed, 24, 500), 'a (1, 2) array takes 8 bytes of data, the file has 372'],
    ['a size too small', patched(packed, 24, 100), 'a (1, 2) array takes 8 bytes of data, the file has 0'],
    [
      'a wrong checksum',
      patched(zipSync({ 'a.weight.npy': counting(1, 2) }, { level: 0 }), 16, 1),
      "'a.weight.npy' in the weights file is damaged",
    ],
    [
      'a GiB of zeros',
      patched(zipSync({ 'a.weight.npy': new Uint8Array(2 ** 20) }), 24, 2 ** 30),
      "'a.weight.npy' in the weights file is not an array",
    ],
    ['a member beyond the end', patched(stored, 20, 2 ** 30), 'is cut off'],
    ['a member that is elsewhere', patched(stored, 42, 3), 'is not where the archive says'],
    ['a method nobody knows', patched(stored, 8, 99 << 16), 'unknown method, 99'],
    [
      'a member that is no array',
      zipSync({ 'readme.txt': strToU8('hello') }),
      "'readme.txt' in the weights file is not an array",
    ],
    [
      'text that is called an array',
      zipSync({ 'a.npy': strToU8('hello') }),
      "'a.npy' in the weights file is not an array",
    ],
    ['a pickle', zipSync({ 'archive/data.pkl': strToU8('') }), 'torch.save'],
    [
      'Python objects',
      zipSync({ 'a.weight.npy': edited(counting(1, 2), "'<f4'", "'|O'") }),
      "holds '|O' numbers",
    ],
    [
      'whole numbers',
      zipSync({ 'a.weight.npy': edited(counting(1, 2), "'<f4'", "'<i4'") }),
      'float16, float32, float64 are read',
    ],
    [
      'big-endian numbers',
      zipSync({ 'a.weight.npy': edited(counting(1, 2), "'<f4'", "'>f4'") }),
      "save x.astype('<f4')",
    ],
    ['a single array', counting(1, 2), 'a single array, without a name'],
  ])('%s', async (_, weights, message) => {
    expect((await messages(ONE_WEIGHT, { weights })).join('\n')).toContain(message);
  });

  test('an array that nobody wants is not unpacked', async () => {
    const zip = zipSync({ 'b.npy': counting(2 ** 20) });
    const damaged = zip.with(zip.length - 200, zip.at(-200)! ^ 0xff);
    const [lacks, , surplus] = await messages(ONE_WEIGHT, { weights: damaged });
    expect(lacks).toContain('lacks a tensor: a.weight');
    expect(surplus).toContain('no place for a tensor: b');
  });

  test('all arrays that cannot be read are said at once', async () => {
    const whole = (...shape: number[]) => edited(counting(...shape), "'<f4'", "'<i4'");
    const weights = zipSync({ 'a.weight.npy': whole(1, 2), 'a.bias.npy': whole(1) });
    expect(await messages('INPUT(2) -> FC(1) as a', { weights })).toEqual([
      "array 'a.weight' in the weights file: holds '<i4' numbers; float16, float32, float64 are read: save x.astype('<f4')",
      "array 'a.bias' in the weights file: holds '<i4' numbers; float16, float32, float64 are read: save x.astype('<f4')",
    ]);
  });

  test('a name that stands twice is refused', async () => {
    const twice = zipSync({ 'a.npy': counting(1), 'b.npy': counting(1) }, { level: 0 });
    const weights = edited(twice, 'b.npy', 'a.npy');
    expect(await messages(ONE_WEIGHT, { weights })).toEqual(["the weights file has 'a.npy' twice"]);
  });

  test.skipIf(!existsSync('/work/shared/data/malformed/numpy'))(
    'a pickled object of NumPy is not run',
    () => {
      const file = readFileSync('/work/shared/data/malformed/numpy/py3-objarr.npz');
      expect(() => contents(file)).toThrow(Refusal);
    },
  );

  test('cut and damaged archives give arrays or a refusal, never another error', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(stored), damaged(packed)), (file) => {
        const error = errorOf(file);
        expect(error === undefined || error instanceof Refusal).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

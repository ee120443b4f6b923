import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../../compiler/frontend/weights/safetensors.ts';
import { writeSafetensors } from '../../compiler/frontend/weights/write-safetensors.ts';
import { Refusal } from '../../compiler/support/refusal.ts';
import { damaged, entry, errorOf, messages, ONE_WEIGHT, safetensorsOf, written } from './files.ts';

const bytesOf = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer);
const elements = (file: Uint8Array, name: string) => [...readSafetensors(file).tensors.get(name)!.read()];

describe('reading', () => {
  test.each([
    ['F32', 4, bytesOf(1, -2.5)],
    ['F64', 8, new Uint8Array(Float64Array.of(1, -2.5).buffer)],
    ['F16', 2, new Uint8Array(Uint16Array.of(0x3c00, 0xc100).buffer)],
    ['BF16', 2, new Uint8Array(Uint16Array.of(0x3f80, 0xc020).buffer)],
  ])('%s is read', (dtype, size, data) => {
    const file = safetensorsOf(`{"a":${entry({ dtype, data_offsets: [0, 2 * size] })}}`, data);
    expect(elements(file, 'a')).toEqual([1, -2.5]);
  });

  test('the smallest and largest float16, infinities and NaN are read', () => {
    const data = new Uint8Array(Uint16Array.of(0x0001, 0x7bff, 0x8000, 0x7c00, 0xfc00, 0x7e00).buffer);
    const file = safetensorsOf(`{"a":${entry({ dtype: 'F16', shape: [6], data_offsets: [0, 12] })}}`, data);
    expect(elements(file, 'a')).toEqual([2 ** -24, 65504, -0, Infinity, -Infinity, NaN]);
  });

  test('a counter of batches, an integer, is passed over', async () => {
    const header = `{"a.weight":${entry()},"bn.num_batches_tracked":${entry({ dtype: 'I64', shape: [], data_offsets: [8, 16] })}}`;
    const weights = safetensorsOf(header, new Uint8Array([...bytesOf(1, 2), ...new Uint8Array(8)]));
    expect(await messages(ONE_WEIGHT, { weights })).toEqual([
      expect.stringContaining('another shape for a tensor: a.weight (1×2 expected, 2 found)'),
    ]);
  });

  test('a weight of integers is refused', async () => {
    const header = `{"a.weight":${entry({ dtype: 'I8', shape: [1, 2], data_offsets: [0, 2] })}}`;
    expect(await messages(ONE_WEIGHT, { weights: safetensorsOf(header, Uint8Array.of(1, 2)) })).toEqual([
      "tensor 'a.weight' in the weights file has elements of type I8; F32, F64, F16, BF16 can be read",
    ]);
  });

  test('tensors come in the order of their data, whatever that of the header', () => {
    const [first, second] = [entry({ data_offsets: [8, 16] }), entry()];
    const file = safetensorsOf(`{"1":${first},"0":${second}}`, bytesOf(1, 2, 3, 4));
    expect([...readSafetensors(file).tensors.keys()]).toEqual(['0', '1']);
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('%j is a name like any other', (name) => {
    const file = safetensorsOf(`{${JSON.stringify(name)}:${entry()}}`, bytesOf(1, 2));
    expect(elements(file, name)).toEqual([1, 2]);
  });
});

const two = (first: object, second: object) => `{"a":${entry(first)},"b":${entry(second)}}`;
const deep = 100_000;

describe('a hostile file is a message', () => {
  test.each<[string, Uint8Array, string]>([
    ['seven bytes', new Uint8Array(7), 'has 7 bytes'],
    ['a header beyond the end', safetensorsOf('{}').slice(0, 9), 'its header would have 2 bytes'],
    [
      'a header of 2^64 bytes',
      new Uint8Array(8).fill(255),
      'its header would have 18446744073709552000 bytes',
    ],
    ['a header that is not UTF-8', safetensorsOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 'is not UTF-8'],
    ['a header that is not JSON', safetensorsOf('{"a":}'), 'is not JSON'],
    ['a header that is a list', safetensorsOf('[]'), 'is not a JSON object'],
    ['an open string', safetensorsOf('{"a'), 'is not JSON'],
    ['100,000 brackets', safetensorsOf('['.repeat(deep) + ']'.repeat(deep)), 'nested too deeply'],
    ['100,000 open braces', safetensorsOf('{"a":'.repeat(deep)), 'nested too deeply'],
    ['over a million lists', safetensorsOf(`[${'[],'.repeat(1_000_001)}0]`), 'more than a million'],
    [
      'a tensor described twice',
      safetensorsOf(`{"a":${entry()},"a":${entry()}}`, bytesOf(1, 2)),
      '"a" twice',
    ],
    ['the same in other letters', safetensorsOf(`{"a":${entry()},"\\u0061":${entry()}}`), 'twice'],
    ['a shape given twice', safetensorsOf('{"a":{"shape":[2],"shape":[3]}}'), '"shape" twice'],
    ['a tensor that is a number', safetensorsOf('{"a":1}'), "'a' in the weights file has no description"],
    ['metadata that are a list', safetensorsOf('{"__metadata__":[]}'), '__metadata__ is not a JSON object'],
    [
      'metadata that are numbers',
      safetensorsOf('{"__metadata__":{"layout":1}}'),
      "'layout' in the weights file's __metadata__ is not a text",
    ],
    ['no element type', safetensorsOf(`{"a":${entry({ dtype: 4 })}}`), 'no element type'],
    [
      'an unknown element type',
      safetensorsOf(`{"a":${entry({ dtype: 'constructor' })}}`),
      'unknown type, constructor',
    ],
    ['a negative size', safetensorsOf(`{"a":${entry({ shape: [-2] })}}`), 'no proper shape'],
    ['half an element', safetensorsOf(`{"a":${entry({ shape: [0.5] })}}`), 'no proper shape'],
    [
      '2^60 elements',
      safetensorsOf(`{"a":${entry({ shape: [2 ** 30, 2 ** 30] })}}`, bytesOf(1, 2)),
      'has 8 bytes',
    ],
    [
      'sizes whose product is infinite',
      safetensorsOf(`{"a":${entry({ shape: Array(16).fill(2 ** 53 - 1) })}}`, bytesOf(1, 2)),
      'has 8 bytes',
    ],
    ['negative offsets', safetensorsOf(`{"a":${entry({ data_offsets: [-8, 0] })}}`), 'no proper offsets'],
    ['one offset', safetensorsOf(`{"a":${entry({ data_offsets: [0] })}}`), 'no proper offsets'],
    [
      'offsets the wrong way round',
      safetensorsOf(`{"a":${entry({ data_offsets: [8, 0] })}}`, bytesOf(1, 2)),
      'lies at bytes 8 to 0',
    ],
    [
      'offsets beyond the data',
      safetensorsOf(`{"a":${entry()}}`, bytesOf(1)),
      'lies at bytes 0 to 8, but the data has 4',
    ],
    [
      'tensors that overlap',
      safetensorsOf(two({}, { data_offsets: [4, 12] }), bytesOf(1, 2, 3)),
      "'a' and 'b' in the weights file overlap",
    ],
    [
      'a gap',
      safetensorsOf(two({}, { data_offsets: [12, 20] }), bytesOf(1, 2, 3, 4, 5)),
      'bytes from 8 on that belong to no tensor',
    ],
    ['data that nobody has', safetensorsOf(`{"a":${entry()}}`, bytesOf(1, 2, 3)), 'bytes from 8 on'],
  ])('%s', async (_, weights, message) => {
    expect((await messages(ONE_WEIGHT, { weights }))[0]).toContain(message);
  });

  test('a name of a million letters does not fill the screen', async () => {
    const weights = safetensorsOf(`{"${'x'.repeat(1e6)}":${entry({ dtype: 'I7' })}}`);
    expect((await messages(ONE_WEIGHT, { weights })).join('').length).toBeLessThan(500);
  });

  test('cut and damaged files give tensors or a refusal, never another error', async () => {
    const whole = await written('INPUT(4x4x1) -> CONV(2) -> FC(3)');
    fc.assert(
      fc.property(damaged(whole), (file) => {
        const error = errorOf(file);
        expect(error === undefined || error instanceof Refusal).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('writing', () => {
  test('what was written is read back, with names, order, shapes and metadata', () => {
    const tensor = fc.record({ name: fc.string(), data: fc.float32Array({ maxLength: 9 }) });
    fc.assert(
      fc.property(fc.uniqueArray(tensor, { selector: ({ name }) => name }), (made) => {
        const weights = made.filter(({ name }) => name !== '__metadata__');
        const file = writeSafetensors(
          weights.map(({ name, data }) => ({ name, data, shape: [data.length] })),
          { layout: 'tf' },
        );
        const { tensors, metadata } = readSafetensors(file);
        expect(new Map([...tensors].map(([name, { read }]) => [name, read()]))).toEqual(
          new Map(weights.map(({ name, data }) => [name, data])),
        );
        expect([...metadata]).toEqual([['layout', 'tf']]);
      }),
    );
  });

  test('data begins at a multiple of eight, and the same weights give the same bytes', async () => {
    const [once, twice] = [await written(ONE_WEIGHT), await written(ONE_WEIGHT)];
    expect(once).toEqual(twice);
    expect(new DataView(once.buffer).getBigUint64(0, true) % 8n).toBe(0n);
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../compiler/cli/failure.ts';
import { readNpy, writeNpy } from '../../compiler/cli/npy.ts';

/** A .npy file with the given header text and data. */
function npy(header: string, data: Uint8Array, { version = 1 } = {}): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? new Uint8Array(2) : new Uint8Array(4);
  if (version === 1) new DataView(length.buffer).setUint16(0, text.length, true);
  else new DataView(length.buffer).setUint32(0, text.length, true);
  const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0);
  return Uint8Array.from([...magic, ...length, ...text, ...data]);
}

const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

const bytesOf = (array: Float32Array | Float64Array): Uint8Array => new Uint8Array(array.buffer);

describe('reading', () => {
  test('what was written is read back, whatever the shape', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.gen(), (shape, choose) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const data = choose(fc.float32Array, { minLength: length, maxLength: length });
        expect(readNpy(writeNpy({ shape, data }), 'x.npy')).toEqual({ shape, data });
      }),
    );
  });

  test('the data of a written file begins at a multiple of 64 bytes', () => {
    const data = Float32Array.of(1, 2);
    for (const shape of [[2], [1, 2], [1, 1, 1, 1, 1, 1, 1, 1, 1, 2]])
      expect((writeNpy({ shape, data }).length - 8) % 64).toBe(0);
  });

  test.each([
    ['float32', '<f4', bytesOf(Float32Array.of(1, -2.5))],
    ['float16', '<f2', Uint8Array.of(0x00, 0x3c, 0x00, 0xc1)],
    ['float64', '<f8', bytesOf(Float64Array.of(1, -2.5))],
  ])('%s is taken', (_, descr, data) => {
    expect([...readNpy(npy(header(descr, '(2,)'), data), 'x.npy').data]).toEqual([1, -2.5]);
  });

  test('Fortran order, as a transposed array is saved, is turned back', () => {
    const file = npy(header('<f4', '(2, 3)', 'True'), bytesOf(Float32Array.of(1, 4, 2, 5, 3, 6)));
    expect(readNpy(file, 'x.npy')).toEqual({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  });

  test('uint8 is taken as the numbers it holds, not scaled', () => {
    expect([...readNpy(npy(header('|u1', '(1, 2)'), Uint8Array.of(0, 255)), 'x.npy').data]).toEqual([0, 255]);
  });

  test.each([2, 3])('version %i of the format is taken', (version) => {
    const file = npy(header('|u1', '()'), Uint8Array.of(7), { version });
    expect(readNpy(file, 'x.npy')).toEqual({ shape: [], data: Float32Array.of(7) });
  });
});

describe('a file that cannot be read is named, and why', () => {
  test.each([
    ['no .npy', Uint8Array.of(1, 2, 3), 'is not a .npy file'],
    ['an unknown version', npy(header('<f4', '(0,)'), new Uint8Array(0), { version: 9 }), 'unknown version'],
    ['a header beyond the end', npy(header('<f4', '(0,)'), new Uint8Array(0)).slice(0, 30), 'cut short'],
    ['a header that is none', npy('print("hello")', new Uint8Array(0)), 'not one of a plain array'],
    ['a record type', npy("{'descr': [('a', '<f4')], 'shape': (1,), }", new Uint8Array(4)), 'plain array'],
    ['Python objects', npy(header('|O', '(1,)'), new Uint8Array(8)), "holds '|O' numbers"],
    ['a name every object has', npy(header('constructor', '(1,)'), new Uint8Array(8)), "'constructor'"],
    ['big-endian numbers', npy(header('>f4', '(1,)'), new Uint8Array(4)), "save x.astype('<f4')"],
    ['less data than the shape takes', npy(header('<f4', '(2,)'), new Uint8Array(7)), 'takes 8 bytes'],
    ['more data than the shape takes', npy(header('<f4', '(2,)'), new Uint8Array(9)), 'has 9'],
    [
      'a shape beyond all memory',
      npy(header('<f4', '(99999999999, 99999999999)'), new Uint8Array(4)),
      'takes',
    ],
    ['an endless size', npy(header('<f4', `(${'9'.repeat(400)}, 0)`), new Uint8Array(0)), 'takes NaN'],
    ['a negative size', npy(header('<f4', '(-1,)'), new Uint8Array(4)), 'plain array'],
  ])('%s', (_, bytes, reason) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(InputError);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(/^x\.npy: /);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(reason);
  });

  test('damaged files give an array or an InputError, never another error', () => {
    const whole = writeNpy({ shape: [2, 3], data: new Float32Array(6) });
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    fc.assert(
      fc.property(damage, ([at, value, length]) => {
        const bytes = whole.slice(0, Math.max(length, at + 1));
        bytes[at] = value;
        const error = errorOf(() => readNpy(bytes, 'x.npy'));
        expect(error === undefined || error instanceof InputError).toBe(true);
      }),
    );
  });
});

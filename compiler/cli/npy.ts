// NumPy's .npy: magic, version, a header that is a Python dictionary in ASCII, then the raw numbers.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { InputError } from './failure.ts';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY')];

/** Size of one number, and how to read it, for each element type we take. */
const ELEMENTS: Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  '<f4': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '<f8': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  '|u1': { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** Whether the bytes begin as a .npy file does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** Reads an array of float32, float64 or uint8 as float32; `path` is how messages name it. */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  const { header, dataStart } = splitHeader(bytes, path);
  const { descr, shape } = parseHeader(header, path);
  const element = Object.hasOwn(ELEMENTS, descr) ? ELEMENTS[descr] : undefined;
  if (element === undefined) {
    throw new InputError(
      `${path}: holds '${descr}' numbers; float32, float64 and uint8 are read: save x.astype('<f4')`,
    );
  }
  const length = shape.reduce((a, b) => a * b, 1);
  const expected = length * element.bytes;
  const found = bytes.length - dataStart;
  if (found !== expected) {
    throw new InputError(
      `${path}: a (${shape.join(', ')}) array takes ${expected} bytes of data, the file has ${found}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, expected);
  const data = Float32Array.from({ length }, (_, i) => element.read(view, i * element.bytes));
  return { shape, data };
}

function splitHeader(bytes: Uint8Array, path: string): { header: string; dataStart: number } {
  if (!isNpy(bytes)) throw new InputError(`${path}: is not a .npy file; write one with numpy.save`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Version 1 has a 16-bit header length; versions 2 and 3 a 32-bit one.
  const major = bytes[6] ?? 0;
  const headerStart = major === 1 ? 10 : 12;
  if (major < 1 || major > 3 || bytes.length < headerStart) {
    throw new InputError(`${path}: is a .npy file of an unknown version or cut short`);
  }
  const dataStart = headerStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) throw new InputError(`${path}: the .npy header is cut short`);
  return { header: new TextDecoder('latin1').decode(bytes.subarray(headerStart, dataStart)), dataStart };
}

function parseHeader(header: string, path: string): { descr: string; shape: readonly number[] } {
  const descr = /'descr':\s*'([^']{1,16})'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || dims === undefined) {
    throw new InputError(`${path}: the .npy header is not one of a plain array of numbers`);
  }
  if (order === 'True') {
    throw new InputError(`${path}: is in Fortran order; save numpy.ascontiguousarray(x)`);
  }
  const shape = dims
    .split(',')
    .map((dim) => dim.trim())
    .filter((dim) => dim !== '')
    .map(Number);
  return { descr, shape };
}

/** The array as a version 1 .npy file of little-endian float32. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims}), }`;
  // The data begins at a multiple of 64 bytes; the header ends with a line feed.
  const dataStart = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(dataStart - 11)}\n`;
  const bytes = new Uint8Array(dataStart + 4 * data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  for (const [i, value] of data.entries()) view.setFloat32(dataStart + 4 * i, value, true);
  return bytes;
}

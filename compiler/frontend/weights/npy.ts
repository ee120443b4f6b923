// NumPy's .npy: magic, version, a header that is a Python dictionary in ASCII, then the raw numbers.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { refuse } from '../../support/refusal.ts';
import { transpose } from '../../tensor/transpose.ts';
import { sizeOf, type Shape } from '../../tensor/types.ts';
import { decodeElements, ELEMENT_BYTES, type StoredType } from './elements.ts';
import type { NamedTensor } from './named-tensors.ts';

export interface NpyArray {
  readonly shape: Shape;
  readonly data: Float32Array;
}

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY')];

/** Element types by NumPy's name for them. */
const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['<f2', 'F16'],
  ['<f4', 'F32'],
  ['<f8', 'F64'],
  ['|u1', 'U8'],
]);

/** Whether the bytes begin as a .npy file does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** An array of floating-point numbers or uint8; `subject` begins the message of a `Refusal` (E060). */
export function readNpy(bytes: Uint8Array, subject: string): NpyArray {
  const file = { begin: bytes, size: bytes.length, read: () => bytes };
  const { shape, read } = openNpy(file, subject, ['F16', 'F32', 'F64', 'U8']);
  return { shape, data: read() };
}

/** A .npy file of which only the beginning is looked at before it is wanted. */
interface NpyFile {
  /** With the header in it, or the whole file. */
  readonly begin: Uint8Array;
  /** Bytes in all. */
  readonly size: number;
  readonly read: () => Uint8Array;
}

/** The same, read when it is wanted; an array of other types than `types` may stay unread. */
export function openNpy(file: NpyFile, subject: string, types: readonly StoredType[]): NamedTensor {
  const { header, dataStart } = splitHeader(file.begin, subject);
  const { descr, isFortran, shape } = parseHeader(header, subject);
  const type = TYPES.get(descr);
  if (type === undefined || !types.includes(type)) {
    const read = () =>
      refuse('E060', `${subject} holds '${descr}' numbers; ${list(types)} are read: save x.astype('<f4')`);
    return { shape, read };
  }
  const expected = sizeOf(shape) * ELEMENT_BYTES.get(type)!;
  const found = Math.max(0, file.size - dataStart);
  if (found !== expected)
    refuse(
      'E060',
      `${subject} a (${shape.join(', ')}) array takes ${expected} bytes of data, the file has ${found}`,
    );
  const read = () => {
    const elements = decodeElements(file.read().subarray(dataStart), type);
    return isFortran ? fromFortran(elements, shape) : elements;
  };
  return { shape, read };
}

/** Fortran's order is that of the array with its axes reversed. */
const fromFortran = (data: Float32Array, shape: Shape): Float32Array =>
  transpose(data, shape.toReversed(), shape.map((_, axis) => axis).toReversed());

function list(types: readonly StoredType[]): string {
  const names = { F16: 'float16', F32: 'float32', F64: 'float64', BF16: 'bfloat16', U8: 'uint8' };
  return types.map((type) => names[type]).join(', ');
}

function splitHeader(bytes: Uint8Array, subject: string): { header: string; dataStart: number } {
  if (!isNpy(bytes)) refuse('E060', `${subject} is not a .npy file; write one with numpy.save`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Version 1 has a 16-bit header length; versions 2 and 3 a 32-bit one.
  const major = bytes[6] ?? 0;
  const headerStart = major === 1 ? 10 : 12;
  if (major < 1 || major > 3 || bytes.length < headerStart)
    refuse('E060', `${subject} is a .npy file of an unknown version or cut short`);
  const dataStart = headerStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) refuse('E060', `${subject} the .npy header is cut short`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, dataStart));
  return { header, dataStart };
}

function parseHeader(header: string, subject: string): { descr: string; isFortran: boolean; shape: Shape } {
  const descr = /'descr':\s*'([^']{1,16})'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || dims === undefined)
    refuse('E060', `${subject} the .npy header is not one of a plain array of numbers`);
  const shape = dims
    .split(',')
    .map((dim) => dim.trim())
    .filter((dim) => dim !== '')
    .map(Number);
  return { descr, isFortran: order === 'True', shape };
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

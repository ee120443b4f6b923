// Members of a zip archive (PKWARE APPNOTE 6.3), as NumPy writes it: stored or deflated, no encryption, no
// zip64 sizes, which no file below 4 GiB needs. Sizes and checksums are compared with what comes out.
import { Inflate, inflateSync } from 'fflate';
import { refuse } from '../../support/refusal.ts';
import { crc32 } from './crc32.ts';
import { showName } from '../../support/show-name.ts';

/** More bytes than this do not come out of an archive, whatever it says. */
const MAX_INFLATED = 2 ** 30;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const [STORED, DEFLATED] = [0, 8];

export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= END_LENGTH && [LOCAL, END].includes(viewOf(bytes).getUint32(0, true));

/** A member, of which nothing is unpacked before somebody asks: some KB can stand for a GiB. */
export interface ZipMember {
  /** Bytes in all. */
  readonly size: number;
  /** The first bytes, up to `length`, unchecked. */
  readonly head: (length: number) => Uint8Array;
  /** All bytes, checked. Both throw a `Refusal` for what is damaged. */
  readonly read: () => Uint8Array;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** What the archive lists, in its order. Throws a `Refusal` (E060) that says what is wrong. */
export function readZip(bytes: Uint8Array): Map<string, ZipMember> {
  try {
    const entries = directory(bytes);
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_INFLATED)
      refuse(
        'E060',
        `the weights file expands to ${total.toLocaleString('en')} bytes; ${MAX_INFLATED.toLocaleString('en')} are the limit`,
      );
    const names = new Set<string>();
    for (const { name } of entries) {
      if (names.has(name)) refuse('E060', `the weights file has '${showName(name)}' twice`);
      names.add(name);
    }
    return new Map(entries.map((entry) => [entry.name, memberOf(bytes, entry)]));
  } catch (error) {
    // A place outside of the file.
    if (error instanceof RangeError) refuse('E060', 'the weights file is a damaged zip archive');
    throw error;
  }
}

function directory(bytes: Uint8Array): Entry[] {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== CENTRAL) refuse('E060', 'the weights file is a damaged zip archive');
    const nameLength = view.getUint16(at + 28, true);
    entries.push({
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The end record, which a comment of up to 64 KiB may follow. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) if (view.getUint32(at, true) === END) return at;
  refuse('E060', 'the weights file is a zip archive that is cut off');
}

function memberOf(bytes: Uint8Array, { name, method, crc, packed, size, offset }: Entry): ZipMember {
  const wrong = (what: string): never => refuse('E060', `'${showName(name)}' in the weights file ${what}`);
  const view = viewOf(bytes);
  if (view.getUint32(offset, true) !== LOCAL) return wrong('is not where the archive says');
  const begin = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (begin + packed > bytes.length) return wrong('is cut off');
  if (method !== STORED && method !== DEFLATED) return wrong(`is packed by an unknown method, ${method}`);
  const data = bytes.subarray(begin, begin + packed);
  return {
    size,
    head: (length) =>
      method === STORED ? data.subarray(0, length) : (inflateHead(data, length) ?? wrong('is damaged')),
    read() {
      const whole = method === STORED ? data : inflate(data, size);
      if (whole?.length !== size || crc32(whole) !== crc) return wrong('is damaged');
      return whole;
    },
  };
}

/** One byte of room too many, so that a stream that is longer than it should be shows. */
function inflate(data: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(data, { out: new Uint8Array(size + 1) });
  } catch {
    return undefined;
  }
}

/** Packed bytes that are unpacked at once: they give at most a MiB. */
const STRETCH = 1024;

function inflateHead(data: Uint8Array, length: number): Uint8Array | undefined {
  const head = new Uint8Array(length);
  const progress = { filled: 0 };
  const stream = new Inflate((bytes) => {
    head.set(bytes.subarray(0, length - progress.filled), progress.filled);
    progress.filled = Math.min(length, progress.filled + bytes.length);
  });
  try {
    for (let at = 0; at < data.length; at += STRETCH) {
      stream.push(data.subarray(at, at + STRETCH), at + STRETCH >= data.length);
      if (progress.filled === length) break;
    }
    return head.subarray(0, progress.filled);
  } catch {
    return undefined;
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

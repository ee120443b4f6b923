// PNG through fast-png, which is handed only what makes pixels, after the sizes have been checked:
// neither the header nor the compressed data can then ask for more memory than the picture needs.
import { inflateSync } from 'node:zlib';
import { decode, type DecodedPng } from 'fast-png';
import { InputError } from '../failure.ts';
import { checkSize, type Pixels } from './pixels.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Chunks without which the pixels would differ. The rest (profiles, texts) is left out. */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

interface Chunk {
  readonly type: string;
  /** Length, type, data and checksum, as in the file. */
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
}

/** Whether the bytes begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** Decodes a PNG of any colour type and depth; `path` is how messages name it. */
export function readPng(bytes: Uint8Array, path: string): Pixels {
  const chunks = splitChunks(bytes).filter(({ type }) => KEPT.has(type));
  const header = readHeader(chunks[0]);
  if (header === undefined || chunks.at(-1)?.type !== 'IEND') {
    throw new InputError(`${path}: the PNG is cut short or damaged`);
  }
  checkSize(header.width, header.height, path);
  try {
    checkChunks(chunks, header);
    return toPixels(decode(Buffer.concat([Uint8Array.from(SIGNATURE), ...chunks.map((c) => c.bytes)])));
  } catch (error) {
    // The decoder throws plain errors about what it found in the file.
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${path}: the PNG cannot be decoded (${reason})`);
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The chunks up to IEND, or up to where the file is cut short. */
function splitChunks(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  const view = viewOf(bytes);
  let at = SIGNATURE.length;
  while (at + 12 <= bytes.length && chunks.at(-1)?.type !== 'IEND') {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    const type = new TextDecoder('latin1').decode(bytes.subarray(at + 4, at + 8));
    chunks.push({ type, bytes: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    at = end;
  }
  return chunks;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

function readHeader(chunk: Chunk | undefined): Header | undefined {
  if (chunk?.type !== 'IHDR' || chunk.data.length !== 13) return undefined;
  const view = viewOf(chunk.data);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: view.getUint8(8),
    colorType: view.getUint8(9),
    interlaced: view.getUint8(12) === 1,
  };
}

/** Samples per pixel, by colour type; an index into the palette is one. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** First column, first row, and their steps, of the seven passes of an interlaced picture. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Refuses what the decoder would take for something else, or would need boundless memory for. */
function checkChunks(chunks: readonly Chunk[], header: Header): void {
  if (header.colorType === 3 && !chunks.some(({ type }) => type === 'PLTE'))
    throw new Error('its palette is missing');
  if (header.interlaced && header.depth < 8)
    throw new Error('interlaced with fewer than 8 bits; save it not interlaced');
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const expected = dataBytes(header);
  const found = inflateSync(data, { maxOutputLength: expected + 1 }).length;
  if (found !== expected) throw new Error(`${found} bytes of pixels, ${expected} expected`);
}

/** How many bytes the pixels take before compression: every row has one more, for its filter. */
function dataBytes({ width, height, depth, colorType, interlaced }: Header): number {
  const bits = depth * (CHANNELS[colorType] ?? 0);
  const rows = (w: number, h: number): number => (w > 0 && h > 0 ? (1 + Math.ceil((w * bits) / 8)) * h : 0);
  if (!interlaced) return rows(width, height);
  return ADAM7.reduce(
    (sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
}

function toPixels(png: DecodedPng): Pixels {
  const { width, height, channels, depth, palette, transparency } = png;
  const samples = unpackSamples(png);
  const data = new Uint8ClampedArray(4 * width * height);
  const hasAlpha = channels % 2 === 0;
  // Green and blue of a grey picture are its one channel again.
  const [green, blue] = channels <= 2 ? [0, 0] : [1, 2];
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    if (palette) {
      const color = palette[samples[from]!];
      if (color === undefined) throw new Error('a pixel names a colour that the palette lacks');
      for (let i = 0; i < 4; i++) data[to + i] = color[i] ?? 255;
      continue;
    }
    data[to] = to8Bits(samples[from]!, depth);
    data[to + 1] = to8Bits(samples[from + green]!, depth);
    data[to + 2] = to8Bits(samples[from + blue]!, depth);
    data[to + 3] = hasAlpha ? to8Bits(samples[from + channels - 1]!, depth) : 255;
    // tRNS names the one colour that is transparent.
    if (transparency?.length && transparency.every((value, i) => value === samples[from + i]))
      data[to + 3] = 0;
  }
  return { width, height, data };
}

/** 16 bits lose their lower half, as in other readers; fewer than 8 are spread over 0…255. */
const to8Bits = (value: number, depth: number): number =>
  depth === 16 ? value >> 8 : (value * 255) / (2 ** depth - 1);

/** One number per sample; below 8 bits several share a byte, and each row begins a new one. */
function unpackSamples({ width, height, depth, channels, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const perRow = width * channels;
  const stride = Math.ceil((perRow * depth) / 8);
  const samples = new Uint8Array(perRow * height);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % perRow) * depth;
    const byte = data[Math.floor(i / perRow) * stride + (bit >> 3)]!;
    samples[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
}

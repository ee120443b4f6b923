// JPEG through mozjpeg in WebAssembly. Each picture gets a fresh instance: after an error, the decoder's
// state is undefined.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import decode, { init } from '@jsquash/jpeg/decode.js';
import { InputError } from '../failure.ts';
import { checkSize, type Pixels } from './pixels.ts';

/** Whether the bytes begin as a JPEG does. */
export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** Decodes a JPEG, turned upright; `path` is how messages name it. */
export async function readJpeg(bytes: Uint8Array, path: string): Promise<Pixels> {
  const size = frameSize(bytes);
  if (size === undefined) throw new InputError(`${path}: the JPEG is damaged: it does not state its size`);
  checkSize(size.width, size.height, path);

  const complaints: string[] = [];
  await freshDecoder((line) => complaints.push(line));
  try {
    const { width, height, data } = await decode(Uint8Array.from(bytes).buffer, {
      preserveOrientation: true,
    });
    // The decoder fills up what is missing with grey and only mentions it.
    if (complaints.some((line) => /premature end/i.test(line))) throw new Error('it is cut short');
    return { width, height, data };
  } catch (error) {
    const reason = complaints[0] ?? (error instanceof Error ? error.message : String(error));
    throw new InputError(`${path}: the JPEG cannot be decoded (${reason})`);
  }
}

async function freshDecoder(complain: (line: string) => void): Promise<void> {
  const wasm = fileURLToPath(import.meta.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
  const module = await WebAssembly.compile(await readFile(wasm));
  await init({
    printErr: complain,
    instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
}

/** Width and height from the frame header (SOF), which comes before any pixel. */
function frameSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // C4, C8 and CC lie in the range of frame headers but are tables and extensions.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

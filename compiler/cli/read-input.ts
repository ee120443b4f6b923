import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { LARGEST_FILE } from '../../grammar/index.ts';
import { FileError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** What the user types for standard input. */
export const STDIN = '-';

/** How messages name a file. */
export const nameOf = (path: string): string => (path === STDIN ? '<stdin>' : path);

/** Characters take up to three bytes each: what is longer is certainly too large to be a program. */
const MOST_BYTES = 3 * LARGEST_FILE;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a directory, not a file',
  EACCES: 'may not be read; check its permissions',
  EPERM: 'may not be read; check its permissions',
  ENAMETOOLONG: 'the name is too long',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB',
  ERR_INVALID_ARG_VALUE: 'is not a file name',
};

/** The system's code of an error (`ENOENT`), if it has one. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** What went wrong with a file, in words, without a stack or a system call. */
export const fileReason = (error: unknown): string =>
  REASONS[errorCode(error)] ?? `cannot be used (${errorCode(error) || String(error)})`;

/** The bytes of a file, or one line that says why not. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    await requireFile(path);
    return await readFile(path);
  } catch (error) {
    throw error instanceof FileError ? error : new FileError(path, fileReason(error));
  }
}

/** Pipes and devices may never end, or never begin. */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new FileError(path, 'is a pipe or a device, not a file');
}

/** All that a stream gives, or a little more than `most` bytes of what may have no end. */
export async function readStream(stream: Readable, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return Buffer.concat(chunks);
}

/**
 * The text of a program: a file's, or standard input's for `-`. Of one that is too large, or that never ends,
 * only so much that this shows.
 */
export async function readSource(path: string, terminal: Terminal): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await (path === STDIN
      ? terminal.readStdin(MOST_BYTES)
      : readStream(createReadStream(path), isGraph(path) ? Infinity : MOST_BYTES));
  } catch (error) {
    throw new FileError(nameOf(path), fileReason(error));
  }
  if (seemsOnnx(bytes))
    throw new FileError(
      nameOf(path),
      'seems to be an ONNX model; models are read from files whose names end in .onnx',
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: bytes.length > MOST_BYTES });
  } catch {
    throw new FileError(
      nameOf(path),
      'is not UTF-8 text; a program is plain text, as the files in examples/ are',
    );
  }
}

/** Models begin with the version of their format and then say who made them, or the graph: no text begins so. */
const seemsOnnx = ([version, number = 0, next = 0]: Uint8Array): boolean =>
  version === 0x08 && number > 0 && number < 0x20 && [0x12, 0x1a, 0x22, 0x32, 0x3a, 0x42].includes(next);

/** The text of a graph is as long as the network is. */
const isGraph = (path: string): boolean => path.endsWith('.cir');

async function readProgram(file: string): Promise<Uint8Array> {
  await requireFile(file);
  return readStream(createReadStream(file), MOST_BYTES);
}

/**
 * Reads what a program names beside itself. A link may not lead out of the program's folder: who runs a
 * program of somebody else's should not have to look for that.
 */
export const readBeside =
  (program: string, read = readProgram) =>
  async (path: string): Promise<Uint8Array> => {
    try {
      const [folder, file] = await Promise.all([realpath(dirname(program)), realpath(path)]);
      if (file !== folder && !file.startsWith(join(folder, sep)))
        throw new FileError(path, "it is a link that leads out of the program's folder");
      return await read(file);
    } catch (error) {
      throw error instanceof FileError ? error : new FileError(path, fileReason(error));
    }
  };

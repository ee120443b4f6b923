import { readFile } from 'node:fs/promises';
import { InputError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** What the user types for standard input. */
export const STDIN = '-';

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
    return await readFile(path);
  } catch (error) {
    throw new InputError(`${path}: ${fileReason(error)}`);
  }
}

async function readStdin(terminal: Terminal): Promise<Uint8Array> {
  try {
    return await terminal.readStdin();
  } catch (error) {
    throw new InputError(`standard input: ${fileReason(error)}`);
  }
}

/** The text of a program: a file's, or standard input's for `-`. */
export async function readSource(path: string, terminal: Terminal): Promise<string> {
  const bytes = path === STDIN ? await readStdin(terminal) : await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      `${path}: is not UTF-8 text; a program is plain text, as the files in examples/ are`,
    );
  }
}

// Writes files so that a failure leaves everything as it was: they are first written beside the place they go
// to, on the same disk, so that all that can still fail is a rename; what a rename replaces is kept until the
// last one has succeeded.
//
// What is there already and is no plain file of one name is written through, last: a link leads to the user's file,
// which stays what the link leads to, and a device or a pipe is never replaced by a file.
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from './failure.ts';
import { errorCode, fileReason } from './read-input.ts';
import type { Terminal } from './terminal.ts';

/** What the user types for standard output. */
export const STDOUT = '-';

/** Writes one file, or to standard output for `-`. */
export async function writeOutput(path: string, bytes: Uint8Array, terminal: Terminal): Promise<void> {
  if (path === STDOUT) terminal.out(bytes);
  else await writeFiles(dirname(path), new Map([[basename(path), bytes]]));
}

/** Writes all files into `directory`, which is made if need be, or none of them. `flag` is what named it. */
export async function writeFiles(
  directory: string,
  files: ReadonlyMap<string, Uint8Array>,
  flag = '-o',
): Promise<void> {
  let made: string | undefined;
  try {
    made = await makeFolder(directory);
    const places = new Map([...files].map(([name, bytes]) => [join(directory, name), bytes]));
    const through = new Set<string>();
    for (const place of places.keys()) if (await isWrittenThrough(place)) through.add(place);
    const of = (isThrough: boolean) => [...places].filter(([place]) => through.has(place) === isThrough);
    await replaceAll(directory, of(false), () => writeAllThrough(of(true)));
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw new InputError(`${directory}: nothing was written: ${writeReason(error, flag)}`);
  }
}

/**
 * Makes a folder and those above it; gives the topmost that was new. Node's own `recursive` never returns
 * where nothing can be made and no reason is given, as in /proc.
 */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return undefined;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
  }
  const above = await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if (above !== undefined) await rm(above, { recursive: true, force: true });
    throw error;
  }
  return above ?? path;
}

type Files = readonly (readonly [path: string, bytes: Uint8Array])[];

/** Links of either kind, devices and pipes. A folder in its place is the user's and stays. */
async function isWrittenThrough(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) throw new InputError(`${path} is a folder`);
    return !found.isFile() || found.nlink > 1;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function writeAllThrough(files: Files): Promise<void> {
  for (const [path, bytes] of files) await writeThrough(path, bytes);
}

/** A file that is there gets new bytes in its own place, and its old ones back where the disk does not take them. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  if (!(await isPlain(path))) return writeFile(path, bytes);
  const old = await readFile(path);
  const file = await open(path, 'r+');
  try {
    await fill(file, bytes);
  } catch (error) {
    await fill(file, old);
    throw error;
  } finally {
    await file.close();
  }
}

/** What a path leads to is a file. */
async function isPlain(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function fill(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, at);
    at += bytesWritten;
  }
  await file.truncate(bytes.length);
}

/** Writes a file that is to take another's place, and may be read by whom that may. */
async function stage(path: string, bytes: Uint8Array, place: string): Promise<void> {
  await writeFile(path, bytes);
  try {
    await chmod(path, (await stat(place)).mode & 0o7777);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Puts all files in their places, and does what comes last; where something fails, none of them. */
async function replaceAll(directory: string, files: Files, last: () => Promise<void>): Promise<void> {
  if (files.length === 0) return last();
  const staging = await mkdtemp(join(directory, '.cnnc-'));
  const undo: (() => Promise<void>)[] = [];
  try {
    const staged = (place: string) => join(staging, basename(place));
    for (const [place, bytes] of files) await stage(staged(place), bytes, place);
    for (const [place] of files) {
      const own = staged(place);
      const old = `${own}.old`;
      if (await moveIfThere(place, old)) undo.push(() => rename(old, place));
      await rename(own, place);
      undo.push(() => rename(place, own));
    }
    await last();
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Moves a file away; false where there is none. */
async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name; give a folder with',
  ENOTDIR: 'there is a file in its path; give a folder with',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  ENOENT: 'the folder cannot be made there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'files may not be as large as that',
};

function writeReason(error: unknown, flag: string): string {
  if (error instanceof InputError) return error.message;
  const reason = WRITE_REASONS[errorCode(error)] ?? fileReason(error);
  return reason.endsWith(' with') ? `${reason} ${flag}` : reason;
}

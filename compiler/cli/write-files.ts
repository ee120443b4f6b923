// Writes a set of files so that a failure leaves the folder as it was: everything is first written beside
// the place it goes to, on the same disk, so that all that can still fail is a rename; what a rename
// replaces is kept until the last one has succeeded.
import { lstat, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from './failure.ts';
import { errorCode, fileReason } from './read-input.ts';

/** Writes all files into `directory`, which is made if need be, or none of them. */
export async function writeFiles(directory: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  let made: string | undefined;
  try {
    made = await makeFolder(directory);
    await writeThroughStaging(directory, files);
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw new InputError(`${directory}: nothing was written: ${writeReason(error)}`);
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
  await mkdir(path);
  return above ?? path;
}

async function writeThroughStaging(directory: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const staging = await mkdtemp(join(directory, '.cnnc-'));
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const [name, bytes] of files) await writeFile(join(staging, name), bytes);
    for (const name of files.keys()) {
      const [staged, place, old] = [join(staging, name), join(directory, name), join(staging, `${name}.old`)];
      if (await moveIfThere(place, old)) undo.push(() => rename(old, place));
      await rename(staged, place);
      undo.push(() => rename(place, staged));
    }
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Moves a file away; false where there is none. A folder in its place is the user's and stays. */
async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    if ((await lstat(from)).isDirectory()) throw new InputError(`${from} is a folder`);
    await rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name; give a folder with -o',
  ENOTDIR: 'there is a file in its path; give a folder with -o',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  ENOENT: 'the folder cannot be made there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

const writeReason = (error: unknown): string =>
  error instanceof InputError ? error.message : (WRITE_REASONS[errorCode(error)] ?? fileReason(error));

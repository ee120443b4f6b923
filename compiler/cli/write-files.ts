// Writes a set of files so that a failure leaves the folder as it was: everything is first written beside
// the place it goes to, on the same disk, so that all that can still fail is a rename; what a rename
// replaces is kept until the last one has succeeded.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from './failure.ts';
import { errorCode, fileReason } from './read-input.ts';

/** Writes all files into `directory`, which is made if need be, or none of them. */
export async function writeFiles(directory: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  let made: string | undefined;
  try {
    made = await mkdir(directory, { recursive: true });
    await writeThroughStaging(directory, files);
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw new InputError(`${directory}: nothing was written: ${writeReason(error)}`);
  }
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
  EEXIST: 'there is a file of that name; give a folder with -o',
  ENOTDIR: 'there is a file in its path; give a folder with -o',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

const writeReason = (error: unknown): string => WRITE_REASONS[errorCode(error)] ?? fileReason(error);

// Inputs that lie beside the checkout and are not ours to commit: tests that need them say so and skip.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';

const SHARED = resolve(import.meta.dirname, '../../../shared');

/** The path of a file in ../shared. */
export const sharedPath = (path: string): string => resolve(SHARED, path);

/** A group of tests that need files of ../shared; without them it is skipped, and its title says why. */
export function describeWithShared(title: string, paths: readonly string[], tests: () => void): void {
  const missing = paths.filter((path) => !existsSync(sharedPath(path)));
  const why = missing.length > 0 ? ` (skipped: no ../shared/${missing[0]})` : '';
  describe.skipIf(missing.length > 0)(`${title}${why}`, () => {
    tests();
  });
}

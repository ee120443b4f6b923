import { readdirSync, readFileSync } from 'node:fs';

export interface Fixture {
  /** The name of the file, which says what it is about. */
  readonly title: string;
  readonly text: string;
  /** Where what is expected of it is kept. */
  readonly expected: string;
}

/** The programs of a folder, with their expectations beside them. `vitest -u` writes those anew. */
export function fixturesIn(folder: URL, extension: string): Fixture[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cnn'))
    .map((file) => ({
      title: file.replace(/\.cnn$/, '').replaceAll('-', ' '),
      text: readFileSync(new URL(file, folder), 'utf8'),
      expected: new URL(file.replace(/\.cnn$/, extension), folder).pathname,
    }));
}

/** The programs that we publish as examples. */
export const examples: Fixture[] = fixturesIn(new URL('../../examples/models/', import.meta.url), '.txt');

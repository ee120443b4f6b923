// Options as callers without types may pass them.
import { CnncError } from './errors.ts';
import { kindOf } from './kind-of.ts';
import { nearest } from './nearest.ts';

/** What an option has to be, in words, and whether a value is that. */
export type Expected = readonly [what: string, isRight: (value: unknown) => boolean];

/** `a GPUDevice`: what calls itself by the last of these words. */
export const named = (what: string): Expected => [what, (value) => what.endsWith(` ${kindOf(value)}`)];

/** Whatever it is: it is looked at elsewhere. */
export const ANYTHING: Expected = ['anything', () => true];

/**
 * The options that are given: null is none. Throws `OPTION_NAME` for what is no option, `OPTION_TYPE` for what is not
 * as expected.
 */
export function optionsOf<T extends object>(
  given: T | null | undefined,
  expected: Readonly<Record<keyof T & string, Expected>>,
): Partial<T> {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object') throw wrong('what stands for the options', given, 'an object');
  const known = new Map(Object.entries<Expected>(expected));
  const options = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of options) {
    const [what, isRight] = known.get(name) ?? noOption(name, [...known.keys()]);
    if (!isRight(value)) throw wrong(`the option ${name}`, value, what);
  }
  return Object.fromEntries(options) as Partial<T>; // some of those that were given
}

function noOption(name: string, known: readonly string[]): never {
  const meant = nearest(name, known);
  const help = meant === undefined ? `expected ${known.join(', ')}` : `did you mean ${meant}?`;
  throw new CnncError('OPTION_NAME', `there is no option ${JSON.stringify(name)}; ${help}`);
}

const wrong = (what: string, value: unknown, expected: string): CnncError =>
  new CnncError('OPTION_TYPE', `${what} has type ${kindOf(value)}, expected ${expected}`);

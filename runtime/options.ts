// Options as callers without types may pass them.
import { CnncError } from './errors.ts';
import { kindOf } from './inputs.ts';

/** What an option has to be, in words, and whether a value is that. */
export type Expected = readonly [what: string, isRight: (value: unknown) => boolean];

/** `a GPUDevice`: what calls itself by the last of these words. */
export const named = (what: string): Expected => [what, (value) => what.endsWith(` ${kindOf(value)}`)];

/** The options that are given: null is none. Throws `OPTION_TYPE` for what is not as expected. */
export function optionsOf<T extends object>(
  given: T | null | undefined,
  expected: Readonly<Partial<Record<keyof T, Expected>>>,
): Partial<T> {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object') throw wrong('what stands for the options', given, 'an object');
  const options = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of options) {
    const [what, isRight] = expected[name as keyof T] ?? ANYTHING; // whatever its name is
    if (!isRight(value)) throw wrong(`the option ${name}`, value, what);
  }
  return Object.fromEntries(options) as Partial<T>; // some of those that were given
}

const ANYTHING: Expected = ['anything', () => true];

const wrong = (what: string, value: unknown, expected: string): CnncError =>
  new CnncError('OPTION_TYPE', `${what} has type ${kindOf(value)}, expected ${expected}`);

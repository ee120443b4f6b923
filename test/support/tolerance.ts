// The tolerance policy (runtime/tolerance.ts) as tests ask it.
import { expect } from 'vitest';
import { deviation, type NumericClass } from '../../runtime/tolerance.ts';

export type { NumericClass };

/** What is wrong with `actual`, or undefined. NaN goes with NaN, an infinity with itself. */
export function mismatch(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  numeric: NumericClass,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} numbers, not ${expected.length}`;
  const { ok, at, allowed } = deviation(actual, expected, numeric);
  if (ok) return undefined;
  return `element ${at} is ${actual[at]}, not ${expected[at]}; ${allowed.toExponential(1)} apart is allowed`;
}

/** Fails where the policy is not met. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  numeric: NumericClass,
): void {
  expect(mismatch(actual, expected, numeric)).toBeUndefined();
}

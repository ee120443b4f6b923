// The one tolerance policy: |a − b| ≤ atol + rtol · max|b| over the tensor, rtol by numeric class.
import { expect } from 'vitest';

const ATOL = 1e-6;

const RTOL = {
  /** The reference against float32 kernels, one operator. */
  operator: 1e-5,
  /** The same, a whole network. */
  network: 1e-4,
  /** Winograd F(4,3), one layer and a network of them. */
  winograd: 2e-5,
  winogradNetwork: 1e-3,
  /** Imported models against ONNX Runtime. */
  imported: 1e-3,
  /** Half precision. */
  f16: 1e-2,
} as const;

export type NumericClass = keyof typeof RTOL;

/** What is wrong with `actual`, or undefined. NaN goes with NaN, an infinity with itself. */
export function mismatch(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  numeric: NumericClass,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} numbers, not ${expected.length}`;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const size = Math.abs(expected[i]!);
    if (Number.isFinite(size) && size > largest) largest = size;
  }
  const allowed = ATOL + RTOL[numeric] * largest;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (Object.is(a, b) || a === b || Math.abs(a - b) <= allowed) continue;
    return `element ${i} is ${a}, not ${b}; ${allowed.toExponential(1)} apart is allowed`;
  }
  return undefined;
}

/** Fails where the policy is not met. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  numeric: NumericClass,
): void {
  expect(mismatch(actual, expected, numeric)).toBeUndefined();
}

// The one tolerance policy: |a − b| ≤ ATOL + RTOL · max|b| over the tensor, RTOL by numeric class. Tests,
// `cnnc verify` and a bundle's self-test all judge by it.
//
// It is for finite numbers. NaN and infinities are to come out where the definition has them, with two exceptions:
// - Winograd's convolution computes tiles of 2×2 or 4×4 results from shared sums, so that one NaN or infinity among
//   the inputs of a tile makes all of its results NaN. `--winograd off` keeps them apart.
// - Shaders may take it that there are none (WGSL, 15.7.3): on a GPU, relu(NaN) may be 0, and tanh(NaN) a number.

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

/** How far a tensor is from what it should be. */
export interface Deviation {
  readonly ok: boolean;
  readonly maxAbsolute: number;
  /** The same as a share of the largest number expected. */
  readonly maxRelative: number;
  /** What the policy allows `maxAbsolute` to be. */
  readonly allowed: number;
  /** The element that is farthest off. */
  readonly at: number;
}

/** NaN goes with NaN, an infinity with itself; beside anything else both are infinitely far off. */
export function deviation(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  numeric: NumericClass,
): Deviation {
  let [largest, maxAbsolute, at] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
    if (Object.is(a, b)) continue;
    const distance = Math.abs(a - b);
    const off = Number.isNaN(distance) ? Infinity : distance;
    if (off > maxAbsolute) [maxAbsolute, at] = [off, i];
  }
  const allowed = ATOL + RTOL[numeric] * largest;
  const maxRelative = maxAbsolute === 0 ? 0 : maxAbsolute / largest;
  return { ok: maxAbsolute <= allowed, maxAbsolute, maxRelative, allowed, at };
}

// G of Winograd's F(4×4, 3×3): three numbers of a kernel at the six points of the transform.
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
] as const;

/** Every 3×3 kernel g of a tensor as G · g · Gᵀ, 6×6 numbers. */
export function transformKernels(kernels: Float32Array): Float32Array {
  const transformed = new Float32Array(kernels.length * 4);
  const rows = new Float64Array(18);
  for (let from = 0, to = 0; from < kernels.length; from += 9, to += 36) {
    for (let i = 0; i < 6; i++)
      for (let c = 0; c < 3; c++)
        rows[i * 3 + c] =
          G[i]![0] * kernels[from + c]! +
          G[i]![1] * kernels[from + 3 + c]! +
          G[i]![2] * kernels[from + 6 + c]!;
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        transformed[to + i * 6 + j] =
          G[j]![0] * rows[i * 3]! + G[j]![1] * rows[i * 3 + 1]! + G[j]![2] * rows[i * 3 + 2]!;
  }
  return transformed;
}

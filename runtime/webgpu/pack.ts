import type { Packing } from './plan.ts';

/** Writes a tensor, rearranged as plan.ts describes it, into zeros: what is padding stays zero. */
export function pack(tensor: Float32Array, { axes, dims }: Packing, into: Float32Array): void {
  const at = axes.map(() => 0);
  // Packed elements that one step of each loop moves on.
  const sizes = dims.map((_, depth) =>
    dims.slice(depth + 1).reduce((product, { size }) => product * size, 1),
  );
  const isLastOfAxis = dims.map(
    ({ axis }, depth) => dims.findLastIndex((dim) => dim.axis === axis) === depth,
  );

  const visit = (depth: number, from: number, to: number): void => {
    const { axis, size, step } = dims[depth]!;
    const { length, stride } = axes[axis]!;
    const begin = at[axis]!;
    const inside = Math.ceil((length - begin) / step);
    const count = isLastOfAxis[depth] ? Math.min(size, inside) : size;
    if (depth === dims.length - 1) {
      for (let i = 0; i < count; i++) into[to + i] = tensor[from + i * step * stride]!;
      return;
    }
    for (let i = 0; i < count; i++) {
      at[axis] = begin + i * step;
      visit(depth + 1, from + i * step * stride, to + i * sizes[depth]!);
    }
    at[axis] = begin;
  };
  visit(
    0,
    axes.reduce((sum, { base = 0 }) => sum + base, 0),
    0,
  );
}

export const packedLength = ({ dims }: Packing): number =>
  dims.reduce((product, { size }) => product * size, 1);

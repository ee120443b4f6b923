import { sizeOf, type Shape } from './types.ts';

/** The elements with their axes in another order: axis i of the result is axis `axes[i]` of the source. */
export function transpose(data: Float32Array, shape: Shape, axes: readonly number[]): Float32Array {
  const sizes = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => sizeOf(shape.slice(axis + 1)));
  const index = axes.map(() => 0);
  const result = new Float32Array(data.length);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    // The next index, as an odometer counts: the last axis runs fastest.
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

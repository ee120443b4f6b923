// What all element-by-element operators share: broadcasting of types, and a plain loop over elements.
import { refuse } from '../support/refusal.ts';
import { sameShape, sizeOf, type Shape, type Tensor, type TensorType } from '../tensor/types.ts';
import type { Pick } from './define.ts';

/** NumPy's broadcasting: shapes are aligned at their last axis; a size of 1 stretches. */
export function broadcastTypes(types: readonly TensorType[]): TensorType {
  const [first] = types;
  if (first && types.every((type) => sameShape(type.shape, first.shape))) return first;
  const rank = Math.max(...types.map((type) => type.shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => {
    const sizes = types.map((type) => type.shape[axis - rank + type.shape.length] ?? 1);
    const size = sizes.find((s) => s !== 1) ?? 1;
    if (sizes.some((s) => s !== 1 && s !== size))
      refuse('E043', `shapes ${types.map((type) => type.shape.join('×')).join(' and ')} do not go together`);
    return size;
  });
  return { dtype: 'f32', shape };
}

/** For each element of `out`, the element of an operand that broadcasting puts there. */
export function broadcastIndex(from: Shape, out: Shape): (index: number) => number {
  const strides = broadcastStrides(from, out);
  return (index) => {
    let source = 0;
    for (let axis = out.length - 1; axis >= 0; axis--) {
      source += (index % out[axis]!) * strides[axis]!;
      index = Math.floor(index / out[axis]!);
    }
    return source;
  };
}

/** Step in `from` for one step along each axis of `out`; 0 where `from` is stretched. */
export function broadcastStrides(from: Shape, out: Shape): number[] {
  const strides = out.map(() => 0);
  let step = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    if (from[axis] !== 1) strides[axis + out.length - from.length] = step;
    step *= from[axis]!;
  }
  return strides;
}

/** Applies `f` to corresponding elements. */
export function mapElements(
  operands: readonly Tensor[],
  out: TensorType,
  f: (...values: number[]) => number,
): Float32Array {
  const indices = operands.map((operand) => broadcastIndex(operand.type.shape, out.shape));
  return Float32Array.from({ length: sizeOf(out.shape) }, (_, i) =>
    f(...operands.map((operand, k) => operand.data[indices[k]!(i)]!)),
  );
}

/** Two operands of one shape, or one whose sizes partly stretch to those of the other. */
export function samplePair(pick: Pick): { a: Shape; b: Shape } {
  const item = [...pick.of([[], [pick.int(1, 6)], [pick.int(1, 4), pick.int(1, 4)]]), pick.int(1, 6)];
  const batch = pick.int(1, 2);
  const whole = [batch, ...item];
  const stretched = [batch, ...item.map((size) => pick.of([size, size, 1]))];
  return pick.of([
    { a: whole, b: whole },
    { a: whole, b: stretched },
    { a: stretched, b: whole },
  ]);
}

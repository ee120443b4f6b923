// The meaning of operators that only move elements: their `source`, followed element by element.
import { evaluateScalar, evaluateTest } from '../scalar/evaluate.ts';
import { operand, type Scalar } from '../scalar/expression.ts';
import { sizeOf, type Shape, type Tensor, type TensorType } from '../tensor/types.ts';
import type { SourceElement } from './define.ts';

/** Names of the axes of a result in the expressions of a source: i0, i1, … */
export const axisNames = (rank: number): string[] => Array.from({ length: rank }, (_, axis) => `i${axis}`);

/** Elements of `x` as `source` arranges them in a result of type `out`. */
export function rearranged(
  x: Tensor,
  out: TensorType,
  source: (at: readonly Scalar[]) => SourceElement,
): Float32Array {
  const names = axisNames(out.shape.length);
  const { at, conditions = [], otherwise = 0 } = source(names.map(operand));
  const strides = stridesOf(x.type.shape);
  const result = new Float32Array(sizeOf(out.shape));
  const place = new Map<string, number>();
  const value = (name: string) => place.get(name)!;
  for (let i = 0; i < result.length; i++) {
    let rest = i;
    for (let axis = names.length - 1; axis >= 0; axis--) {
      place.set(names[axis]!, rest % out.shape[axis]!);
      rest = Math.floor(rest / out.shape[axis]!);
    }
    const isInside = conditions.every((test) => evaluateTest(test, value));
    const index = () => at.reduce((sum, e, axis) => sum + evaluateScalar(e, value) * strides[axis]!, 0);
    result[i] = isInside ? x.data[index()]! : otherwise;
  }
  return result;
}

/** Elements from one position to the next, along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Element type of a tensor. */
export type DType = 'f32';

/** Sizes, outermost first. Activations are channels-last with the batch in front: N, H, W, C or N, L, C. */
export type Shape = readonly number[];

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A tensor in memory: row-major, without gaps. */
export interface Tensor {
  readonly type: TensorType;
  readonly data: Float32Array;
}

export const f32 = (...shape: number[]): TensorType => ({ dtype: 'f32', shape });

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

export const sameType = (a: TensorType, b: TensorType): boolean =>
  a.dtype === b.dtype && sameShape(a.shape, b.shape);

/** `224×224×3`: one item of the batch, as people write it; values that have a batch alone show that. */
export const showItem = ({ shape }: TensorType): string =>
  shape.length === 1 ? `batch=${shape[0]}` : shape.slice(1).join('×');

/** `f32[1,224,224,3]`: as the text form of the graph writes it. */
export const showType = ({ dtype, shape }: TensorType): string => `${dtype}[${shape.join(',')}]`;

/** How many scores one item has, where it is a list of them; else how many channels. */
export function classesOf({ shape }: TensorType): number {
  const long = shape.slice(1).filter((size) => size !== 1);
  return long.length === 1 ? long[0]! : shape.at(-1)!;
}

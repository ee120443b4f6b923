import type { TensorSpec } from './program.ts';

/** Whether an output is a list, as that of a classifier: all of its axes but one have one element. */
export const isList = ({ shape }: Pick<TensorSpec, 'shape'>): boolean =>
  shape.length === 1 || shape.filter((size) => size !== 1).length === 1;

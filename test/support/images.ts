import type { ImageSpec } from '../../runtime/index.ts';

/** A picture as it is: nothing is scaled, cut or taken away. */
export const AS_IT_IS: ImageSpec = {
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  order: 'rgb',
  resize: 0,
  crop: 0,
  fit: 'stretch',
};

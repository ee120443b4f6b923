import type { Node } from '../ir/graph.ts';
import { spatialOf } from '../tensor/window.ts';
import type { Place, Rebuilding } from './rebuilding.ts';

/**
 * Scores for the crops that lie wholly in the input. A map may have more positions at its end, where the
 * trained network left out pixels, or would see more of its padding than in training.
 */
export function fullCrops({ node, stride, rate }: Place, { size, trained, make }: Rebuilding): Node {
  const surplus = spatialOf(node.type.shape).map((length, axis) => {
    const step = stride[axis]! / rate[axis]!;
    return length - (Math.floor((size[axis]! - trained[axis]!) / step) + 1);
  });
  if (surplus.every((amount) => amount <= 0)) return node;
  const amounts = [...surplus.map(() => 0), ...surplus.map((amount) => Math.max(0, amount))];
  return make(
    { op: 'crop', operands: { x: node }, attrs: { amounts }, epilogue: [] },
    { name: `${node.name}.crops`, origins: node.origins },
  );
}

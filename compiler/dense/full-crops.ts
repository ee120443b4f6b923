import type { Node } from '../ir/graph.ts';
import { defaultAttrs } from '../ir/semantics.ts';
import { spatialOf } from '../tensor/window.ts';
import { positionsPerGrain } from './grain.ts';
import type { Place, Rebuilding } from './rebuilding.ts';

/**
 * Scores for the crops that lie wholly in the input. A map may have more positions at its end, where the
 * trained network left out pixels, or would see more of its padding than in training; and more in between,
 * where it was enlarged.
 */
export function fullCrops(place: Place, at: Rebuilding): Node {
  const node = everyGrain(place, at);
  const surplus = spatialOf(node.type.shape).map(
    (length, axis) => length - (Math.floor((at.size[axis]! - at.trained[axis]!) / place.grain[axis]!) + 1),
  );
  if (surplus.every((amount) => amount <= 0)) return node;
  const amounts = [...surplus.map(() => 0), ...surplus.map((amount) => Math.max(0, amount))];
  return at.make(
    { op: 'crop', operands: { x: node }, attrs: { amounts }, epilogue: [] },
    { name: `${place.node.name}.crops`, origins: node.origins },
  );
}

/** One position in so many, by windows of one position. */
function everyGrain(place: Place, at: Rebuilding): Node {
  const stride = positionsPerGrain(place);
  if (stride.every((step) => step === 1)) return place.node;
  const ones = stride.map(() => 1);
  const zeros = [...stride, ...stride].map(() => 0);
  const attrs = { ...defaultAttrs('pool'), kernel: ones, stride, pad: zeros, dilation: ones };
  return at.make(
    { op: 'pool', operands: { x: place.node }, attrs, epilogue: [] },
    { name: `${place.node.name}.grains`, origins: place.node.origins },
  );
}

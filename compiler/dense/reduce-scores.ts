import type { Node } from '../ir/graph.ts';
import { defaultAttrs } from '../ir/semantics.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import type { Rebuilding } from './rebuilding.ts';

/** The mean or maximum over all positions, where that is wanted. */
export function reduceScores(scores: Node, { dense, make }: Pick<Rebuilding, 'dense' | 'make'>): Node {
  if (dense === undefined || dense === 'map') return scores;
  const kernel = spatialOf(scores.type.shape);
  const zeros = [...kernel, ...kernel].map(() => 0);
  const attrs = {
    ...defaultAttrs('pool'),
    mode: dense === 'average' ? 'avg' : 'max',
    kernel,
    stride: kernel,
    pad: zeros,
    dilation: kernel.map(() => 1),
  } as const;
  const from = { name: `${scores.name}.${dense}`, origins: scores.origins };
  const pooled = make({ op: 'pool', operands: { x: scores }, attrs, epilogue: [] }, from);
  return make(
    {
      op: 'reshape',
      operands: { x: pooled },
      attrs: { shape: [channelsOf(pooled.type.shape)], batch: 0 },
      epilogue: [],
    },
    { name: `${scores.name}.scores`, origins: scores.origins },
  );
}

// conv  ⇒  conv, to be computed as the user asked: by loops (direct) or as a matrix product (im2col).
import { rebuild } from '../ir/rebuild.ts';
import type { OpAttrs } from '../ops/index.ts';
import type { Pass } from './pass.ts';

export const lowerConvolutions = (lowering: OpAttrs<'conv'>['lowering']): Pass => ({
  name: 'lower-convolutions',
  doc: 'Has convolutions computed as compile --conv says; by hand, as matrix products (im2col).',
  numeric: 'reassociates',
  run: (graph) =>
    rebuild(graph, (node) =>
      node.op === 'conv' && node.attrs.lowering !== lowering
        ? { ...node, attrs: { ...node.attrs, lowering } }
        : node,
    ),
});

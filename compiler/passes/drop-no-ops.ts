// x → dropout  ⇒  x
//
// What only training needs does nothing at inference.
import { rebuild } from '../ir/rebuild.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';

export const dropNoOps: Pass = {
  name: 'drop-no-ops',
  doc: 'Drops what only training needs: DROPOUT.',
  numeric: 'exact',
  run(graph) {
    const without = rebuild(graph, (node) =>
      node.op === 'dropout' && node.epilogue.length === 0 ? node.operands.x : node,
    );
    return without === graph ? graph : tidy(without);
  },
};

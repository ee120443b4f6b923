// Nodes that no output needs are dropped. Inputs stay: they are the network's signature.
import { dropDead } from '../ir/graph.ts';
import type { Pass } from './pass.ts';

export const eliminateDeadCode: Pass = {
  name: 'eliminate-dead-code',
  doc: 'Drops what no output needs.',
  numeric: 'exact',
  run: dropDead,
};

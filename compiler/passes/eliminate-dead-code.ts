// Nodes that no output needs are dropped. Inputs stay: they are the network's signature.
import { inputsOf, type Node } from '../ir/graph.ts';
import type { Pass } from './pass.ts';

export const eliminateDeadCode: Pass = {
  name: 'eliminate-dead-code',
  numeric: 'exact',
  run(graph) {
    const needed = new Set<Node>(graph.outputs.map(({ node }) => node));
    for (const node of graph.nodes.toReversed()) {
      if (needed.has(node)) for (const input of inputsOf(node)) needed.add(input);
    }
    const nodes = graph.nodes.filter((node) => needed.has(node) || node.op === 'input');
    return nodes.length === graph.nodes.length ? graph : { ...graph, nodes };
  },
};

// What a rewrite leaves behind is cleared away: nodes that nobody reads go, and of two nodes with one
// name the later one gets another.
import { dropDead, inputsOf, isOp, type Graph, type Node } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { NameAllocator } from '../support/names.ts';

export const tidy = (graph: Graph): Graph => tellApart(dropDead(graph));

function tellApart(graph: Graph): Graph {
  const values = new NameAllocator();
  const weights = new NameAllocator();
  return rebuild(graph, (node) => {
    const name = (node.op === 'constant' ? weights : values).take(node.name);
    return name === node.name ? node : { ...node, name };
  });
}

/**
 * Names of the values that exactly one node reads, and that are no outputs: they may be folded into it.
 * Dead readers do not count.
 */
export function readOnce(graph: Graph): ReadonlySet<string> {
  const { nodes } = dropDead(graph);
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  const readers = new Map<Node, number>();
  for (const node of nodes)
    inputsOf(node).forEach((input, i, inputs) => {
      if (inputs.indexOf(input) === i) readers.set(input, (readers.get(input) ?? 0) + 1);
    });
  return new Set(
    nodes
      .filter((node) => isOp(node) && readers.get(node) === 1 && !outputs.has(node))
      .map((node) => node.name),
  );
}

import { inputsOf, isConstant, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { baseOf } from './views.ts';

/** From when to when a value must keep its memory: steps, both included; −1 is before the first. */
export interface Life {
  readonly node: Node;
  readonly first: number;
  readonly last: number;
}

/** Lives of all values in the arena: inputs and results of steps, not weights. Outputs live to the end. */
export function liveness(graph: Graph, steps: readonly OpNode[]): Life[] {
  const first = new Map<Node, number>(graph.inputs.map(({ node }) => [node, -1]));
  const last = new Map<Node, number>(first);
  for (const [step, node] of steps.entries()) {
    first.set(node, step);
    last.set(node, step);
    for (const input of inputsOf(node)) if (!isConstant(baseOf(input))) last.set(baseOf(input), step);
  }
  for (const { node } of graph.outputs) last.set(baseOf(node), steps.length);
  return [...first].map(([node, begin]) => ({ node, first: begin, last: last.get(node)! }));
}

import { inputsOf, isOp, type Graph, type Node } from './graph.ts';
import { mapInputs } from './semantics.ts';

/**
 * The graph with each node replaced by what `replace` gives for it. `replace` sees a node whose operands
 * are already replaced; giving it back keeps it. Untouched nodes stay the same objects, and a graph in
 * which nothing changed is given back as it was. New nodes that a replacement reads, such as weights, are
 * put in front of it.
 */
export function rebuild(graph: Graph, replace: (node: Node) => Node): Graph {
  /** Those that changed, and what they became. */
  const replaced = new Map<Node, Node>();
  /** From the first change on. */
  let nodes: Set<Node> | undefined;
  for (const [i, node] of graph.nodes.entries()) {
    const result = replace(withOperands(node, replaced));
    if (result === node) {
      nodes?.add(node);
      continue;
    }
    nodes ??= new Set(graph.nodes.slice(0, i));
    replaced.set(node, result);
    for (const each of newcomers(result, nodes)) nodes.add(each);
  }
  if (!nodes) return graph;
  const now = <N extends Node>(node: N): N => (replaced.get(node) ?? node) as N; // inputs stay inputs
  return {
    ...graph,
    nodes: [...nodes],
    inputs: graph.inputs.map((input) => ({ ...input, node: now(input.node) })),
    outputs: graph.outputs.map((output) => ({ ...output, node: now(output.node) })),
  };
}

/** The node and all that it reads, as far as it is not `known`, operands first. */
function newcomers(node: Node, known: ReadonlySet<Node>): Iterable<Node> {
  if (inputsOf(node).every((input) => known.has(input))) return [node];
  const found: Node[] = [];
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (known.has(next)) continue;
    found.push(next);
    waiting.push(...inputsOf(next));
  }
  // A node found again later stands before all of its readers.
  return new Set(found.toReversed());
}

/** The node reading `replaced` operands; itself when none of them changed. */
export function withOperands(node: Node, replaced: ReadonlyMap<Node, Node>): Node {
  if (replaced.size === 0 || !isOp(node) || !isChanged(node, replaced)) return node;
  const now = (operand: Node): Node => replaced.get(operand) ?? operand;
  return mapInputs(node, now);
}

const isChanged = (node: Node, replaced: ReadonlyMap<Node, Node>): boolean =>
  inputsOf(node).some((input) => (replaced.get(input) ?? input) !== input);

import { invariant } from '../support/assert.ts';
import { sizeOf, type Tensor } from '../tensor/types.ts';
import type { Graph, Node } from './graph.ts';
import { evaluateNode } from './semantics.ts';

/**
 * Runs a graph by the operators' own definitions: slow, and what everything else is compared with.
 * `inputs` are by name; every constant must have data. Gives all outputs by name.
 */
export function interpret(
  graph: Graph,
  inputs: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  const values = interpretAll(graph, inputs);
  return Object.fromEntries(graph.outputs.map(({ name, node }) => [name, values.get(node)!.data]));
}

/** The same, giving the value of every node. */
export function interpretAll(
  graph: Graph,
  inputs: Readonly<Record<string, Float32Array>>,
): ReadonlyMap<Node, Tensor> {
  const values = new Map<Node, Tensor>();
  const given = new Map<Node, Float32Array | undefined>(
    graph.inputs.map(({ name, node }) => [node, inputs[name]]),
  );
  for (const node of graph.nodes) values.set(node, valueOf(node));
  return values;

  function valueOf(node: Node): Tensor {
    switch (node.op) {
      case 'input': {
        const data = given.get(node);
        invariant(data?.length === sizeOf(node.type.shape), `input ${node.name} has its length`);
        return { type: node.type, data };
      }
      case 'constant':
        invariant(node.data, `constant ${node.name} has data`);
        return { type: node.type, data: node.data };
      default:
        return evaluateNode(node, (operand) => values.get(operand)!);
    }
  }
}

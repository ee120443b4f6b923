// The nodes of an ONNX graph in the order in which they can be computed.
import { refuse } from '../support/refusal.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';
import { argument, quoted } from '../support/quoted.ts';

/** How messages name a node. */
export const nodeTitle = ({ op, name, outputs }: OnnxNode): string =>
  `${op === '' ? 'a node' : argument(op)} ${quoted(name || outputs[0] || '')}`;

/** Nodes that outputs need, operands before their users. Files should be so, and mostly are. Throws a `Refusal` (E090). */
export function sorted(graph: OnnxGraph): OnnxNode[] {
  const makers = new Map<string, OnnxNode>();
  for (const node of graph.nodes)
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output)) refuse('E090', `two nodes give ${quoted(output)}`);
      makers.set(output, node);
    }
  const done = new Set<OnnxNode>();
  const open = new Set<OnnxNode>();
  const order: OnnxNode[] = [];
  const stack: OnnxNode[] = [];
  for (const { name } of graph.outputs) {
    const maker = makers.get(name);
    if (maker) stack.push(maker);
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (done.has(node)) {
        stack.pop();
        continue;
      }
      if (open.has(node)) {
        open.delete(node);
        done.add(node);
        order.push(node);
        stack.pop();
        continue;
      }
      open.add(node);
      for (const input of reads(node)) {
        const before = makers.get(input);
        if (!before || done.has(before)) continue;
        if (open.has(before)) refuse('E090', `${nodeTitle(before)} depends on itself`);
        stack.push(before);
      }
    }
  }
  return order;
}

/** What a node reads, and what its branches read from around them. */
const reads = ({ inputs, attributes }: OnnxNode): string[] => [
  ...inputs.filter((name) => name !== ''),
  ...[...attributes.values()].flatMap((each) => (each.kind === 'graph' ? readsAround(each.value) : [])),
];

function readsAround({ nodes, outputs }: OnnxGraph): string[] {
  const inside = new Set(nodes.flatMap((node) => node.outputs));
  const names = [...nodes.flatMap(reads), ...outputs.map(({ name }) => name)];
  return names.filter((name) => !inside.has(name));
}

// relu(x)              ⇒  x    where x ≥ 0 already: after relu, softmax, a pool of either, …
// relu6(x)             ⇒  x    where 0 ≤ x ≤ 6
// relu6(x)             ⇒  relu6 of what relu was applied to
// pool 1×1, stride 1   ⇒  x    without padding
// concat(x)            ⇒  x
// pad or crop by 0     ⇒  x;   resize to its own size, reshape to its own shape: likewise
// reshape(reshape(x))  ⇒  reshape(x)
import { isOp, type Node } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { sameType } from '../tensor/types.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';
import { ANY, valueRange, type Range } from './value-range.ts';

export const simplify: Pass = {
  name: 'simplify',
  doc: 'Algebraic identities: activations that change nothing, windows of one element.',
  numeric: 'exact',
  run(graph) {
    // By name, for the nodes are others when their users are looked at; weights have no range.
    const ranges = new Map([...valueRange(graph)].map(([node, range]) => [node.name, range] as const));
    const simplified = rebuild(graph, (node) =>
      isOp(node) && node.epilogue.length === 0
        ? simpler(node, (operand) => (isOp(operand) && ranges.get(operand.name)) || ANY)
        : node,
    );
    return simplified === graph ? graph : tidy(simplified);
  },
};

/** What the node equals; itself when nothing simpler is known. */
function simpler(node: Node, rangeOf: (operand: Node) => Range): Node {
  switch (node.op) {
    case 'relu':
      return rangeOf(node.operands.x).low >= 0 ? node.operands.x : node;
    case 'relu6': {
      const { x } = node.operands;
      const { low, high } = rangeOf(x);
      if (low >= 0 && high <= 6) return x;
      return x.op === 'relu' && x.epilogue.length === 0 ? { ...node, operands: { x: x.operands.x } } : node;
    }
    case 'pool': {
      const { kernel, stride, pad } = node.attrs;
      const isWhole = [...kernel, ...stride].every((size) => size === 1) && pad.every((p) => p === 0);
      return isWhole ? node.operands.x : node;
    }
    case 'concat':
      return node.operands.x.length === 1 ? node.operands.x[0]! : node;
    case 'pad':
    case 'crop':
      return node.attrs.amounts.every((amount) => amount === 0) ? node.operands.x : node;
    case 'resize':
      return sameType(node.type, node.operands.x.type) ? node.operands.x : node;
    case 'reshape': {
      const { x } = node.operands;
      if (sameType(node.type, x.type)) return x;
      return x.op === 'reshape' && x.epilogue.length === 0 ? { ...node, operands: x.operands } : node;
    }
    default:
      return node;
  }
}

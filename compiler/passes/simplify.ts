// relu(x)              ⇒  x    where x ≥ 0 already: after relu, softmax, a pool of either, …
// relu6(x)             ⇒  x    where 0 ≤ x ≤ 6
// relu6(x)             ⇒  relu6 of what relu was applied to
// pool 1×1, stride 1   ⇒  x    without padding
// concat(x)            ⇒  x
// pad or crop by 0     ⇒  x;   resize to its own size, reshape to its own shape: likewise
// reshape(reshape(x))  ⇒  reshape(x)
// fc(flatten(x as C, H, W))  ⇒  fc(x), which flattens in that order itself: how ONNX has a classifier's head
import { isOp, type Node, type OpNode } from '../ir/graph.ts';
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
      if (x.op !== 'reshape' || x.epilogue.length > 0) return node;
      const [items] = node.type.shape;
      const batch = items === x.operands.x.type.shape[0] ? 0 : items!;
      return { ...node, operands: x.operands, attrs: { ...node.attrs, batch } };
    }
    case 'fc':
      return readingMap(node);
    default:
      return node;
  }
}

/** A fully connected layer that reads a map, not the row that the map was flattened to. */
function readingMap(node: OpNode<'fc'>): Node {
  const row = node.operands.x;
  if (!isOp(row) || row.op !== 'reshape' || row.epilogue.length > 0) return node;
  const map = row.operands.x;
  if (!isOp(map) || map.op !== 'transpose' || map.epilogue.length > 0) return node;
  const { perm } = map.attrs;
  const isChannelsFirst =
    perm.length > 2 && perm.length < 5 && perm.every((axis, i) => axis === firstOf(i, perm.length));
  const isWhole = row.type.shape.length === 2 && row.type.shape[0] === map.type.shape[0];
  return isChannelsFirst && isWhole ? { ...node, operands: { ...node.operands, x: map.operands.x } } : node;
}

/** The axis of N, spatial axes, C that stands at place i of N, C, spatial axes. */
const firstOf = (i: number, rank: number): number => (i === 0 ? 0 : i === 1 ? rank - 1 : i - 1);

import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';

/** Bounds of all elements of a value. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const ANY: Range = { low: -Infinity, high: Infinity };

/** What is known of the elements of each operator's result, from activations on. */
export function valueRange(graph: Graph): ReadonlyMap<Node, Range> {
  const ranges = new Map<Node, Range>();
  for (const node of graph.nodes) if (isOp(node)) ranges.set(node, rangeOf(node, ranges));
  return ranges;
}

function rangeOf(node: OpNode, ranges: ReadonlyMap<Node, Range>): Range {
  if (node.epilogue.length > 0) return ANY;
  const [x = ANY] = inputsOf(node).map((input) => ranges.get(input) ?? ANY);
  switch (node.op) {
    case 'relu':
      return clamp(x, 0, Infinity);
    case 'relu6':
      return clamp(x, 0, 6);
    case 'sigmoid':
    case 'softmax':
      return { low: 0, high: 1 };
    case 'tanh':
      return { low: -1, high: 1 };
    case 'dropout':
    case 'crop':
    case 'reshape':
    case 'resize':
      return x;
    case 'concat':
      return inputsOf(node)
        .map((input) => ranges.get(input) ?? ANY)
        .reduce(hull);
    case 'pad':
      return node.attrs.mode === 'zero' ? hull(x, { low: node.attrs.value, high: node.attrs.value }) : x;
    case 'pool':
      return node.attrs.countPad ? hull(x, { low: 0, high: 0 }) : x;
    default:
      return ANY;
  }
}

const clamp = ({ low, high }: Range, least: number, most: number): Range => ({
  low: Math.min(Math.max(low, least), most),
  high: Math.max(Math.min(high, most), least),
});

const hull = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});

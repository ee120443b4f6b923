import { isConstant, isOp, inputsOf, type Graph, type Node, type Origin } from './ir/graph.ts';
import { macsOf } from './ir/semantics.ts';
import { sizeOf } from './tensor/types.ts';

/** One layer: one use of an operator in the program. */
export interface LayerSummary {
  /** Its path: `layer1.0.conv1`. */
  readonly name: string;
  /** The word of the language: `CONV`. */
  readonly op: string;
  /** Sizes of its result, without the batch: height, width, channels. */
  readonly output: readonly number[];
  /** Learned numbers; running statistics are not counted. */
  readonly params: number;
  /** Multiply-accumulates for one item. */
  readonly macs: number;
}

export interface Summary {
  readonly layers: readonly LayerSummary[];
  readonly params: number;
  readonly macs: number;
}

/** Shapes and costs, layer by layer, of a graph as the program says it (before any pass). */
export function summarizeGraph(graph: Graph): Summary {
  const layers = new Map<Origin, { last: Node; weights: Set<Node>; macs: number }>();
  const counted = new Set<Node>();
  for (const node of graph.nodes) {
    if (!isOp(node)) continue;
    const origin = node.origins[0]!;
    const layer = layers.get(origin) ?? { last: node, weights: new Set<Node>(), macs: 0 };
    layers.set(origin, layer);
    layer.last = node;
    layer.macs += macsOf(node);
    for (const input of inputsOf(node)) {
      if (!isConstant(input) || input.isStatistic || counted.has(input)) continue;
      counted.add(input);
      layer.weights.add(input);
    }
  }
  const rows = [...layers].map(([{ path, keyword }, { last, weights, macs }]) => ({
    name: path,
    op: keyword,
    output: last.type.shape.slice(1),
    params: sum([...weights].map(({ type }) => sizeOf(type.shape))),
    macs,
  }));
  return {
    layers: rows,
    params: sum(rows.map(({ params }) => params)),
    macs: sum(rows.map(({ macs }) => macs)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

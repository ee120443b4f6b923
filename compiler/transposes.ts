// Where data still moves between layouts after all passes: an ONNX model is channels-first, the graph is not.
import { isOp, type Graph, type Node, type OpNode } from './ir/graph.ts';

export interface Transpose {
  /** The layer that needs it: a node of the model, an input or an output. */
  readonly layer: string;
  readonly operator: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly why: string;
}

/** The transposes of an optimised graph, and why each remains. */
export const remainingTransposes = (graph: Graph): Transpose[] =>
  graph.nodes.flatMap((node) => (isOp(node) && node.op === 'transpose' ? [describe(node)] : []));

function describe(node: OpNode<'transpose'>): Transpose {
  const { path, keyword } = node.origins[0]!;
  const { x } = node.operands;
  return {
    layer: path,
    operator: keyword,
    from: x.type.shape,
    to: node.type.shape,
    why: reason(x, keyword),
  };
}

function reason(x: Node, reader: string): string {
  if (reader === 'Output') return 'the output keeps the layout of the model';
  const base = isOp(x) && x.op === 'reshape' ? x.operands.x : x;
  if (base.op === 'input') return 'the input keeps the layout of the model';
  if (reader === 'Reshape' || reader === 'Flatten') return 'it joins axes that lie apart';
  return `${reader} reads another order of axes than was made`;
}

// conv → a ─┐                      conv → channels 0…15 of y
//           ├ concat → y      ⇒
// pool → b ─┘                      pool → channels 16…23 of y
//
// A concatenation needs no step where each operand is made by one of its own, for nobody else: that step
// stores straight into its channels of every pixel. What an epilogue reads element by element lies
// otherwise than such a slice, so a step that does so makes none.
import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { epilogueRead } from '../ir/epilogue-operand.ts';
import { operatorOf } from '../ir/semantics.ts';
import { channelsOf } from '../tensor/window.ts';

/** A value that lies among the channels of another. */
export interface Slice {
  readonly of: OpNode<'concat'>;
  /** The channel at which it begins. */
  readonly first: number;
}

/** Slices by the nodes that make them: all operands of a concatenation, or none. */
export function slices(graph: Graph): ReadonlyMap<Node, Slice> {
  const reads = readsOf(graph);
  const found = new Map<Node, Slice>();
  for (const node of graph.nodes) {
    if (node.op !== 'concat' || node.epilogue.length > 0) continue;
    const { x } = node.operands;
    if (!x.every((operand) => reads.get(operand) === 1 && canMakeSlice(operand))) continue;
    let first = 0;
    for (const operand of x) {
      found.set(operand, { of: node, first });
      first += channelsOf(operand.type.shape);
    }
  }
  return found;
}

/** Made by a step of its own that stores one element after the other. */
const canMakeSlice = (node: Node): boolean =>
  isOp(node) &&
  node.op !== 'concat' &&
  operatorOf(node.op).kind !== 'view' &&
  node.epilogue
    .flatMap((step) => Object.values(step.operands))
    .every((operand) => epilogueRead(operand.type, node.type) !== 'element');

/** How many times each value is read; to be an output counts too. */
function readsOf(graph: Graph): ReadonlyMap<Node, number> {
  const reads = new Map<Node, number>();
  const read = (node: Node) => reads.set(node, (reads.get(node) ?? 0) + 1);
  graph.nodes.flatMap(inputsOf).forEach(read);
  graph.outputs.forEach(({ node }) => read(node));
  return reads;
}

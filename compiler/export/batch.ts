// Whether an exported model may take several items at once: the graph computes one, and exported operators are
// written for any number, but not where an operator looks at the batch itself.
import { inputsOf, isOp, type Graph, type GraphInput, type Node, type OpNode } from '../ir/graph.ts';
import type { Shape } from '../tensor/types.ts';

/** What a graph does with its batch. */
export interface Batch {
  /** Values that have one item for each of the batch; none where the batch is one. */
  readonly isOpen: (node: Node) => boolean;
  /** What needs the batch to be one, although an input leaves it open. */
  readonly fixedBy?: Node;
}

/** Programs leave the batch open; models say it. */
const leavesOpen = ({ dims, hasOpenBatch = false }: GraphInput): boolean => !dims || hasOpenBatch;

/** Follows the batch from the inputs that leave it open. */
export function batchOf(graph: Graph): Batch {
  const open = new Set<Node>(graph.inputs.filter(leavesOpen).map(({ node }) => node));
  const isOpen = (node: Node): boolean => open.has(node);
  for (const node of graph.nodes) {
    if (!isOp(node) || !inputsOf(node).some(isOpen)) continue;
    if (needsOne(node, isOpen)) return { isOpen: () => false, fixedBy: node };
    open.add(node);
  }
  const flat = graph.outputs.find(({ node, dims }) => dims && isOpen(node) && !hasBatch(dims));
  return flat ? { isOpen: () => false, fixedBy: flat.node } : { isOpen };
}

/** Whether the first axis may be that of the batch. */
export const hasBatch = (shape: Shape): boolean => shape.length > 1 && shape[0] === 1;

/** Whether an operator would mean something else, or nothing, for several items. */
function needsOne(node: OpNode, isOpen: (node: Node) => boolean): boolean {
  if (node.type.shape[0] !== 1) return true;
  switch (node.op) {
    case 'reshape':
      return node.attrs.batch !== 0;
    case 'transpose':
      return node.attrs.perm[0] !== 0;
    case 'reduce':
    case 'slice':
      return node.attrs.axes.includes(0);
    case 'arg':
      return node.attrs.axis === 0;
    case 'gather':
      return node.attrs.axis === 0 || isOpen(node.operands.indices);
    case 'extend':
      return node.attrs.before[0] !== 0 || node.attrs.after[0] !== 0;
    case 'tile':
      return node.attrs.repeats[0] !== 1;
    // What stands beside has one item only, and is not stretched.
    case 'concat':
      return !node.operands.x.every(isOpen);
    // The rows of a second matrix are no items.
    case 'matmul':
      return node.type.shape.length === 2 && isOpen(node.operands.b);
    case 'conv':
    case 'deconv':
    case 'fc':
      return isOpen(node.operands.weight);
    default:
      return false;
  }
}

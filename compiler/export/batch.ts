// Whether an exported model may take several items at once: the graph computes one, and exported operators are
// written for any number, but not where an operator looks at the batch itself. Items lie behind each other along the
// first axis; a reshape may give each several places there, which then count on from one item to the next.
import { inputsOf, isOp, type Graph, type GraphInput, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import type { Shape } from '../tensor/types.ts';

/** What a graph does with its batch. */
export interface Batch {
  /** Values whose first axis is as often as long as there are items; none where the batch is one. */
  readonly isOpen: (node: Node) => boolean;
  /** What needs the batch to be one, although an input leaves it open. */
  readonly fixedBy?: Node;
}

/** Programs leave the batch open; models say it. */
const leavesOpen = ({ node, dims, hasOpenBatch = false }: GraphInput): boolean =>
  hasBatch(node.type.shape) && (dims ? hasOpenBatch && hasBatch(dims) : true);

/** Follows the batch from the inputs that leave it open. */
export function batchOf(graph: Graph): Batch {
  const open = new Set<Node>(graph.inputs.filter(leavesOpen).map(({ node }) => node));
  const isOpen = (node: Node): boolean => open.has(node);
  for (const node of graph.nodes) {
    if (!isOp(node) || !inputsOf(node).some(isOpen)) continue;
    if (needsOne(node, isOpen)) return { isOpen: () => false, fixedBy: node };
    open.add(node);
  }
  // A number without axes is that of one item.
  const flat = graph.outputs.find(({ node, dims }) => dims?.length === 0 && isOpen(node));
  return flat ? { isOpen: () => false, fixedBy: flat.node } : { isOpen };
}

/** A shape for any number of items: `N×4`, `3*N×4` where each has three places. */
export const ofAnyBatch = ([places, ...item]: Shape): (number | string)[] => [
  places === 1 ? 'N' : `${places}*N`,
  ...item,
];

/** Whether the first axis may be that of the batch. */
const hasBatch = (shape: Shape): boolean => shape.length > 1 && shape[0] === 1;

/** Whether an operator would mean something else, or nothing, for several items. */
function needsOne(node: OpNode, isOpen: (node: Node) => boolean): boolean {
  const operands = inputsOf(node);
  const [places, ...others] = operands.filter(isOpen).map(({ type }) => type.shape[0]!);
  if (others.some((other) => other !== places)) return true;
  if (node.op === 'reshape') return false;
  // An item has as many rows of a table as it asks for.
  if (node.op === 'gather' && node.attrs.axis === 0) return isOpen(node.operands.x);
  const { shape } = node.type;
  if (shape[0] !== places) return true;
  const { kind } = operatorOf(node.op);
  if (kind === 'scalar' || kind === 'view')
    return !operands.every((each) => stretchesToAll(each, shape.length, isOpen(each)));
  return shape.length < 2 || looksAtBatch(node, isOpen);
}

/** Whether an operand of a result with `rank` axes has numbers for each place, or one for all of them. */
function stretchesToAll({ type: { shape } }: Node, rank: number, isOpen: boolean): boolean {
  if (isOpen) return shape.length === rank;
  return shape.length < rank || shape[0] === 1;
}

/** Whether an operator takes one item for another, or a value beside them that has one item only and is not stretched. */
function looksAtBatch(node: OpNode, isOpen: (node: Node) => boolean): boolean {
  const operands = inputsOf(node);
  switch (node.op) {
    case 'transpose':
      return node.attrs.perm[0] !== 0;
    case 'reduce':
    case 'slice':
      return node.attrs.axes.includes(0);
    case 'arg':
    case 'top_k':
      return node.attrs.axis === 0;
    case 'gather':
      return isOpen(node.operands.indices);
    case 'extend':
      return node.attrs.before[0] !== 0 || node.attrs.after[0] !== 0;
    case 'tile':
      return node.attrs.repeats[0] !== 1;
    case 'expand':
      return node.attrs.shape[0] !== 1;
    case 'concat':
    case 'scatter':
    case 'grid_sample':
      return !operands.every(isOpen);
    // The rows of a second matrix are no items.
    case 'matmul':
      return node.type.shape.length === 2
        ? isOpen(node.operands.b)
        : !operands.every((each) => stretchesToAll(each, node.type.shape.length, isOpen(each)));
    case 'conv':
    case 'deconv':
    case 'fc':
      return !operands.every((each) => each === node.operands.x || !isOpen(each)) || !isOpen(node.operands.x);
    default:
      return false;
  }
}

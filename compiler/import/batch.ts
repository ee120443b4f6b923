// A batch that a model leaves open is computed item by item. That is right where the model treats its items apart,
// as networks for inference do. Whether it does shows when it is imported for several items: where an operator
// reduces, slices or turns the axis that counts items, it looks at several at once. That import is an outline: sizes
// are followed through all arithmetic on shapes, and the numbers of weights, which take the time, are left out.
import { isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';

/** The first node that looks at several items of a batch, in a graph that was made for `items` of them. */
export function mixesItems(graph: Graph, items: number): OpNode | undefined {
  const batched = new Set<Node>(graph.inputs.map(({ node }) => node));
  for (const node of graph.nodes) {
    if (!isOp(node)) continue;
    const operands = Object.values<Node | readonly Node[] | undefined>(node.operands).flat();
    const own = operands.filter((operand): operand is Node => operand !== undefined && batched.has(operand));
    if (own.length === 0) continue;
    batched.add(node);
    // The same elements in the same order: items still follow each other.
    if (operatorOf(node.op).kind === 'view') continue;
    const axis = axisOfItems(node, items);
    if (axis === undefined || own.some((operand) => axisOfItems(operand, items) !== axis)) return node;
    if (looksAlong(node, axis)) return node;
  }
  return undefined;
}

/** The axis that has items, or parts of them, behind each other: the first that is longer than 1. */
function axisOfItems({ type: { shape } }: Node, items: number): number | undefined {
  const axis = shape.findIndex((size) => size !== 1);
  return axis >= 0 && axis < shape.length - 1 && shape[axis]! % items === 0 ? axis : undefined;
}

/** Whether an operator makes one element of several along an axis that is not the last, or moves them. */
function looksAlong(node: OpNode, axis: number): boolean {
  switch (node.op) {
    case 'transpose':
      return node.attrs.perm[axis] !== axis;
    case 'reduce':
    case 'slice':
      return node.attrs.axes.includes(axis);
    case 'arg':
    case 'gather':
      return node.attrs.axis === axis;
    case 'extend':
      return node.attrs.before[axis] !== 0 || node.attrs.after[axis] !== 0;
    case 'tile':
      return node.attrs.repeats[axis] !== 1;
    case 'conv':
      // A product with weights is a convolution of one element.
      return axis !== 0 && node.operands.weight.type.shape.slice(2).some((size) => size !== 1);
    case 'concat':
    case 'softmax':
      return false;
    default:
      return axis !== 0 && operatorOf(node.op).kind !== 'scalar';
  }
}

// A batch that a model leaves open is computed item by item. That is right where the model treats its items apart,
// as networks for inference do. Whether it does shows when it is imported for several items: where an operator
// reduces or slices the axis that counts items, or is given numbers that differ from one to the next, it looks at
// several at once. That import is an outline: sizes are followed through all arithmetic on shapes, and the numbers of
// weights, which take the time, are left out.
import { inputsOf, isConstant, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { sizeOf, type Shape } from '../tensor/types.ts';

/** The first node that looks at several items of a batch, in a graph that was made for `items` of them. */
export function mixesItems(graph: Graph, items: number): OpNode | undefined {
  /** The axis along which items, or parts of them, lie behind each other; undefined where they are scattered. */
  const axes = new Map<Node, number | undefined>(
    graph.inputs.map(({ node }) => [node, first(node.type.shape)]),
  );
  for (const node of graph.nodes) {
    if (!isOp(node)) continue;
    const own = inputsOf(node).filter((operand) => axes.has(operand));
    if (own.length === 0) continue;
    const [axis, ...others] = own.map((operand) => axes.get(operand));
    const { shape } = own[0]!.type;
    if (operatorOf(node.op).kind === 'view' || picksElements(node)) {
      axes.set(
        node,
        axis === undefined ? undefined : sameAxis(shape, axis, { shape: node.type.shape, items }),
      );
      continue;
    }
    if (axis === undefined || others.some((other) => other !== axis)) return node;
    const after = node.op === 'transpose' ? node.attrs.perm.indexOf(axis) : axis;
    if (node.type.shape[after] !== shape[axis] || looksAlong(node, axis, own)) return node;
    if (inputsOf(node).some((operand) => differsByItem(operand, node, { axis, items }))) return node;
    axes.set(node, after);
  }
  // A batch that is not in front comes out in another order than items one by one.
  return graph.outputs
    .map(({ node }) => node)
    .find((node): node is OpNode => {
      const axis = axes.get(node);
      return (
        isOp(node) && axes.has(node) && (axis === undefined || sizeOf(node.type.shape.slice(0, axis)) > 1)
      );
    });
}

/** The first node of one item's graph that is given other numbers than that of several items. */
export function countsItems(one: Graph, several: Graph): OpNode | undefined {
  const [of, others] = [one, several].map(({ nodes }) =>
    nodes.filter((node): node is OpNode => isOp(node) && node.op !== 'reshape'),
  ) as [OpNode[], OpNode[]];
  if (of.map(({ op }) => op).join() !== others.map(({ op }) => op).join()) return undefined;
  return of.find((node, i) => {
    const operands = inputsOf(others[i]!);
    return inputsOf(node).some((operand, k) => differs(operand, operands[k]));
  });
}

/** The first node of one item's graph that makes several of it. */
export function stretchesItem(graph: Graph): OpNode | undefined {
  const own = new Set<Node>(graph.inputs.map(({ node }) => node));
  for (const node of graph.nodes) {
    if (!isOp(node)) continue;
    const operands = inputsOf(node).filter((operand) => own.has(operand));
    if (operands.length > 0) own.add(node);
    const isOne = operands.length > 0 && operands.every(({ type }) => type.shape[0] === 1);
    if (isOne && operatorOf(node.op).kind === 'scalar' && node.type.shape[0]! > 1) return node;
  }
  return undefined;
}

function differs(a: Node, b: Node | undefined): boolean {
  if (!b || !isConstant(a) || !isConstant(b) || a.type.shape.join() !== b.type.shape.join()) return false;
  return a.data?.some((value, i) => !Object.is(value, b.data?.[i])) ?? false;
}

/** TopK picks from all elements in a row, each item from its own. */
const picksElements = (node: OpNode): boolean => node.op !== 'top_k' && node.origins[0]?.keyword === 'TopK';

/** The first axis that is longer than 1. */
const first = (shape: Shape): number | undefined => {
  const axis = shape.findIndex((size) => size !== 1);
  return axis < 0 ? undefined : axis;
};

/** Where the same elements in the same order have their items under another shape. */
function sameAxis(
  before: Shape,
  axis: number,
  after: { readonly shape: Shape; readonly items: number },
): number | undefined {
  const outer = sizeOf(before.slice(0, axis));
  const found = after.shape.findIndex(
    (size, each) => size !== 1 && sizeOf(after.shape.slice(0, each)) === outer,
  );
  return found >= 0 && after.shape[found]! % after.items === 0 ? found : undefined;
}

/** Whether a constant that an operator stretches over items has other numbers for some of them. */
function differsByItem(
  operand: Node,
  node: OpNode,
  { axis, items }: { readonly axis: number; readonly items: number },
): boolean {
  if (!isConstant(operand) || !operand.data || operatorOf(node.op).kind !== 'scalar') return false;
  const { shape } = operand.type;
  const own = axis - node.type.shape.length + shape.length;
  if (!(own >= 0 && shape[own]! > 1)) return false;
  const length = sizeOf(shape.slice(own)) / items;
  const row = length * items;
  return operand.data.some((value, i) => !Object.is(value, operand.data![i - (i % row) + (i % length)]));
}

/** Whether an operator makes one element of several along an axis. */
function looksAlong(node: OpNode, axis: number, own: readonly Node[]): boolean {
  const rank = node.type.shape.length;
  const isLast = axis === rank - 1;
  switch (node.op) {
    case 'transpose':
    case 'dropout':
    case 'expand':
      return false;
    case 'reduce':
    case 'slice':
      return node.attrs.axes.includes(axis);
    case 'arg':
    case 'gather':
    case 'top_k':
      return node.attrs.axis === axis;
    case 'extend':
      return node.attrs.before[axis] !== 0 || node.attrs.after[axis] !== 0;
    case 'tile':
      return node.attrs.repeats[axis] !== 1;
    case 'conv':
      // A product with weights is a convolution of one element.
      return isLast || (axis !== 0 && node.operands.weight.type.shape.slice(2).some((size) => size !== 1));
    case 'concat':
    case 'softmax':
      return isLast;
    case 'matmul':
      return isLast || (axis === rank - 2 && own.includes(node.operands.b));
    default:
      return (axis !== 0 || isLast) && operatorOf(node.op).kind !== 'scalar';
  }
}

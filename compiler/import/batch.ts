// A batch that a model leaves open is computed item by item. That is right where the model treats its items apart,
// as networks for inference do. Whether it does shows when it is imported for several items: where an operator
// reduces or slices the axis that counts items, or is given numbers that differ from one to the next, it looks at
// several at once. That import is an outline: sizes are followed through all arithmetic on shapes, and the numbers of
// weights, which take the time, are left out.
//
// Where items lie is known for every value: elements count [before, items, behind], whatever axes its shape makes of
// them. A view changes nothing about that. Other operators say where the axis that holds the items goes.
import {
  inputsOf,
  isConstant,
  isOp,
  type Graph,
  type GraphInput,
  type Node,
  type OpNode,
} from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { sizeOf, type Shape } from '../tensor/types.ts';

/** The first node that looks at several items of a batch, in a graph that was made for `items` of them in some inputs. */
export function mixesItems(
  graph: Graph,
  items: number,
  isOpen: (input: GraphInput) => boolean,
): OpNode | undefined {
  const known = new Map<Node, Items>(
    graph.inputs.filter(isOpen).map(({ node }) => [node, { before: 1, step: 0 }]),
  );
  for (const node of graph.nodes) {
    if (!isOp(node) || !inputsOf(node).some((operand) => known.has(operand))) continue;
    const own = itemsOf(node, known, items);
    if (!own) return node;
    known.set(node, own);
  }
  // A batch that is not in front comes out in another order than items one by one, and positions count on.
  return graph.outputs
    .map(({ node }) => node)
    .filter(isOp)
    .find((node) => {
      const own = known.get(node);
      return own && (own.before > 1 || own.step !== 0);
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

/** How the elements of a value belong to items. */
interface Items {
  /** Elements count [before, items, behind]. */
  readonly before: number;
  /** What is added to an item's numbers for each item in front of it: positions among the elements of all. */
  readonly step: number;
}

/** The axis that holds the items: it counts [parts, items, whatever is left]. */
interface Place {
  readonly axis: number;
  readonly parts: number;
}

/** Where items are in the result; undefined where an operator looks at several of them. */
function itemsOf(node: OpNode, known: ReadonlyMap<Node, Items>, items: number): Items | undefined {
  if (node.op === 'gather' && known.has(node.operands.indices)) return itemsOfPicked(node, known, items);
  const operands = inputsOf(node).filter((operand) => known.has(operand));
  const places = operands.map((operand) => known.get(operand)!);
  const [before, ...others] = operands.map((operand, i) =>
    beforeAfter(node, operand, { before: places[i]!.before, items }),
  );
  if (before === undefined || others.some((other) => other !== before)) return undefined;
  const beside = inputsOf(node)
    .filter((operand) => !known.has(operand))
    .map((operand) => stepOf(operand, node, { before, items }));
  const steps = [...places.map(({ step }) => step), ...beside];
  const step = node.op === 'add' ? steps.reduce<number | undefined>(plus, 0) : steps[0];
  if (step === undefined) return undefined;
  if (steps.every((each) => each === 0)) return { before, step };
  return node.op === 'add' || MOVING.has(node.op) ? { before, step } : undefined;
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** Operators whose result has numbers of its operand and no others. */
const MOVING: ReadonlySet<OpNode['op']> = new Set([
  'reshape',
  'dropout',
  'transpose',
  'expand',
  'slice',
  'tile',
]);

/** Slices that each item asks for by itself: of a table, or of its own part of an axis. */
function itemsOfPicked(
  node: OpNode<'gather'>,
  known: ReadonlyMap<Node, Items>,
  items: number,
): Items | undefined {
  const { x, indices } = node.operands;
  const { axis } = node.attrs;
  const [from, asked] = [known.get(x), known.get(indices)!];
  const before = sizeOf(x.type.shape.slice(0, axis));
  const ownPart = from ? x.type.shape[axis]! / items : 0;
  if (asked.step !== ownPart) return undefined;
  if (from && (from.before !== before || from.step !== 0)) return undefined;
  return { before: before * asked.before, step: 0 };
}

/** The elements before an item's in the result, of those in one operand; undefined where items meet. */
function beforeAfter(
  node: OpNode,
  operand: Node,
  { before, items }: { readonly before: number; readonly items: number },
): number | undefined {
  const { shape } = operand.type;
  const to = node.type.shape;
  const { kind } = operatorOf(node.op);
  if (kind === 'view' || (kind === 'scalar' && sizeOf(shape) === sizeOf(to))) return before;
  const place = placeOf(shape, { before, items });
  if (!place || (kind !== 'scalar' && looksAlong(node, operand, place.axis))) return undefined;
  const after =
    node.op === 'transpose' ? node.attrs.perm.indexOf(place.axis) : place.axis + to.length - shape.length;
  return to[after] === shape[place.axis] ? sizeOf(to.slice(0, after)) * place.parts : undefined;
}

/** The axis that holds the items; undefined where they go across axes. */
function placeOf(
  shape: Shape,
  { before, items }: { readonly before: number; readonly items: number },
): Place | undefined {
  let outer = 1;
  for (const [axis, size] of shape.entries()) {
    if (outer * size > before) {
      const parts = before / outer;
      return Number.isInteger(parts) && size % (parts * items) === 0 ? { axis, parts } : undefined;
    }
    outer *= size;
  }
  return undefined;
}

/** Whether numbers of an operand stand beside those of the result at the same places along an axis. */
function linesUp({ op, type }: OpNode, axis: number): boolean {
  // Rows of the one matrix meet columns of the other.
  if (op === 'matmul') return axis < type.shape.length - 2;
  return operatorOf(op).kind === 'scalar' || op === 'concat' || op === 'scatter' || op === 'grid_sample';
}

/**
 * What a constant adds for each item that it is stretched over, 0 where it is the same for all; undefined where its
 * numbers differ in other ways.
 */
function stepOf(
  operand: Node,
  node: OpNode,
  { before, items }: { readonly before: number; readonly items: number },
): number | undefined {
  const { shape } = operand.type;
  if (sizeOf(shape) === 1) return 0;
  const place = placeOf(node.type.shape, { before, items });
  if (!place) return undefined;
  const axis = place.axis - node.type.shape.length + shape.length;
  if (!(linesUp(node, place.axis) && axis >= 0 && shape[axis]! > 1)) return 0;
  // An input whose batch is fixed may hold anything.
  if (!isConstant(operand)) return undefined;
  const { data } = operand;
  if (!data) return 0;
  const length = sizeOf(shape.slice(axis)) / place.parts / items;
  const step = data[length]! - data[0]!;
  const isSteady = data.every((value, i) => {
    const item = Math.floor(i / length) % items;
    return item === 0 || Object.is(value, data[i - length]! + step);
  });
  return isSteady ? step : undefined;
}

/** Whether an operator makes one element of several along an axis of an operand, or tells its positions apart. */
function looksAlong(node: OpNode, operand: Node, axis: number): boolean {
  const rank = operand.type.shape.length;
  const isLast = axis === rank - 1;
  const spatial = axis - 1;
  switch (node.op) {
    case 'transpose':
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
    case 'concat':
    case 'softmax':
    case 'lrn':
      return isLast;
    // Rows of the first matrix and columns of the second are by themselves.
    case 'matmul':
      return operand === node.operands.a ? isLast : axis === rank - 2;
    case 'conv':
      // A product with weights is a convolution of one element.
      return (
        operand !== node.operands.x ||
        isLast ||
        (axis !== 0 && node.operands.weight.type.shape[spatial + 2] !== 1)
      );
    case 'pool':
      return axis !== 0 && !isLast && node.attrs.kernel[spatial] !== 1;
    default:
      return axis !== 0;
  }
}

import { inputsOf, isConstant, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { range } from '../support/numbers.ts';
import { sameShape } from '../tensor/types.ts';

/**
 * For each axis of a value whose elements are those of an input, each by itself and in whatever layout, the axis of
 * the input that it is: callers may give C×H×W where the network wants H×W×C. Undefined for other values.
 */
export function inputAxesOf(
  node: Node,
  known: ReadonlyMap<Node, readonly number[]>,
): readonly number[] | undefined {
  if (node.op === 'input') return node.type.shape.map((_, axis) => axis);
  if (isConstant(node)) return undefined;
  const moved = movedAxes(node);
  if (moved) {
    const axes = known.get(moved.from);
    return axes && moved.axes.map((axis) => axes[axis]!);
  }
  if (operatorOf(node.op).kind !== 'scalar') return undefined;
  const operands = inputsOf(node).filter((operand) => !isConstant(operand));
  const [first, ...others] = operands.map((operand) =>
    sameShape(operand.type.shape, node.type.shape) ? known.get(operand) : undefined,
  );
  return others.every((axes) => axes?.join() === first?.join()) ? first : undefined;
}

/** Where a node only gives its operand's axes another order: for each of its axes, that of the operand. */
export function movedAxes(
  node: OpNode,
): { readonly from: Node; readonly axes: readonly number[] } | undefined {
  if (node.op === 'transpose') return { from: node.operands.x, axes: node.attrs.perm };
  if (node.op !== 'reshape') return undefined;
  const from = node.operands.x;
  const [before, after] = [from.type.shape, node.type.shape];
  const [long, wide] = [before, after].map((shape) =>
    range(shape.length).filter((axis) => shape[axis] !== 1),
  );
  const isSame =
    before.length === after.length &&
    sameShape(
      long!.map((axis) => before[axis]!),
      wide!.map((axis) => after[axis]!),
    );
  if (!isSame) return undefined;
  // Axes of one element move for free, which is a reshape.
  const single = range(before.length).filter((axis) => before[axis] === 1);
  const [nextLong, nextSingle] = [long!.values(), single.values()];
  return { from, axes: after.map((size) => (size === 1 ? nextSingle : nextLong).next().value!) };
}

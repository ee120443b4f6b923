import type { Node, OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { spatialOf } from '../tensor/window.ts';

/**
 * What a position of a result sees of an operand along an axis: the position of the same number, or the only one;
 * all of them; or nobody knows which, because they are chosen by data or lie elsewhere in another shape.
 */
export type Reading = 'own' | 'whole' | 'unknown';

/** Positions of a value along a spatial axis; a vector has one. */
export const positionsOf = (node: Node, axis: number): number => spatialOf(node.type.shape)[axis] ?? 1;

/** How an operator that slides no window along an axis reads one of its operands. */
export function readingOf(node: OpNode, operand: Node, axis: number): Reading {
  if (!isSpatial(node, axis) && !isSpatial(operand, axis)) return 'own';
  if (operatorOf(node.op).kind === 'scalar') return 'own';
  /** Whether an axis of the operator is this one, and no axis of channels. */
  const isAlong = (axes: readonly number[]): boolean => axes.includes(axis + 1) && isSpatial(operand, axis);
  switch (node.op) {
    case 'concat':
    case 'dropout':
    case 'expand':
    case 'lrn':
    case 'scatter': // of vectors
    case 'slice': // along other axes
    case 'softmax':
      return 'own';
    case 'fc':
      return 'whole';
    case 'reduce':
      return isAlong(node.attrs.axes) ? 'whole' : 'own';
    case 'arg':
    case 'top_k':
      return isAlong([node.attrs.axis]) ? 'whole' : 'own';
    case 'matmul':
      return operand === node.operands.b && isRow(node, axis) ? 'whole' : 'own';
    case 'gather':
      return operand === node.operands.x && !isAlong([node.attrs.axis]) ? 'own' : 'unknown';
    case 'tile':
      return node.attrs.repeats[axis + 1] === 1 ? 'own' : elsewhere(node, operand, axis);
    case 'reshape':
      return keepsPlaces(node, operand, axis) ? 'own' : elsewhere(node, operand, axis);
    case 'transpose':
      return node.attrs.perm[axis + 1] === axis + 1 && isSpatial(node, axis)
        ? 'own'
        : elsewhere(node, operand, axis);
    default:
      return 'unknown';
  }
}

/** Whether a value has this spatial axis; a vector has none. */
export const isSpatial = ({ type }: Node, axis: number): boolean => axis < type.shape.length - 2;

/** Rows of a product are those of its first operand. */
const isRow = ({ type }: Node, axis: number): boolean => axis + 1 === type.shape.length - 2;

/** Whether all axes down to this one are what they were. */
const keepsPlaces = (node: Node, operand: Node, axis: number): boolean =>
  isSpatial(node, axis) &&
  isSpatial(operand, axis) &&
  node.type.shape.slice(0, axis + 2).join() === operand.type.shape.slice(0, axis + 2).join();

/** Positions that lie somewhere else are known only where there is one of them, before or afterwards. */
const elsewhere = (node: Node, operand: Node, axis: number): Reading =>
  positionsOf(node, axis) === 1 || positionsOf(operand, axis) === 1 ? 'whole' : 'unknown';

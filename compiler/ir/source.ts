// Where the elements of a rearrangement come from, as one index into its operand.
import { stridesOf } from '../ops/rearranged.ts';
import { add, lit, mul, type Scalar, type Test } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import type { TensorType } from '../tensor/types.ts';
import type { OpName } from '../ops/index.ts';
import type { Node, OpNode } from './graph.ts';
import { mapOperands, operatorOf } from './semantics.ts';

export interface SourceIndex {
  /** Position of the element among those of the operand. */
  readonly index: Scalar;
  readonly conditions: readonly Test[];
  readonly otherwise: number;
}

/** The source of a node's elements at the position `at`. `strides` of the operand: by default those of a tensor without gaps. */
export function sourceOf(node: OpNode, at: readonly Scalar[], strides?: readonly number[]): SourceIndex {
  const { source } = operatorOf(node.op);
  invariant(source, `${node.op} rearranges`);
  const types = mapOperands<OpName, Node, TensorType>(node.operands, ({ type }) => type);
  const { at: from, conditions = [], otherwise = 0 } = source(at, node.attrs, types);
  const steps = strides ?? stridesOf(operandOf(node).type.shape);
  const terms = from.flatMap((e, axis) => {
    if (isZero(e)) return [];
    return steps[axis] === 1 ? [e] : [mul(e, lit(steps[axis]!))];
  });
  return { index: terms.length > 0 ? terms.reduce(add) : lit(0), conditions, otherwise };
}

/** What is rearranged: an operator of this kind has one operand. */
export const operandOf = (node: OpNode): Node =>
  Object.values(node.operands as Readonly<Record<string, Node>>)[0]!;

const isZero = (e: Scalar): boolean => e.kind === 'literal' && e.value === 0;

// Uses of one operator that are alike: most of 100,000 layers are like the one before, and share what they have of it.
import type { AttrValue, Multiplicity } from '../ops/define.ts';
import type { TensorType } from '../tensor/types.ts';
import type { OpNode } from './graph.ts';
import { operatorOf } from './semantics.ts';

interface Typed {
  readonly type: TensorType;
}
type Operand = Typed | readonly Typed[] | undefined;

/** Whether attributes of two uses of one operator are equal. */
export function sameAttrs(
  a: Readonly<Record<string, AttrValue>>,
  b: Readonly<Record<string, AttrValue>>,
): boolean {
  for (const name in a) if (!sameValue(a[name], b[name])) return false;
  return true;
}

function sameValue(a: AttrValue | undefined, b: AttrValue | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  return a.length === b.length && a.every((number, i) => Object.is(number, b[i]));
}

/** Whether the operands of two uses of an operator, each of them one value, have types that are the same objects. */
export function shareTypes(
  specs: Readonly<Record<string, Multiplicity>>,
  a: Readonly<Record<string, Operand>>,
  b: Readonly<Record<string, Operand>>,
): boolean {
  for (const name in specs) if (specs[name] === 'many' || typeOf(a[name]) !== typeOf(b[name])) return false;
  return true;
}

const typeOf = (operand: Operand): TensorType | undefined =>
  operand && 'type' in operand ? operand.type : undefined;

/** Whether attributes and types of two nodes are the same objects: then what holds for one holds for the other. */
export const isAlike = (a: OpNode, b: OpNode): boolean =>
  a.op === b.op &&
  a.attrs === b.attrs &&
  a.type === b.type &&
  a.epilogue.length === 0 &&
  b.epilogue.length === 0 &&
  shareTypes(operatorOf(a.op).operands, a.operands, b.operands);

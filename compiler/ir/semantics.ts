// The operator table seen from generic code: the one place where the type of a node's attributes and
// operands is matched with its operator's functions.
import type { EpilogueStep, Node, OpNode } from './graph.ts';
import { OPS, type OpAttrs, type OpName, type OpOperands } from '../ops/index.ts';
import type { AttrSpec, AttrValue, Kind, Multiplicity, Pick, SourceElement } from '../ops/define.ts';
import type { OnnxCall } from '../ops/onnx.ts';
import type { TorchCall } from '../ops/torch.ts';
import type { Scalar } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import type { Shape, Tensor, TensorType } from '../tensor/types.ts';

/** What generic code may ask of any operator. */
export interface Operator<K extends OpName = OpName> {
  readonly name: K;
  readonly kind: Kind;
  readonly doc: string;
  readonly operands: Readonly<Record<string, Multiplicity>>;
  readonly attrs: Readonly<Record<string, AttrSpec<AttrValue>>>;
  infer(types: OpOperands<K, TensorType>, attrs: OpAttrs<K>): TensorType;
  evaluate(tensors: OpOperands<K, Tensor>, attrs: OpAttrs<K>, out: TensorType): Float32Array;
  macs?(types: OpOperands<K, TensorType>, attrs: OpAttrs<K>, out: TensorType): number;
  advance?(attrs: OpAttrs<K>, types: OpOperands<K, TensorType>, out: TensorType): number;
  readonly commutative?: true;
  formula?(operands: OpOperands<K, Scalar>, attrs: OpAttrs<K>): Scalar;
  source?(at: readonly Scalar[], attrs: OpAttrs<K>, types: OpOperands<K, TensorType>): SourceElement;
  onnx(
    operands: OpOperands<K, string>,
    attrs: OpAttrs<K>,
    call: OnnxCall<(typeof OPS)[K]['operands']>,
  ): string;
  torch(
    operands: OpOperands<K, string>,
    attrs: OpAttrs<K>,
    call: TorchCall<(typeof OPS)[K]['operands']>,
  ): string;
  sample(pick: Pick): { operands: OpOperands<K, Shape>; attrs: OpAttrs<K> };
}

const TABLE: { readonly [K in OpName]: Operator<K> } = OPS;

/** The definition of an operator, for code that treats all alike. */
export const operatorOf = (name: OpName): Operator =>
  // Method parameters are compared bivariantly; callers pass operands and attributes of a node of this `op`.
  TABLE[name] as Operator;

export const isOpName = (name: string): name is OpName => Object.hasOwn(TABLE, name);

/** All definitions. */
export const OPERATORS: readonly Operator[] = Object.keys(TABLE).filter(isOpName).map(operatorOf);

const DEFAULT_ATTRS = new Map(
  OPERATORS.map(({ name, attrs }) => [name, mapRecord(attrs, (spec) => spec.default)]),
);

/** The attributes of a use that says nothing about them. */
export const defaultAttrs = <K extends OpName>(op: K): OpAttrs<K> =>
  // Each attribute's default is of its type.
  DEFAULT_ATTRS.get(op) as OpAttrs<K>;

/** The node with `f` applied to all that it and its epilogue read, each by its operand's name. */
export const mapInputs = <N extends OpNode>(node: N, f: (input: Node, name: string) => Node): N => ({
  ...node,
  operands: mapOperands<OpName, Node, Node>(node.operands, f),
  epilogue: node.epilogue.map((step) => ({ ...step, operands: mapRecord(step.operands, f) })),
});

/** Applies `f` to every operand, keeping names, absence and multiplicity. */
export function mapOperands<K extends OpName, A, B>(
  operands: OpOperands<K, A>,
  f: (operand: A, name: string) => B,
): OpOperands<K, B> {
  const given: Readonly<Record<string, A | readonly A[] | undefined>> = operands;
  // A copy has all names already, which is faster than to add them one by one.
  const mapped: Record<string, A | B | readonly (A | B)[] | undefined> = { ...given };
  for (const name in given) {
    const operand = given[name];
    if (operand !== undefined)
      mapped[name] = isMany(operand) ? operand.map((each) => f(each, name)) : f(operand, name);
  }
  // Same names and multiplicities as before, by construction.
  return mapped as OpOperands<K, B>;
}

const isMany = <A>(operand: A | readonly A[]): operand is readonly A[] => Array.isArray(operand);

/** The name of the operand that an epilogue step takes from the node it hangs on. */
export const resultOperand = (op: OpName): string => RESULT_OPERANDS.get(op)!;

const RESULT_OPERANDS = new Map(OPERATORS.map(({ name, operands }) => [name, Object.keys(operands)[0]!]));

/** What a node computes: everything of it but its name and its place. */
export type Computation = { [K in OpName]: Omit<OpNode<K>, 'name' | 'origins' | 'type'> }[OpName];

/**
 * Operator, attributes and operands of one use, which types cannot tell apart where the operator is known at run time
 * only; who calls this, or the verifier, has seen to it that they belong together.
 */
export const computationOf = (parts: {
  readonly op: OpName;
  readonly attrs: object;
  readonly operands: object;
  readonly epilogue: readonly EpilogueStep[];
}): Computation => parts as unknown as Computation;

/** Likewise one step of an epilogue; `operands` are those beside the result. */
export const stepOf = (parts: {
  readonly op: OpName;
  readonly attrs: object;
  readonly operands: object;
}): EpilogueStep => parts as unknown as EpilogueStep;

/** A step of an epilogue by itself: its operator over what was computed before it, and the steps that follow. */
export const stepAlone = (
  { op, attrs, operands }: EpilogueStep,
  before: Node,
  epilogue: readonly EpilogueStep[] = [],
): Computation =>
  computationOf({ op, attrs, operands: { [resultOperand(op)]: before, ...operands }, epilogue });

/** The type of a node as its operator, and then its epilogue, infer it. Throws a `Refusal`. */
export function inferType({ op, attrs, operands, epilogue }: Computation): TensorType {
  const own = operatorOf(op).infer(mapOperands<OpName, Node, TensorType>(operands, typeOf), attrs);
  if (epilogue.length === 0) return own;
  return epilogue.reduce((type, step) => {
    const types = { ...mapRecord(step.operands, typeOf), [resultOperand(step.op)]: type };
    return operatorOf(step.op).infer(asOperands(types), step.attrs);
  }, own);
}

/** A node's value by its operator's own definition, then its epilogue's. */
export function evaluateNode(node: OpNode, tensorOf: (operand: Node) => Tensor): Tensor {
  const { op, attrs, operands, epilogue } = node;
  const own = operatorOf(op);
  const types = mapOperands<OpName, Node, TensorType>(operands, typeOf);
  const type = own.infer(types, attrs);
  const tensors = mapOperands<OpName, Node, Tensor>(operands, tensorOf);
  return epilogue.reduce<Tensor>(
    (result, step) => {
      const all = { ...mapRecord(step.operands, tensorOf), [resultOperand(step.op)]: result };
      const stepTypes = mapRecord(all, (each) => each.type);
      const definition = operatorOf(step.op);
      const out = definition.infer(asOperands(stepTypes), step.attrs);
      return { type: out, data: definition.evaluate(asOperands(all), step.attrs, out) };
    },
    { type, data: own.evaluate(tensors, attrs, type) },
  );
}

/** Multiply-accumulates of one evaluation. */
export function macsOf(node: OpNode): number {
  const operator = operatorOf(node.op);
  return operator.macs?.(typesOf(node), node.attrs, node.type) ?? 0;
}

/** Input positions that one step of the result advances along the first spatial axis. */
export function advanceOf(node: OpNode): number {
  const operator = operatorOf(node.op);
  return operator.advance?.(node.attrs, typesOf(node), node.type) ?? 1;
}

const typeOf = (operand: Node): TensorType => operand.type;

const typesOf = ({ operands }: Computation) => mapOperands<OpName, Node, TensorType>(operands, typeOf);

function mapRecord<A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));
}

/** Operands collected by name for an operator known only at run time; the verifier has checked the names. */
const asOperands = <T>(record: Readonly<Record<string, T>>) => record as unknown as OpOperands<OpName, T>;

/** A scalar operator's formula over the operands that a use of it has. */
export function formulaOf(
  op: OpName,
  operands: Readonly<Record<string, Scalar>>,
  attrs: OpNode['attrs'],
): Scalar {
  const { formula } = operatorOf(op);
  invariant(formula, () => `${op} is a scalar operator`);
  return formula(asOperands(operands), attrs);
}

// How an operator of the graph is declared. One file per operator says everything about it: its name,
// operands, attributes, the shape of its result, its meaning in plain loops and its cost. Whatever
// else needs to know (node types, text form, verifier, documentation, property tests on every target,
// the list of kernels still missing) is derived.
import type { OnnxMapping } from './onnx.ts';
import type { TorchMapping } from './torch.ts';
import type { Scalar, Test } from '../scalar/expression.ts';
import type { Shape, Tensor, TensorType } from '../tensor/types.ts';

/** `one` tensor, an `optional` one, or `many`. */
export type Multiplicity = 'one' | 'optional' | 'many';
export type OperandSpecs = Readonly<Record<string, Multiplicity>>;

/** Operands by name: `{ x, weight, bias }`, never `inputs[1]`. */
export type OperandsOf<S extends OperandSpecs, T> = {
  readonly [K in keyof S]: S[K] extends 'many' ? readonly T[] : S[K] extends 'optional' ? T | undefined : T;
};

/** What most operators have: one value, or two. */
export type OneOperand = { readonly x: 'one' };
export type PairOperands = { readonly a: 'one'; readonly b: 'one' };

/** One attribute; its default carries its type, so that `attrs` needs no separate interface. */
export interface AttrSpec<T> {
  readonly default: T;
  readonly doc: string;
  /** The values allowed, for an attribute that is a word. */
  readonly words?: readonly string[];
}
export type AttrSpecs = Readonly<Record<string, AttrSpec<AttrValue>>>;
export type AttrValue = number | boolean | string | readonly number[];
export type AttrsOf<S extends AttrSpecs> = { readonly [K in keyof S]: S[K]['default'] };

/**
 * Which element of its first operand each element of the result shows. Positions are whole numbers, one
 * expression per axis; `floor(div(p, q))` is a division without remainder, of numbers that are not negative.
 */
export type Source<O extends OperandSpecs, A extends AttrSpecs> = (
  at: readonly Scalar[],
  attrs: AttrsOf<A>,
  types: OperandsOf<O, TensorType>,
) => SourceElement;

export interface SourceElement {
  /** A position in the operand. Where a condition fails it is not read, and may lie outside. */
  readonly at: readonly Scalar[];
  /** All must hold; otherwise the element is `otherwise`. */
  readonly conditions?: readonly Test[];
  readonly otherwise?: number;
}

interface Lowering<O extends OperandSpecs, A extends AttrSpecs> {
  readonly scalar: {
    readonly formula: (operands: OperandsOf<O, Scalar>, attrs: AttrsOf<A>) => Scalar;
    /** Its two operands may change places. */
    readonly commutative?: true;
  };
  readonly rearrangement: {
    readonly source: Source<O, A>;
  };
  readonly view: unknown;
  readonly kernel: unknown;
}
/**
 * What distinguishes operators for code generation:
 * - `scalar`: element by element with broadcasting; one `formula` serves all targets, alone or as epilogue;
 * - `rearrangement`: each element of the result is one of the operand's, or a constant; one `source` serves all
 *   targets;
 * - `view`: the same data under another shape, no code;
 * - `kernel`: one kernel per target.
 */
export type Kind = keyof Lowering<OperandSpecs, AttrSpecs>;

/** Random choices for samples, so that every property test draws from the operator's own file. */
export interface Pick {
  /** A whole number, both ends included. */
  int(low: number, high: number): number;
  of<const T>(choices: readonly T[]): T;
}

/** Shapes and attributes of one legal use. */
export interface Sample<O extends OperandSpecs, A extends AttrSpecs> {
  readonly operands: OperandsOf<O, Shape>;
  readonly attrs: AttrsOf<A>;
}

export type OpDefinition<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind> = {
  readonly name: Name;
  readonly kind: K;
  readonly doc: string;
  readonly operands: O;
  readonly attrs: A;
  /** The result's type. Throws a `Refusal` where operands and attributes do not go together. */
  readonly infer: (types: OperandsOf<O, TensorType>, attrs: AttrsOf<A>) => TensorType;
  /** The meaning: naive loops in double precision, obviously right, never optimised. */
  readonly evaluate: (tensors: OperandsOf<O, Tensor>, attrs: AttrsOf<A>, out: TensorType) => Float32Array;
  /** Multiply-accumulates for one evaluation; absent means none worth counting. */
  readonly macs?: (types: OperandsOf<O, TensorType>, attrs: AttrsOf<A>, out: TensorType) => number;
  /**
   * Input positions that one step of the result advances along the first spatial axis; 1 when absent.
   * Below 1 where maps grow.
   */
  readonly advance?: (attrs: AttrsOf<A>, types: OperandsOf<O, TensorType>, out: TensorType) => number;
  /** The same in ONNX. */
  readonly onnx: OnnxMapping<O, A>;
  /** The same in PyTorch. */
  readonly torch: TorchMapping<O, A>;
  /** A random legal use with small shapes. Must vary every attribute. */
  readonly sample: (pick: Pick) => Sample<O, A>;
} & Lowering<O, A>[K];

export function defineOp<
  const Name extends string,
  const O extends OperandSpecs,
  const A extends AttrSpecs,
  K extends Kind,
>(definition: OpDefinition<Name, O, A, K>): OpDefinition<Name, O, A, K> {
  return definition;
}

/** An attribute that is a number, a truth value or a list of numbers. */
export function attr(value: number, doc: string): AttrSpec<number>;
export function attr(value: boolean, doc: string): AttrSpec<boolean>;
export function attr(value: readonly number[], doc: string): AttrSpec<readonly number[]>;
export function attr<T extends AttrValue>(value: T, doc: string): AttrSpec<T> {
  return { default: value, doc };
}

/** An attribute that is one of some words; the first is the default. */
export const word = <const W extends string>(words: readonly [W, ...W[]], doc: string): AttrSpec<W> => ({
  default: words[0],
  doc,
  words,
});

// How a word of the language (CONV, POOL, …) is declared: its arguments, and the graph operators that
// it stands for. A keyword lives in the file of the operator that it is mainly about.
import type { Shape, TensorType } from '../tensor/types.ts';
import type { ArgSpec, ArgSpecs, ArgsOf, Value } from './argument.ts';
import type { AttrSpecs, AttrsOf, Kind, OpDefinition, OperandsOf, OperandSpecs } from './define.ts';

/** How a random weight begins; `he` is He-uniform over its fan-in. */
export type Init = 'he' | 'zero' | 'one' | 'quarter';

/** What a keyword's `build` works with. */
export interface Call {
  /** The value that flows in; for merges the first one. */
  readonly x: Value;
  /** All values that flow in: one, or those that a merge joins. */
  readonly values: readonly Value[];
  /** Product of the strides between the network's input and `x`: 1, 2, 4, … */
  readonly accumulatedStride: number;
  /** No weighted operator lies downstream. */
  readonly isLast: boolean;
  /** The only consumer is an activation, SOFTMAX or BN. */
  readonly isFollowedByActivation: boolean;
  /**
   * The weight `<path>.<name>`, or `<path>` where the name is empty, in PyTorch's layout. Running statistics are not counted as parameters.
   */
  weight(name: string, shape: Shape, init: Init, statistic?: 'statistic'): Value;
  /** A node of the graph; attributes left out take their defaults. Throws a `Refusal` where types clash. */
  emit<Name extends string, O extends OperandSpecs, A extends AttrSpecs, K extends Kind>(
    op: OpDefinition<Name, O, A, K>,
    operands: OperandsOf<O, Value>,
    attrs?: Partial<AttrsOf<A>>,
  ): Value;
  /** Was this argument written on the operator itself, in a `default`, or nowhere? */
  origin(argument: string): 'given' | 'file' | 'default';
  /** Records what a rule decided for an argument, and why: `explain` shows both. */
  decide<T>(argument: string, value: T, reason: string): T;
}

/** What the language's rules need to know of a keyword without building it. */
export interface Traits {
  /** Counts as weighted when rules ask what lies downstream. */
  readonly weighted?: boolean;
  /** An activation, SOFTMAX or BN: the operator before it drops its default activation. */
  readonly activates?: boolean;
  /** ADD, MUL, CONCAT: joins the arms of a branch, or values given as arguments. */
  readonly merges?: boolean;
  /** WEIGHT: makes a value of nothing, at the head of an arm or a chain. */
  readonly starts?: boolean;
}

/** A written value; or one whose argument has no fixed default, and what a rule would decide here. */
export type Said<T> = T | { readonly is: T; readonly unless: T };

/** What a word's arguments are for one node, in the order in which they are written. */
export type SaidArgs<A extends ArgSpecs = ArgSpecs> = {
  readonly [K in keyof A]?: A[K] extends ArgSpec<infer T> ? Said<T> : never;
};

/** The way back: how a word says a node of the graph, for programs that are made of graphs. */
export interface Saying<S> {
  readonly op: string;
  /** Undefined where another word says the node. Throws a `Refusal` where none does. */
  args(attrs: unknown, types: unknown): S | undefined;
  /** Operands that are weights of the layer: the ends of their paths. */
  readonly weights: Readonly<Record<string, string>>;
}

/** A word says the nodes of `op`; its arguments are called like their attributes unless `args` tells otherwise. */
export const says = <
  Name extends string,
  O extends OperandSpecs,
  A extends AttrSpecs,
  K extends Kind,
  S = AttrsOf<A>,
>(
  { name }: OpDefinition<Name, O, A, K>,
  args?: (attrs: AttrsOf<A>, types: OperandsOf<O, TensorType>) => S | undefined,
  weights: { readonly [operand in keyof O]?: string } = {},
): Saying<S> => ({
  op: name,
  args: (attrs: AttrsOf<A>, types: OperandsOf<O, TensorType>) => (args ? args(attrs, types) : (attrs as S)),
  weights: weights as Readonly<Record<string, string>>, // without those left out
});

/** An argument with a number for each axis of an item; values that have a batch alone have none. */
export const perItem = <Name extends string>(
  argument: Name,
  numbers: readonly number[],
): { readonly [name in Name]?: readonly number[] } =>
  numbers.length === 0 ? {} : ({ [argument]: numbers } as { readonly [name in Name]: readonly number[] }); // its one key

/** What is written for each axis of an item, else `standard` for all of them. */
export function ofEachAxis(
  call: Call,
  argument: string,
  { written, standard }: { readonly written: readonly number[] | undefined; readonly standard: number },
): readonly number[] {
  if (written) return written;
  const all = call.x.type.shape.slice(1).map(() => standard);
  return all.length === 0 ? all : call.decide(argument, all, 'nothing is said');
}

export interface Keyword<A extends ArgSpecs = ArgSpecs> extends Traits {
  readonly keyword: string;
  readonly doc: string;
  /** Arguments that may stand without their name, in this order. */
  readonly positional: readonly string[];
  readonly args: A;
  readonly says?: Saying<SaidArgs<A>>;
  build(call: Call, args: ArgsOf<A>): Value;
}

export function defineKeyword<const A extends ArgSpecs>(
  keyword: Keyword<A> & { readonly positional: readonly (keyof A & string)[] },
): Keyword<A> {
  return keyword;
}

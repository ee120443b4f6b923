// A program after expansion: repeats unrolled, blocks inlined, names turned into paths; nothing typed.
// One instance is one use of an operator.
import type { Argument, Call } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import type { Frame } from '../ir/graph.ts';
import type { Keyword } from '../ops/keyword.ts';
import type { Scope } from './scope.ts';

export type Instance = InputInstance | OperatorInstance;

interface Common {
  /** Position among the instances; an instance reads only earlier ones. */
  readonly id: number;
  /** Unique. */
  readonly path: string;
  readonly call: Call;
  /** What the written arguments' names mean. */
  readonly scope: Scope;
  readonly span: Span;
  readonly blocks: readonly Frame[];
}

export interface InputInstance extends Common {
  readonly kind: 'input';
}

export interface OperatorInstance extends Common {
  readonly kind: 'operator';
  readonly keyword: Keyword;
  /** Arguments as written, without the values that a merge joins. */
  readonly args: readonly Argument[];
  readonly inputs: readonly Instance[];
}

/** A value whose diagnostic has been given; whatever depends on it stays silent. */
export const POISON = 'poison';

/** What flows along an arrow: one value, or the arms of a branch on their way to a merge. */
export type Flow = Instance | Arms | typeof POISON;

export interface Arms {
  readonly kind: 'arms';
  readonly values: readonly ArmValue[];
  readonly span: Span;
}

export interface ArmValue {
  readonly value: Instance | typeof POISON;
  readonly span: Span;
}

export interface NamedOutput {
  readonly instance: Instance;
  /** Absent: named by its path. */
  readonly name?: string;
  readonly span: Span;
}

export interface Expansion {
  readonly instances: readonly Instance[];
  readonly outputs: readonly NamedOutput[];
}

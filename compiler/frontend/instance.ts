// A program after expansion: repeats unrolled, blocks inlined, names turned into paths; nothing typed.
// One instance is one use of an operator.
import type { Argument, Branch, Call, Expression, Group, Item } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import type { Frame } from '../ir/graph.ts';
import type { Keyword } from '../ops/keyword.ts';
import type { BlockDeclaration, Bound, Scope } from './scope.ts';

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
  readonly inputs: readonly Source[];
  /** Numbers among the values that a merge joins, each with its place. */
  readonly literals: readonly Literal[];
}

export interface Literal {
  readonly at: number;
  readonly expression: Expression;
}

/** Where an operator reads a value. */
export interface Source {
  readonly instance: Instance;
  /** The arm, the argument, or the place where the value was made. */
  readonly span: Span;
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
  /** The file of its class names. */
  readonly labels?: { readonly text: string; readonly span: Span };
  readonly span: Span;
}

export interface Expansion {
  readonly instances: readonly Instance[];
  readonly outputs: readonly NamedOutput[];
  /** The chains of the program, in order. */
  readonly chains: readonly ChainTree[];
}

/**
 * The syntax tree with every turn of a repeat and every use of a block in its place: how instances lie
 * in the program. Complete only where nothing was wrong.
 */
export interface ChainTree {
  readonly items: readonly ItemTree[];
}

export interface ItemTree {
  readonly item: Item;
  /** The path that a name or a place in a sequence opens. */
  readonly path?: string;
  /** One, or as many as the repeat has. */
  readonly turns: readonly PrimaryTree[];
}

export type PrimaryTree = CallTree | BlockTree | GroupTree | BranchTree;

/** An operator; or SKIP, OUTPUT or a value, which make no instance. */
export interface CallTree {
  readonly kind: 'call';
  readonly call: Call;
  readonly instance?: Instance;
}

export interface BlockTree {
  readonly kind: 'block';
  readonly call: Call;
  readonly declaration: BlockDeclaration;
  readonly parameters: ReadonlyMap<string, Bound>;
  readonly path: string;
  readonly body: ChainTree;
}

export interface GroupTree {
  readonly kind: 'group';
  readonly group: Group;
  readonly chain: ChainTree;
}

export interface BranchTree {
  readonly kind: 'branch';
  readonly branch: Branch;
  readonly arms: readonly ChainTree[];
}

const NOBODY: OperatorInstance[] = [];

/** Who reads each instance, by its `id`. Outputs of the network are not readers. */
export function readersOf(instances: readonly Instance[]): readonly (readonly OperatorInstance[])[] {
  const readers: OperatorInstance[][] = instances.map(() => NOBODY);
  for (const instance of instances)
    if (instance.kind === 'operator')
      for (const { instance: read } of instance.inputs)
        if (readers[read.id] === NOBODY) readers[read.id] = [instance];
        else readers[read.id]!.push(instance);
  return readers;
}

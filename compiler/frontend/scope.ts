// What names mean at a place in the program.
import type { Argument, Block, Expression } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import type { Frame } from '../ir/graph.ts';
import type { Written } from '../ops/argument.ts';
import type { Flow } from './instance.ts';

/** What one file declares. */
export interface FileScope {
  readonly blocks: ReadonlyMap<string, BlockDeclaration>;
  /** By keyword, then by argument. */
  readonly defaults: ReadonlyMap<string, ReadonlyMap<string, Argument>>;
  /** A file that it uses could not be read, so that blocks are missing: that is reported, and no block is. */
  readonly isIncomplete: boolean;
  /** Names that mean nothing, which is reported: who uses one stays silent. */
  readonly meaningless: ReadonlySet<string>;
}

export interface BlockDeclaration {
  readonly block: Block;
  /** A block is expanded with the defaults and blocks of its own file. */
  readonly file: FileScope;
  /** There are two of this name: that is reported, and whoever uses one stays silent. */
  readonly isAmbiguous?: boolean;
}

/** A parameter's value: an expression, and where its names are looked up. */
export interface Bound {
  readonly expression: Expression;
  readonly scope: Scope;
  /** How deep its operators nest, those of the parameters that it names included. */
  readonly depth: number;
  /** Filled in when it is first asked for: what doubles in each of fifty blocks is still worked out once. */
  value?: Written;
}

export interface NamedFlow {
  readonly flow: Flow;
  readonly span: Span;
}

/** Where paths grow: a named group, a block or the program itself. */
export interface PathScope {
  /** `layer1.0`, or empty. */
  readonly prefix: string;
  /** Operators and blocks so far, by lower-case name. */
  readonly counters: Map<string, number>;
  /** Members are numbered by position, as nn.Sequential does. */
  readonly isSequence: boolean;
}

export interface Scope {
  readonly file: FileScope;
  readonly path: PathScope;
  readonly frames: readonly Frame[];
  /** Parameters of the block, and indices of the repeats, around this place. */
  readonly parameters: ReadonlyMap<string, Bound | number>;
  /** Names made here by `as`; most places make none. */
  values?: Map<string, NamedFlow> | undefined;
  /** Of the innermost repeat of this block. */
  readonly turn?: { readonly index: number; readonly of: number };
  /** Around this one, within the same block. */
  readonly outer?: Scope;
}

export const pathScope = (prefix: string, isSequence = false): PathScope => ({
  prefix,
  counters: new Map(),
  isSequence,
});

/** A place inside another one, whose names stay inside: a repeat's body or an arm. */
export const innerScope = (
  outer: Scope,
  changes: Partial<Pick<Scope, 'path' | 'parameters' | 'turn'>> = {},
): Scope => ({
  ...outer,
  ...changes,
  values: undefined,
  outer,
});

/** Gives a value its name here. */
export function nameValue(scope: Scope, name: string, value: NamedFlow): void {
  scope.values ??= new Map();
  scope.values.set(name, value);
}

export function lookUpValue(scope: Scope, name: string): NamedFlow | undefined {
  for (let place: Scope | undefined = scope; place; place = place.outer) {
    const found = place.values?.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Every value that could be meant at this place, for suggestions. */
export function* valuesInScope(scope: Scope): Generator<string> {
  for (let place: Scope | undefined = scope; place; place = place.outer) yield* place.values?.keys() ?? [];
}

export const joinPath = (prefix: string, name: string): string =>
  prefix === '' ? name : `${prefix}.${name}`;

/** Counts one more `base` and gives its number. */
export function countUp({ counters }: PathScope, base: string): number {
  const number = (counters.get(base) ?? 0) + 1;
  counters.set(base, number);
  return number;
}

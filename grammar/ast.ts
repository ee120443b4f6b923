// The syntax tree of a .cnn program: what was written, nothing resolved. Every node has its span.
// `error` nodes stand where the parser recovered; whoever meets one stays silent, for a diagnostic
// about it has been given.
import type { Span } from './source.ts';

export interface Program {
  readonly kind: 'program';
  /** From `cnn 1` on the first line. */
  readonly version?: { readonly value: number; readonly span: Span };
  readonly statements: readonly Statement[];
  /** Names that were given values where that is not possible; it is reported, and who uses one stays silent. */
  readonly meaningless: ReadonlySet<string>;
  /** All comments, in order; the formatter places them by their spans. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Comment {
  /** With its leading `#`, without trailing blanks. */
  readonly text: string;
  readonly span: Span;
}

export type Statement = Use | Default | Block | ChainStatement;

/** `use "blocks.cnn"` */
export interface Use {
  readonly kind: 'use';
  readonly path: StringLiteral;
  readonly span: Span;
}

/** `default CONV(act=none)` */
export interface Default {
  readonly kind: 'default';
  readonly op: Identifier;
  readonly args: readonly Argument[];
  readonly span: Span;
}

/** `block Name(p, q=1) = chain` */
export interface Block {
  readonly kind: 'block';
  readonly name: Identifier;
  readonly params: readonly Parameter[];
  readonly body: Chain;
  readonly span: Span;
}

export interface Parameter {
  readonly name: Identifier;
  readonly default?: Expression;
  readonly span: Span;
}

export interface ChainStatement {
  readonly kind: 'chain-statement';
  readonly chain: Chain;
  readonly span: Span;
}

/** `a -> b -> c` */
export interface Chain {
  readonly kind: 'chain';
  readonly items: readonly Item[];
  readonly span: Span;
}

/** `primary*count with i as name` */
export interface Item {
  readonly kind: 'item';
  readonly primary: Primary;
  readonly repeat?: Repeat;
  readonly as?: Identifier;
  readonly span: Span;
}

export interface Repeat {
  readonly count: Expression;
  /** `with i`: bound to 0, 1, … */
  readonly index?: Identifier;
  readonly span: Span;
}

export type Primary = Call | Group | Branch | ErrorNode;

/** An operator, a block, or (at the head of a chain, without arguments) a value. */
export interface Call {
  readonly kind: 'call';
  readonly name: Identifier;
  /** Absent where no parentheses were written. */
  readonly args?: readonly Argument[];
  readonly span: Span;
}

/** `[chain]` */
export interface Group {
  readonly kind: 'group';
  readonly chain: Chain;
  readonly span: Span;
}

/** `{ chain | chain }` */
export interface Branch {
  readonly kind: 'branch';
  readonly arms: readonly Chain[];
  readonly span: Span;
}

export interface Argument {
  readonly kind: 'argument';
  /** Absent for a positional argument. */
  readonly name?: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

export interface Identifier {
  readonly text: string;
  readonly span: Span;
}

export type Expression =
  NumberLiteral | Dimensions | StringLiteral | Name | Negation | Binary | Tuple | ErrorNode;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** Written with a point or an exponent. */
  readonly isFloat: boolean;
  readonly span: Span;
}

/** `224x224x3`; `?` is null. */
export interface Dimensions {
  readonly kind: 'dimensions';
  readonly sizes: readonly (number | null)[];
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  /** Unescaped. */
  readonly value: string;
  readonly span: Span;
}

/** `relu`, `true`, `f`, `_`, `in.c` */
export interface Name {
  readonly kind: 'name';
  readonly name: Identifier;
  readonly field?: Identifier;
  readonly span: Span;
}

export interface Negation {
  readonly kind: 'negation';
  readonly operand: Expression;
  readonly span: Span;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: '+' | '-' | '*' | '/' | '^';
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `(1, 2)`: at least two elements; `(1)` is just its element, and the parentheses belong to what is around. */
export interface Tuple {
  readonly kind: 'tuple';
  readonly elements: readonly Expression[];
  readonly span: Span;
}

export interface ErrorNode {
  readonly kind: 'error';
  readonly span: Span;
}

import type { BinaryFn, Scalar, Test, UnaryFn } from './expression.ts';

/** How one target spells scalar arithmetic; arguments are complete, parenthesised where needed. */
export interface ScalarSyntax {
  readonly literal: (value: number) => string;
  readonly unary: (fn: UnaryFn, x: string) => string;
  readonly binary: (fn: BinaryFn, x: string, y: string) => string;
  readonly test: (fn: Test['fn'], x: string, y: string) => string;
  readonly select: (test: string, yes: string, no: string) => string;
  /** Declares a name for a value that is used more than once. */
  readonly bind: (name: string, value: string) => string;
}

export interface Printed {
  /** Declarations that must stand before `value`. */
  readonly statements: readonly string[];
  readonly value: string;
}

/**
 * A scalar as text. `operands` gives the text for each operand (a name, or an element access that is
 * cheap to repeat). Parts that the expression shares are computed once, under names made by `fresh`.
 */
export function printScalar(
  root: Scalar,
  operands: (name: string) => string,
  syntax: ScalarSyntax,
  fresh: () => string,
): Printed {
  const uses = countUses(root);
  const bound = new Map<Scalar, string>();
  const statements: string[] = [];

  const print = (e: Scalar): string => {
    const known = bound.get(e);
    if (known !== undefined) return known;
    const text = spell(e);
    if (uses.get(e)! < 2 || e.kind === 'literal' || e.kind === 'operand') return text;
    const name = fresh();
    statements.push(syntax.bind(name, text));
    bound.set(e, name);
    return name;
  };
  const spell = (e: Scalar): string => {
    switch (e.kind) {
      case 'operand':
        return operands(e.name);
      case 'literal':
        return syntax.literal(e.value);
      case 'unary':
        return syntax.unary(e.fn, print(e.x));
      case 'binary':
        return syntax.binary(e.fn, print(e.x), print(e.y));
      case 'select':
        return syntax.select(
          syntax.test(e.test.fn, print(e.test.x), print(e.test.y)),
          print(e.yes),
          print(e.no),
        );
    }
  };
  return { value: print(root), statements };
}

/** A comparison as text. */
export function printTest(
  { fn, x, y }: Test,
  operands: (name: string) => string,
  syntax: ScalarSyntax,
  fresh: () => string,
): Printed {
  const [left, right] = [x, y].map((side) => printScalar(side, operands, syntax, fresh));
  return {
    statements: [...left!.statements, ...right!.statements],
    value: syntax.test(fn, left!.value, right!.value),
  };
}

/** How often each part is used, shared parts being visited once. */
function countUses(root: Scalar): Map<Scalar, number> {
  const uses = new Map<Scalar, number>();
  const visit = (e: Scalar): void => {
    const seen = uses.get(e) ?? 0;
    uses.set(e, seen + 1);
    if (seen === 0) for (const part of partsOf(e)) visit(part);
  };
  visit(root);
  return uses;
}

/** What an expression is made of. */
function partsOf(e: Scalar): readonly Scalar[] {
  switch (e.kind) {
    case 'operand':
    case 'literal':
      return [];
    case 'unary':
      return [e.x];
    case 'binary':
      return [e.x, e.y];
    case 'select':
      return [e.test.x, e.test.y, e.yes, e.no];
  }
}

/** Without the parentheses around the whole, where they enclose the whole. */
export function bare(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const [i, char] of [...text].entries()) {
    if (char === '(') depth++;
    if (char === ')' && --depth === 0 && i < text.length - 1) return text;
  }
  return text.slice(1, -1);
}

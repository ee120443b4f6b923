// CST → AST for the values between parentheses. The grammar reads operands and operators in a row; which
// of them belong together is decided here.
import type { IToken } from 'chevrotain';
import type { Binary, ErrorNode, Expression, Identifier } from './ast.ts';
import { buildList } from './build-list.ts';
import { buildLiteral } from './build-literal.ts';
import type * as cst from './cst.d.ts';
import { first, placeOf } from './cst-pieces.ts';
import { is } from './kinds.ts';
import * as k from './kinds.ts';
import type { Reporter } from './reporter.ts';
import { spanOver, type Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

/** A tree with more than these would overflow the stack of whoever walks it. */
const mostOperators = 500;

const errorAt = (span: Span): ErrorNode => ({ kind: 'error', span });

export const identifier = (token: IToken, reporter: Reporter): Identifier => ({
  text: token.image,
  span: reporter.over(token),
});

/** An expression, or an error node at `otherwise` where the parser found none. */
export function buildExpression(
  node: cst.ExpressionCstNode | undefined,
  otherwise: Span,
  reporter: Reporter,
): Expression {
  const expression = readExpression(node, otherwise, reporter);
  if (operatorsIn(expression) <= mostOperators) return expression;
  reporter.report(say.expressionTooLong(expression.span, mostOperators));
  return errorAt(expression.span);
}

/** Counts without recursion: the tree may be as deep as the file is long. */
function operatorsIn(expression: Expression): number {
  let count = 0;
  const rest = [expression];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (next.kind === 'tuple') rest.push(...next.elements);
    if (next.kind !== 'binary' && next.kind !== 'negation') continue;
    count++;
    if (next.kind === 'binary') rest.push(next.left, next.right);
    else rest.push(next.operand);
  }
  return count;
}

function readExpression(
  node: cst.ExpressionCstNode | undefined,
  otherwise: Span,
  reporter: Reporter,
): Expression {
  if (node === undefined) return errorAt(otherwise);
  const { operand = [], Operator: operators = [] } = node.children;
  const span = placeOf(node, reporter, otherwise);
  // By far the most values are a single number or name.
  if (operators.length === 0) {
    const only = first(operand);
    return only?.children.Minus
      ? placedOperand(only, span, reporter).expression
      : buildOperand(only, span, reporter);
  }
  reportOperators(operators, reporter);
  return new Row(operand, operators, span, reporter).sum();
}

function reportOperators(operators: readonly IToken[], reporter: Reporter): void {
  operators.forEach((operator, at) => {
    const place = (): Span => reporter.over(operator);
    if (operator.tokenType === t.TimesX) reporter.report(say.timesInList(place()));
    // Left to right, as in C, or right to left, as in mathematics: nobody has to know.
    else if (isCaret(operator) && isCaret(operators[at - 1]) && !isCaret(operators[at - 2]))
      reporter.report(say.unexpected(place(), 'put one of the powers in parentheses'));
  });
}

const isCaret = (token: IToken | undefined): boolean => is(token, k.caret);

function operatorOf(token: IToken): Binary['operator'] {
  if (is(token, k.plus)) return '+';
  if (is(token, k.minus)) return '-';
  if (is(token, k.caret)) return '^';
  return is(token, k.slash) ? '/' : '*';
}

/** Operands and the operators between them, taken from left to right. */
class Row {
  readonly #operands: readonly cst.OperandCstNode[];
  readonly #operators: readonly IToken[];
  readonly #span: Span;
  readonly #reporter: Reporter;
  /** Of the operand that comes next, and of the operator after it. */
  #at = 0;

  constructor(
    operands: readonly cst.OperandCstNode[],
    operators: readonly IToken[],
    span: Span,
    reporter: Reporter,
  ) {
    this.#operands = operands;
    this.#operators = operators;
    this.#span = span;
    this.#reporter = reporter;
  }

  sum(): Expression {
    let left = this.#product();
    for (let operator = this.#accept('+', '-'); operator; operator = this.#accept('+', '-'))
      left = binary(operator, left, this.#product());
    return left.expression;
  }

  #product(): Placed {
    let left = this.#power();
    for (let operator = this.#accept('*', '/'); operator; operator = this.#accept('*', '/'))
      left = binary(operator, left, this.#power());
    return left;
  }

  /** `-a^-b` is -(a^(-b)). */
  #power(): Placed {
    const node = this.#operands[this.#at];
    let power = unsigned(this.#next(), this.#span, this.#reporter);
    while (this.#accept('^'))
      power = binary('^', power, placedOperand(this.#next(), this.#span, this.#reporter));
    return negated(node?.children.Minus, power, this.#reporter);
  }

  /** After a recovery there may be none. */
  #next(): cst.OperandCstNode | undefined {
    return this.#operands[this.#at++];
  }

  #accept(...wanted: Binary['operator'][]): Binary['operator'] | undefined {
    const token = this.#operators[this.#at - 1];
    return token && wanted.find((operator) => operator === operatorOf(token));
  }
}

/** An expression, and its place with the parentheses around it. */
interface Placed {
  readonly expression: Expression;
  readonly place: Span;
}

function binary(operator: Binary['operator'], left: Placed, right: Placed): Placed {
  const span = spanOver(left.place, right.place);
  return {
    expression: { kind: 'binary', operator, left: left.expression, right: right.expression, span },
    place: span,
  };
}

const negated = (signs: readonly IToken[] | undefined, operand: Placed, reporter: Reporter): Placed =>
  (signs ?? []).reduceRight<Placed>(({ expression, place }, sign) => {
    const span = spanOver(reporter.over(sign), place);
    return { expression: { kind: 'negation', operand: expression, span }, place: span };
  }, operand);

const placedOperand = (node: cst.OperandCstNode | undefined, otherwise: Span, reporter: Reporter): Placed =>
  negated(node?.children.Minus, unsigned(node, otherwise, reporter), reporter);

function unsigned(node: cst.OperandCstNode | undefined, otherwise: Span, reporter: Reporter): Placed {
  const expression = buildOperand(node, otherwise, reporter);
  return { expression, place: placeOf(first(node?.children.tuple), reporter, expression.span) };
}

/** An operand without its signs. */
function buildOperand(node: cst.OperandCstNode | undefined, otherwise: Span, reporter: Reporter): Expression {
  if (node === undefined) return errorAt(otherwise);
  const literal = first(node.children.Literal);
  if (literal) return buildLiteral(literal, reporter);
  const name = first(node.children.name);
  if (name) return buildName(name, otherwise, reporter);
  const tuple = first(node.children.tuple);
  return tuple ? buildTuple(tuple, otherwise, reporter) : errorAt(otherwise);
}

function buildName(node: cst.NameCstNode, otherwise: Span, reporter: Reporter): Expression {
  const { children } = node;
  const span = placeOf(node, reporter, otherwise);
  const [name, field] = children.Name;
  const dot = first(children.Dot);
  if (name === undefined) return errorAt(span);
  if (dot && field === undefined) reporter.report(say.missingName(reporter.over(name, dot), 'c, h or w'));
  return {
    kind: 'name',
    name: identifier(name, reporter),
    ...(field && { field: identifier(field, reporter) }),
    span,
  };
}

function buildTuple(node: cst.TupleCstNode, otherwise: Span, reporter: Reporter): Expression {
  const { children } = node;
  const span = placeOf(node, reporter, otherwise);
  const elements = buildList<cst.ExpressionCstNode, Expression>(
    {
      elements: children.expression,
      commas: children.Comma,
      strays: children.NotInList,
      closer: first(children.CloseParen),
      build: (node) => readExpression(node, span, reporter),
    },
    reporter,
  );
  const [only] = elements;
  if (only === undefined) {
    // `ReLU()` is no value, whatever stands in its parentheses.
    const isCall = /\w/.test(span.source.text.charAt(span.start - 1));
    if (!isCall && !reporter.hasReportedIn(span)) reporter.report(say.expectedValueIn(span));
    return errorAt(span);
  }
  return elements.length === 1 ? only : { kind: 'tuple', elements, span };
}

// CST → AST for what stands between parentheses: arguments, and the expressions in them.
import { tokenMatcher, type CstNode, type IToken } from 'chevrotain';
import type { Argument, Binary, ErrorNode, Expression, Identifier } from './ast.ts';
import type * as cst from './cst.d.ts';
import { first, inOrder, isToken, placeOf } from './cst-pieces.ts';
import type { Reporter } from './reporter.ts';
import { spanOver, spanText, type Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

/** A tree deeper than this would overflow the stack of whoever walks it. */
const mostOperators = 500;

const errorAt = (span: Span): ErrorNode => ({ kind: 'error', span });

export const identifier = (token: IToken, reporter: Reporter): Identifier => ({
  text: token.image,
  span: reporter.over(token),
});

interface List<Element extends CstNode, Built> {
  readonly elements: readonly Element[] | undefined;
  readonly commas: readonly IToken[] | undefined;
  /** Tokens that do not belong in a list. */
  readonly strays: readonly IToken[] | undefined;
  readonly closer: IToken | undefined;
  readonly build: (element: Element) => Built;
  /** What two elements without a comma mean together, where that is plain. */
  readonly join?: (left: Built, right: Built) => Built | undefined;
}

/** The elements of a list, in order; says what is wrong with its commas, and what does not belong there. */
function buildList<Element extends CstNode, Built extends { readonly span: Span }>(
  list: List<Element, Built>,
  reporter: Reporter,
): Built[] {
  const built: Built[] = [];
  let previous: 'nothing' | 'comma' | 'element' | 'stray' = 'nothing';
  let comma: Span | undefined;
  for (const piece of inOrder<Element | IToken>(list.elements, list.commas, list.strays)) {
    if (!isToken(piece)) {
      const element = list.build(piece);
      const left = previous === 'element' ? built.at(-1) : undefined;
      const joined = left && list.join?.(left, element);
      if (joined) built.pop();
      if (left) {
        const help =
          joined && `write ${spanText(left.span)}=${spanText(element.span)}, or put ',' between them`;
        reporter.report(say.missingComma(element.span, help));
      }
      built.push(joined ?? element);
      previous = 'element';
    } else if (tokenMatcher(piece, t.Comma)) {
      comma = reporter.over(piece);
      if (previous === 'nothing' || previous === 'comma') reporter.report(say.extraComma(comma));
      previous = 'comma';
    } else {
      const isNews = previous !== 'stray' && piece.tokenType !== t.Stray;
      if (isNews) reporter.report(say.unexpected(reporter.over(piece)));
      previous = 'stray';
    }
  }
  // A closer of no width was missing, and that has been said.
  const isClosed = list.closer !== undefined && list.closer.image !== '';
  if (previous === 'comma' && comma && isClosed && built.length > 0)
    reporter.report(say.trailingComma(comma));
  return built;
}

export function buildArguments({ children }: cst.ArgsCstNode, reporter: Reporter): Argument[] {
  const args = buildList<cst.ArgumentCstNode, Argument>(
    {
      elements: children.argument,
      commas: children.Comma,
      strays: children.NotInList,
      closer: first(children.CloseParen),
      build: (node) => buildArgument(node, reporter),
      join: namedByNeighbour,
    },
    reporter,
  );
  const named = args.findIndex(({ name }) => name !== undefined);
  const late = named < 0 ? undefined : args.find(({ name }, at) => at > named && name === undefined);
  if (late) reporter.report(say.positionalAfterNamed(late.span, args[named]!.span));
  return args;
}

/** `stride 2` can only mean `stride=2`. */
function namedByNeighbour(left: Argument, right: Argument): Argument | undefined {
  const isBareName = left.name === undefined && left.value.kind === 'name' && left.value.field === undefined;
  if (!isBareName || right.name !== undefined || left.value.kind !== 'name') return undefined;
  return {
    kind: 'argument',
    name: left.value.name,
    value: right.value,
    span: spanOver(left.span, right.span),
  };
}

function buildArgument(node: cst.ArgumentCstNode, reporter: Reporter): Argument {
  const name = first(node.children.Name);
  const expression = first(node.children.expression);
  const equals = first(node.children.Equals);
  const span = placeOf(node, reporter, reporter.span(0, 0));
  if (name === undefined)
    return { kind: 'argument', value: buildExpression(expression, span, reporter), span };
  if (expression === undefined && equals !== undefined && !node.recoveredNode) {
    reporter.report(say.missingAfter(reporter.over(name, equals), 'a value'));
  }
  return {
    kind: 'argument',
    name: identifier(name, reporter),
    value: buildExpression(expression, span, reporter),
    span,
  };
}

/** An expression, or an error node at `otherwise` where the parser found none. */
export function buildExpression(
  node: cst.ExpressionCstNode | undefined,
  otherwise: Span,
  reporter: Reporter,
): Expression {
  if (node === undefined) return errorAt(otherwise);
  const span = placeOf(node, reporter, otherwise);
  const { term, Plus, Minus } = node.children;
  const operands = (term ?? []).map((operand) => buildTerm(operand, span, reporter));
  return leftToRight(operands, inOrder(Plus, Minus), span, reporter);
}

function buildTerm(node: cst.TermCstNode, otherwise: Span, reporter: Reporter): Expression {
  const span = placeOf(node, reporter, otherwise);
  const { unary, Times, Slash } = node.children;
  for (const times of Times ?? []) {
    if (times.tokenType === t.TimesX) reporter.report(say.timesInList(reporter.over(times)));
  }
  const operands = (unary ?? []).map((operand) => buildUnary(operand, span, reporter));
  return leftToRight(operands, inOrder(Times, Slash), span, reporter);
}

/** a ∘ b ∘ c as (a ∘ b) ∘ c. */
function leftToRight(
  operands: readonly Expression[],
  operators: readonly IToken[],
  span: Span,
  reporter: Reporter,
): Expression {
  if (operators.length > mostOperators) {
    reporter.report(say.expressionTooLong(span, mostOperators));
    return errorAt(span);
  }
  let left = operands[0] ?? errorAt(span);
  operators.forEach((operator, at) => {
    const right = operands[at + 1] ?? errorAt(reporter.over(operator));
    left = binary(operatorOf(operator), left, right);
  });
  return left;
}

const binary = (operator: Binary['operator'], left: Expression, right: Expression): Binary => ({
  kind: 'binary',
  operator,
  left,
  right,
  span: spanOver(left.span, right.span),
});

function operatorOf(token: IToken): Binary['operator'] {
  if (tokenMatcher(token, t.Plus)) return '+';
  if (tokenMatcher(token, t.Minus)) return '-';
  return tokenMatcher(token, t.Slash) ? '/' : '*';
}

function buildUnary(
  { children, location }: cst.UnaryCstNode,
  otherwise: Span,
  reporter: Reporter,
): Expression {
  const power = first(children.power);
  const end = location?.endOffset ?? otherwise.start;
  const operand =
    power === undefined ? errorAt(reporter.span(end, end)) : buildPower(power, otherwise, reporter);
  return negated(children.Minus, operand, reporter);
}

function negated(signs: readonly IToken[] | undefined, operand: Expression, reporter: Reporter): Expression {
  if (signs !== undefined && signs.length > mostOperators) {
    const span = spanOver(reporter.over(signs[0]!), operand.span);
    reporter.report(say.expressionTooLong(span, mostOperators));
    return errorAt(span);
  }
  return (signs ?? []).reduceRight<Expression>(
    (inner, sign) => ({ kind: 'negation', operand: inner, span: spanOver(reporter.over(sign), inner.span) }),
    operand,
  );
}

function buildPower({ children }: cst.PowerCstNode, otherwise: Span, reporter: Reporter): Expression {
  const base = buildAtom(first(children.atom), otherwise, reporter);
  const caret = first(children.Caret);
  if (caret === undefined) return base;
  const exponent = first(children.exponent);
  const place = reporter.over(caret);
  const value = buildAtom(first(exponent?.children.atom), place, reporter);
  return binary('^', base, negated(exponent?.children.Minus, value, reporter));
}

function buildAtom(node: cst.AtomCstNode | undefined, otherwise: Span, reporter: Reporter): Expression {
  const span = placeOf(node, reporter, otherwise);
  if (node === undefined) return errorAt(span);
  const { Integer, Float, Dims, Text, name, tuple } = node.children;
  const number = first(Integer) ?? first(Float);
  if (number) return buildNumber(number, reporter);
  const dims = first(Dims);
  if (dims) return buildDimensions(dims, reporter);
  const text = first(Text);
  if (text) return buildString(text, reporter);
  const named = first(name);
  if (named) return buildName(named, span, reporter);
  const several = first(tuple);
  return several ? buildTuple(several, span, reporter) : errorAt(span);
}

export function buildNumber(token: IToken, reporter: Reporter): Expression {
  const span = reporter.over(token);
  if (token.tokenType === t.WrongNumber) return errorAt(span);
  const value = Number(token.image);
  const isFloat = tokenMatcher(token, t.Float);
  if (isFloat ? !Number.isFinite(value) : !Number.isSafeInteger(value)) {
    reporter.report(say.numberTooLarge(span));
    return errorAt(span);
  }
  return { kind: 'number', value, isFloat, span };
}

function buildDimensions(token: IToken, reporter: Reporter): Expression {
  const span = reporter.over(token);
  const sizes = token.image.split(/[x×]/).map((size) => (size.trim() === '?' ? null : Number(size)));
  if (sizes.some((size) => size !== null && !Number.isSafeInteger(size))) {
    reporter.report(say.numberTooLarge(span));
    return errorAt(span);
  }
  if (/[^\dx×?]/.test(token.image)) reporter.report(say.spacedDims(span));
  return { kind: 'dimensions', sizes, span };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** A string, or an error node for one without its end. */
export function buildString(token: IToken, reporter: Reporter): Expression & { kind: 'string' | 'error' } {
  const span = reporter.over(token);
  if (token.tokenType === t.UnclosedText) return errorAt(span);
  const value = token.image.slice(1, -1).replaceAll(/\\(.)/gs, (_, c: string) => escapes[c] ?? c);
  return { kind: 'string', value, span };
}

function buildName({ children }: cst.NameCstNode, span: Span, reporter: Reporter): Expression {
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

function buildTuple({ children }: cst.TupleCstNode, span: Span, reporter: Reporter): Expression {
  const elements = buildList<cst.ExpressionCstNode, Expression>(
    {
      elements: children.expression,
      commas: children.Comma,
      strays: children.NotInList,
      closer: first(children.CloseParen),
      build: (node) => buildExpression(node, span, reporter),
    },
    reporter,
  );
  const [only] = elements;
  if (only === undefined) {
    if (!reporter.hasReportedIn(span)) reporter.report(say.expectedValueIn(span));
    return errorAt(span);
  }
  return elements.length === 1 ? only : { kind: 'tuple', elements, span };
}

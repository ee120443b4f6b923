// CST → AST for values that are one token.
import type { IToken } from 'chevrotain';
import type { ErrorNode, Expression } from './ast.ts';
import { is } from './kinds.ts';
import * as k from './kinds.ts';
import type { Reporter } from './reporter.ts';
import type { Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

const errorAt = (span: Span): ErrorNode => ({ kind: 'error', span });

export function buildLiteral(token: IToken, reporter: Reporter): Expression {
  if (is(token, k.text)) return buildString(token, reporter);
  return is(token, k.dims) ? buildDimensions(token, reporter) : buildNumber(token, reporter);
}

export function buildNumber(token: IToken, reporter: Reporter): Expression {
  const span = reporter.over(token);
  if (token.tokenType === t.WrongNumber) return errorAt(span);
  const value = Number(token.image);
  const isFloat = is(token, k.float);
  if (isFloat ? !Number.isFinite(value) : !Number.isSafeInteger(value)) {
    reporter.report(say.numberTooLarge(span));
    return errorAt(span);
  }
  return { kind: 'number', value, isFloat, span };
}

function buildDimensions(token: IToken, reporter: Reporter): Expression {
  const span = reporter.over(token);
  if (token.tokenType === t.WrongDims) {
    reporter.report(say.wrongDims(span));
    return errorAt(span);
  }
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
  if (token.tokenType === t.UnquotedFile) return { kind: 'string', value: token.image, span };
  const value = token.image.slice(1, -1).replaceAll(/\\(.)/gs, (_, c: string) => escapes[c] ?? c);
  return { kind: 'string', value, span };
}

// Slips that a token alone does not show, but those around it do: what other languages write.
import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { endOf } from './reporter.ts';
import * as t from './tokens.ts';

/** Operators that, with arguments, begin a chain: they name the values they merge. */
export const merges: ReadonlySet<string> = new Set(
  'ADD SUB MUL DIV MIN MAX POW MOD EQUAL LESS LESS_EQUAL AND OR XOR WHERE BIT_AND BIT_OR BIT_XOR CONCAT GATHER GRID_SAMPLE SCATTER MATMUL'.split(
    ' ',
  ),
);

/** After one of these the statement cannot be over. */
export const unfinished: readonly TokenType[] = [
  t.Arrow,
  t.Equals,
  t.Times,
  t.With,
  t.As,
  t.Comma,
  t.Pipe,
  t.OpenParen,
  t.OpenSquare,
  t.OpenCurly,
  t.Keyword,
];

export function isAny(token: IToken | undefined, types: readonly TokenType[]): boolean {
  if (token === undefined) return false;
  for (const type of types) if (tokenMatcher(token, type)) return true;
  return false;
}

export const is = (token: IToken | undefined, type: TokenType): boolean =>
  token !== undefined && tokenMatcher(token, type);

/** More tokens than parameters of a block take. */
const longestHead = 200;

/** `Down(f) =` at the start of a line: the tokens up to the equals sign of a block whose `block` was forgotten. */
export function headOfBlock(tokens: readonly IToken[], at: number): readonly IToken[] | undefined {
  const [before, name] = [tokens[at - 1], tokens[at]!];
  if (!is(name, t.CamelName)) return undefined;
  if (!mayStart(before, name)) return undefined;
  const end = endOfHead(tokens, at);
  return is(tokens[end], t.Equals) ? tokens.slice(at, end) : undefined;
}

/** Whether a statement can begin with a token: on a line of its own, or behind a semicolon. */
function mayStart(before: IToken | undefined, token: IToken): boolean {
  const isFirst = before === undefined || token.startLine! > before.endLine! || is(before, t.Semicolon);
  return isFirst && !isAny(before, unfinished);
}

/** Where the parameters of a block end that is called by the token at `at`. */
function endOfHead(tokens: readonly IToken[], at: number): number {
  let end = at + 1;
  if (is(tokens[end], t.OpenParen)) {
    while (end < at + longestHead && tokens[end] && !is(tokens[end], t.CloseParen)) end++;
    end++;
  }
  return end;
}

/** What other languages call `block`. */
const foreignBlocks: ReadonlySet<string> = new Set([
  'def',
  'fn',
  'func',
  'function',
  'let',
  'const',
  'define',
]);

/** `def Down(f) =`, and Python's `def Down(f):`: the tokens from the name up to the sign. */
export function foreignHead(tokens: readonly IToken[], at: number): readonly IToken[] | undefined {
  const [word, name] = [tokens[at]!, tokens[at + 1]];
  if (!foreignBlocks.has(word.image) || !is(name, t.CamelName)) return undefined;
  if (!mayStart(tokens[at - 1], word)) return undefined;
  const end = endOfHead(tokens, at + 1);
  return is(tokens[end], t.Equals) ? tokens.slice(at + 1, end) : undefined;
}

/** What else other languages write before a name that they give a value. */
const foreignDefinitions: ReadonlySet<string> = new Set([
  ...foreignBlocks,
  'var',
  'set',
  'param',
  'int',
  'float',
  'number',
]);

/** What an expression is made of. */
const inExpressions: readonly TokenType[] = [
  t.Literal,
  t.Operator,
  t.LowerName,
  t.TimesX,
  t.Comma,
  t.OpenParen,
  t.CloseParen,
];

/** A name that is given a value outside of any block. */
export interface Definition {
  readonly name: IToken;
  readonly last: IToken;
  /** The place of its value among the tokens, and of what follows. */
  readonly value: number;
  readonly next: number;
}

/** `n = 64`, `let n = 2*32`, on a line of its own. */
export function definitionAt(tokens: readonly IToken[], at: number): Definition | undefined {
  const word = tokens[at]!;
  const isPrefixed = isAny(word, [t.Block, t.Default]) || foreignDefinitions.has(word.image);
  const place = isPrefixed && is(tokens[at + 1], t.Name) ? at + 1 : at;
  const [name, sign] = [tokens[place]!, tokens[place + 1]];
  if (!is(name, t.Name) || !is(sign, t.Equals) || !mayStart(tokens[at - 1], word)) return undefined;
  const value = place + 2;
  let next = value;
  while (isAny(tokens[next], inExpressions) && tokens[next]!.startLine === sign!.startLine) next++;
  const isAlone = tokens[next] === undefined || mayStart(tokens[next - 1], tokens[next]!);
  const hasValue = tokens.slice(value, next).some((token) => is(token, t.Literal));
  return (isAlone || is(tokens[next], t.Semicolon)) && hasValue
    ? { name, last: tokens[next - 1]!, value, next }
    : undefined;
}

const itemStarts: readonly TokenType[] = [t.Name, t.OpenSquare, t.OpenCurly];

/** `x = INPUT -> CONV`. */
export const isAssignment = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], t.LowerName) &&
  is(tokens[at + 1], t.Equals) &&
  isAny(tokens[at + 2], itemStarts) &&
  mayStart(tokens[at - 1], tokens[at]!);

/** `3*CONV`, outside parentheses. */
export const isCountBefore = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], t.Integer) &&
  is(tokens[at + 1], t.Times) &&
  isAny(tokens[at + 2], itemStarts) &&
  isAny(tokens[at - 1], [t.Arrow, t.OpenSquare, t.OpenCurly, t.Pipe]);

/** `CONV3x3(`: the operator with the size that it has in its name, as one token. */
export function sizedOperator(tokens: readonly IToken[], at: number): IToken | undefined {
  if (!is(tokens[at], t.UpperName)) return undefined;
  const [name, times, size, opening] = tokens.slice(at, at + 4);
  if (!is(times, t.TimesX) || !is(opening, t.OpenParen)) return undefined;
  const digits = name!.image.search(/\d+$/);
  if (digits <= 0 || endOf(size!) !== opening!.startOffset || endOf(times!) !== size!.startOffset)
    return undefined;
  const { endOffset = 0, endLine = 1, endColumn = 1 } = size!;
  return { ...name!, image: name!.image.slice(0, digits), endOffset, endLine, endColumn };
}

/** `c.0`: the path of a layer where a value stands. */
export const isPathInList = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], t.LowerName) &&
  is(tokens[at + 1], t.Float) &&
  tokens[at + 1]!.startOffset === endOf(tokens[at]!);

// Slips that a token alone does not show, but those around it do: what other languages write.
import type { IToken } from 'chevrotain';
import { is, kind } from './kinds.ts';
import * as k from './kinds.ts';
import { endOf } from './reporter.ts';
import * as t from './tokens.ts';

/** Operators that, with arguments, begin a chain: they name the values they merge. */
export const merges: ReadonlySet<string> = new Set(
  'ADD SUB MUL DIV MIN MAX POW MOD EQUAL LESS LESS_EQUAL AND OR XOR WHERE BIT_AND BIT_OR BIT_XOR CONCAT GATHER GRID_SAMPLE SCATTER MATMUL'.split(
    ' ',
  ),
);

/**
 * Whether a text, on a line of its own, begins a statement. Anything else goes on with the chain or block before it,
 * unless that ends with `;`.
 */
export function beginsStatement(text: string): boolean {
  const word = /^\w*/.exec(text)![0];
  if (/^([a-z_]|(INPUT|WEIGHT)(x\d+)?$)/.test(word)) return true;
  return merges.has(word) && text.slice(word.length).trimStart().startsWith('(');
}

/** After one of these the statement cannot be over. */
export const unfinished = kind(
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
);

/** More tokens than parameters of a block take. */
const longestHead = 200;

/** `Down(f) =` at the start of a line: the tokens up to the equals sign of a block whose `block` was forgotten. */
export function headOfBlock(tokens: readonly IToken[], at: number): readonly IToken[] | undefined {
  const [before, name] = [tokens[at - 1], tokens[at]!];
  if (!is(name, k.camelName)) return undefined;
  if (!mayStart(before, name)) return undefined;
  const end = endOfHead(tokens, at);
  return is(tokens[end], k.equals) ? tokens.slice(at, end) : undefined;
}

/** Whether a statement can begin with a token: on a line of its own, or behind a semicolon. */
function mayStart(before: IToken | undefined, token: IToken): boolean {
  const isFirst = before === undefined || token.startLine! > before.endLine! || is(before, k.semicolon);
  return isFirst && !is(before, unfinished);
}

/** Where the parameters of a block end that is called by the token at `at`. */
function endOfHead(tokens: readonly IToken[], at: number): number {
  let end = at + 1;
  if (is(tokens[end], k.openParen)) {
    while (end < at + longestHead && tokens[end] && !is(tokens[end], k.closeParen)) end++;
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
  if (!is(name, k.camelName) || !foreignBlocks.has(word.image)) return undefined;
  if (!mayStart(tokens[at - 1], word)) return undefined;
  const end = endOfHead(tokens, at + 1);
  return is(tokens[end], k.equals) ? tokens.slice(at + 1, end) : undefined;
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

/** Words that begin statements of other languages. */
const foreignStatements: ReadonlySet<string> = new Set(
  'import from class def for while if elif else return print'.split(' '),
);

/** `import torch`, `for i in range(3):` on a line of their own: where the tokens of the line end. */
export function endOfForeignLine(tokens: readonly IToken[], at: number): number | undefined {
  const [word, next] = [tokens[at]!, tokens[at + 1]];
  if (!is(word, k.lowerName) || !foreignStatements.has(word.image)) return undefined;
  const isValue = next === undefined || next.startLine !== word.startLine || is(next, k.arrow);
  // A line of theirs may end with a colon.
  const before = tokens[at - 1]?.image === ':' ? undefined : tokens[at - 1];
  if (isValue || !mayStart(before, word)) return undefined;
  let end = at + 1;
  while (tokens[end]?.startLine === word.startLine) end++;
  return end;
}

/** What an expression is made of. */
const inExpression = kind(t.Literal, t.Operator, t.LowerName, t.TimesX, t.Comma, t.OpenParen, t.CloseParen);

/** Words of ours that are taken for it. */
const definesHere = kind(t.Block, t.Default);

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
  if (!is(tokens[at + 1], k.equals) && !is(tokens[at + 2], k.equals)) return undefined;
  const isPrefixed = is(word, definesHere) || foreignDefinitions.has(word.image);
  const place = isPrefixed && is(tokens[at + 1], k.name) ? at + 1 : at;
  const [name, sign] = [tokens[place]!, tokens[place + 1]];
  if (!is(name, k.name) || !is(sign, k.equals) || !mayStart(tokens[at - 1], word)) return undefined;
  const value = place + 2;
  let next = value;
  while (is(tokens[next], inExpression) && tokens[next]!.startLine === sign!.startLine) next++;
  const isAlone = tokens[next] === undefined || mayStart(tokens[next - 1], tokens[next]!);
  const hasValue = tokens.slice(value, next).some((token) => is(token, k.literal));
  return (isAlone || is(tokens[next], k.semicolon)) && hasValue
    ? { name, last: tokens[next - 1]!, value, next }
    : undefined;
}

const itemStart = kind(t.Name, t.OpenSquare, t.OpenCurly);
const beforeItem = kind(t.Arrow, t.OpenSquare, t.OpenCurly, t.Pipe);

/** `x = INPUT -> CONV`. */
export const isAssignment = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], k.lowerName) &&
  is(tokens[at + 1], k.equals) &&
  is(tokens[at + 2], itemStart) &&
  mayStart(tokens[at - 1], tokens[at]!);

/** `3*CONV`, outside parentheses. */
export const isCountBefore = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], k.integer) &&
  is(tokens[at + 1], k.times) &&
  is(tokens[at + 2], itemStart) &&
  is(tokens[at - 1], beforeItem);

/** `CONV3x3(`: the operator with the size that it has in its name, as one token. */
export function sizedOperator(tokens: readonly IToken[], at: number): IToken | undefined {
  if (!is(tokens[at], k.upperName)) return undefined;
  const [name, times, size, opening] = tokens.slice(at, at + 4);
  if (!is(times, k.timesX) || !is(opening, k.openParen)) return undefined;
  const digits = name!.image.search(/\d+$/);
  if (digits <= 0 || endOf(size!) !== opening!.startOffset || endOf(times!) !== size!.startOffset)
    return undefined;
  const { endOffset = 0, endLine = 1, endColumn = 1 } = size!;
  return { ...name!, image: name!.image.slice(0, digits), endOffset, endLine, endColumn };
}

/** `c.0`: the path of a layer where a value stands. */
export const isPathInList = (tokens: readonly IToken[], at: number): boolean =>
  is(tokens[at], k.lowerName) &&
  is(tokens[at + 1], k.float) &&
  tokens[at + 1]!.startOffset === endOf(tokens[at]!);

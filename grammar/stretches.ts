// The tokens of a statement → stretches that are parsed one after another. A concrete syntax tree takes
// many times the memory of what is built from it, so that of a chain with 100,000 items should never
// exist as a whole. Nor should that of a thousand: V8 then sees many of its nodes survive a collection,
// takes that for a habit, and puts all further ones where only a full collection finds them.
import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import * as t from './tokens.ts';

/** A stretch ends before the first arrow after so many tokens. */
const shortest = 50;

const isAny = (token: IToken, types: readonly TokenType[]): boolean =>
  types.some((type) => tokenMatcher(token, type));

/** Cuts before arrows outside of all brackets, which are balanced here. The first one starts the statement. */
export function stretchesOf(statement: IToken[]): IToken[][] {
  const isChain = !isAny(statement[0]!, [t.Cnn, t.Use, t.Default]);
  if (!isChain || statement.length <= shortest) return [statement];
  const stretches: IToken[][] = [];
  let start = 0;
  let depth = 0;
  for (const [at, token] of statement.entries()) {
    if (isAny(token, openers)) depth++;
    else if (isAny(token, closers)) depth--;
    else if (depth === 0 && at - start >= shortest && tokenMatcher(token, t.Arrow)) {
      stretches.push(statement.slice(start, at));
      start = at;
    }
  }
  return [...stretches, statement.slice(start)];
}

const openers: readonly TokenType[] = [t.OpenParen, t.OpenSquare, t.OpenCurly];
const closers: readonly TokenType[] = [t.CloseParen, t.CloseSquare, t.CloseCurly];

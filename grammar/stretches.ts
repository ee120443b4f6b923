// The tokens of a statement → stretches that are parsed one after another. A concrete syntax tree takes
// many times the memory of what is built from it, so that of a chain with 100,000 items should never
// exist as a whole. Nor should that of a thousand: V8 then sees many of its nodes survive a collection,
// takes that for a habit, and puts all further ones where only a full collection finds them.
import type { IToken } from 'chevrotain';
import { is, kind } from './kinds.ts';
import * as k from './kinds.ts';
import * as t from './tokens.ts';

/** A stretch ends before the first arrow after so many tokens. */
const shortest = 50;

/** Where no arrow comes it ends between two items after so many. */
const longest = 500;

/** Behind one of these a name begins another item: its arrow was forgotten. */
const endsItem = kind(t.CloseParen, t.CloseSquare, t.CloseCurly, t.Name, t.Literal);

/** Cuts between items outside of all brackets, which are balanced here. The first one starts the statement. */
export function stretchesOf(statement: IToken[]): IToken[][] {
  const isChain = !is(statement[0], k.beforeDeclaration);
  if (!isChain || statement.length <= shortest) return [statement];
  const stretches: IToken[][] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < statement.length; at++) {
    const token = statement[at];
    if (is(token, k.opener)) depth++;
    else if (is(token, k.closer)) depth--;
    else if (depth === 0 && isEnd(at - start, token, statement[at - 1])) {
      stretches.push(statement.slice(start, at));
      start = at;
    }
  }
  return [...stretches, statement.slice(start)];
}

const isEnd = (length: number, token: IToken | undefined, before: IToken | undefined): boolean =>
  (length >= shortest && is(token, k.arrow)) ||
  (length >= longest && is(token, k.name) && is(before, endsItem));

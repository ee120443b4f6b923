// What sort of token stands somewhere. It is asked of every token a dozen times, so that the answers for all types
// lie in a table; Chevrotain's own matcher looks at the type's categories each time.
import type { IToken, TokenType } from 'chevrotain';
import * as t from './tokens.ts';

/** By `tokenTypeIdx`: 1 for those of one of some types, or of their categories. */
export type Kind = Readonly<Uint8Array>;

const isOf = (type: TokenType, wanted: TokenType): boolean =>
  type === wanted || (type.CATEGORIES ?? []).some((category) => isOf(category, wanted));

/** What is of one of these types. */
export function kind(...types: readonly TokenType[]): Kind {
  const table = new Uint8Array(1 + Math.max(...t.allTokens.map(({ tokenTypeIdx }) => tokenTypeIdx!)));
  for (const type of t.allTokens)
    if (types.some((wanted) => isOf(type, wanted))) table[type.tokenTypeIdx!] = 1;
  return table;
}

export const is = (token: IToken | undefined, kind: Kind): boolean =>
  token !== undefined && kind[token.tokenTypeIdx] === 1;

export const arrow = kind(t.Arrow);
export const as = kind(t.As);
export const camelName = kind(t.CamelName);
export const caret = kind(t.Caret);
export const closeCurly = kind(t.CloseCurly);
export const closeParen = kind(t.CloseParen);
export const closeSquare = kind(t.CloseSquare);
export const comma = kind(t.Comma);
export const dims = kind(t.Dims);
export const equals = kind(t.Equals);
export const float = kind(t.Float);
export const integer = kind(t.Integer);
export const keyword = kind(t.Keyword);
export const literal = kind(t.Literal);
export const lowerName = kind(t.LowerName);
export const minus = kind(t.Minus);
export const name = kind(t.Name);
export const openCurly = kind(t.OpenCurly);
export const openParen = kind(t.OpenParen);
export const openSquare = kind(t.OpenSquare);
export const pipe = kind(t.Pipe);
export const plus = kind(t.Plus);
export const semicolon = kind(t.Semicolon);
export const slash = kind(t.Slash);
export const text = kind(t.Text);
export const times = kind(t.Times);
export const timesX = kind(t.TimesX);
export const upperName = kind(t.UpperName);

/** Brackets of any sort, also misspelled ones. */
export const opener = kind(t.OpenParen, t.OpenSquare, t.OpenCurly);
export const closer = kind(t.CloseParen, t.CloseSquare, t.CloseCurly);
/** Names of operators and blocks. */
export const capitalName = kind(t.UpperName, t.CamelName);
/** What a name follows. */
export const beforeName = kind(t.As, t.With);
/** What begins a statement that is no chain. */
export const beforeDeclaration = kind(t.Use, t.Default, t.Cnn);

// Text → tokens and comments. No text is an error here: what begins no token of ours is a `Stray` one.
import { Lexer, type IToken } from 'chevrotain';
import type { SourceFile } from './source.ts';
import { allTokens, Stray } from './tokens.ts';

const lexer = new Lexer(allTokens, {
  positionTracking: 'full',
  lineTerminatorsPattern: /\n/g,
  lineTerminatorCharacters: ['\n'],
});

export interface Tokens {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  /** Comments as other languages have them. */
  readonly foreignComments: readonly IToken[];
}

/** The tokens of a file, in order. */
export function tokenize(source: SourceFile): Tokens {
  const { tokens, groups } = lexer.tokenize(source.text);
  return {
    tokens: joinStrays(tokens),
    comments: groups['comments'] ?? [],
    foreignComments: groups['foreignComments'] ?? [],
  };
}

/** Neighbours that mean nothing are one mistake. */
function joinStrays(tokens: readonly IToken[]): readonly IToken[] {
  if (!tokens.some(({ tokenType }) => tokenType === Stray)) return tokens;
  const joined: IToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const isMore =
      token.tokenType === Stray && last?.tokenType === Stray && last.endOffset! + 1 === token.startOffset;
    if (isMore) joined.splice(-1, 1, { ...last, endOffset: token.endOffset!, endColumn: token.endColumn! });
    else joined.push(token);
  }
  return joined;
}

// Reading a concrete syntax tree: nodes and tokens in the order of the text, and their places.
import type { CstNode, IToken } from 'chevrotain';
import { endOf, type Reporter } from './reporter.ts';
import type { Span } from './source.ts';

/** A child of a rule that may be missing, whatever its type says, where the parser recovered. */
export const first = <T>(children: readonly T[] | undefined): T | undefined => children?.[0];

export const isToken = (piece: CstNode | IToken): piece is IToken => 'image' in piece;

/** Where a piece starts; negative for a node that consists of nothing. */
const startOf = (piece: CstNode | IToken): number =>
  isToken(piece) ? piece.startOffset : (piece.location?.startOffset ?? -1);

/** Children of several kinds, in the order of the text. Nodes that consist of nothing are left out. */
export function inOrder<T extends CstNode | IToken>(...kinds: readonly (readonly T[] | undefined)[]): T[] {
  const pieces: T[] = [];
  for (const kind of kinds) for (const piece of kind ?? []) if (startOf(piece) >= 0) pieces.push(piece);
  return pieces.length < 2 ? pieces : pieces.toSorted((a, b) => startOf(a) - startOf(b));
}

/** The place of a node, or `otherwise` for one that consists of nothing. The same place is the same object. */
export function placeOf(node: CstNode | undefined, reporter: Reporter, otherwise: Span): Span {
  const location = node?.location;
  if (location === undefined || location.startOffset < 0) return otherwise;
  const start = location.startOffset;
  const end = (location.endOffset ?? start - 1) + 1;
  return otherwise.start === start && otherwise.end === end ? otherwise : reporter.span(start, end);
}

export const placeOfPiece = (piece: CstNode | IToken, reporter: Reporter, otherwise: Span): Span =>
  isToken(piece) ? reporter.span(piece.startOffset, endOf(piece)) : placeOf(piece, reporter, otherwise);

// CST → AST for what commas separate, wherever it stands.
import type { CstNode, IToken } from 'chevrotain';
import { inOrder, isToken } from './cst-pieces.ts';
import type { Diagnostic } from './diagnostic.ts';
import { is } from './kinds.ts';
import * as k from './kinds.ts';
import type { Reporter } from './reporter.ts';
import type { Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

interface List<Element extends CstNode, Built> {
  readonly elements: readonly Element[] | undefined;
  readonly commas: readonly IToken[] | undefined;
  /** Tokens that do not belong in a list. */
  readonly strays: readonly IToken[] | undefined;
  readonly closer: IToken | undefined;
  readonly build: (element: Element) => Built;
  /** What two elements without a comma mean together, where that is plain, and what to say of it. */
  readonly join?: (left: Built, right: Built) => Joined<Built> | undefined;
}

export interface Joined<Built> {
  readonly built: Built;
  readonly diagnostic: Diagnostic;
}

/** The elements of a list, in order; says what is wrong with its commas, and what does not belong there. */
export function buildList<Element extends CstNode, Built extends { readonly span: Span }>(
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
      if (left) reporter.report(joined?.diagnostic ?? say.missingComma(element.span));
      built.push(joined?.built ?? element);
      previous = 'element';
    } else if (is(piece, k.comma)) {
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
  // An array that grew keeps room for more; its copy, of which a program may have 100,000, does not.
  return built.slice();
}

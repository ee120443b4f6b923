// The tokens of one statement → its syntax tree, and what the parser could not make sense of.
import { EOF, tokenMatcher, type CstNode, type IRecognitionException, type IToken } from 'chevrotain';
import { buildStatement, type BuiltStatement } from './build-ast.ts';
import type { ChainCstNode, StatementCstNode } from './cst.d.ts';
import { StatementParser } from './parser.ts';
import type { Reporter } from './reporter.ts';
import type { Span } from './source.ts';
import { stretchesOf } from './stretches.ts';
import * as say from './syntax-errors.ts';
import { Stray } from './tokens.ts';

const parser = new StatementParser();

export function readStatement(tokens: IToken[], span: Span, reporter: Reporter): BuiltStatement | undefined {
  const before = reporter.count;
  const leftOver: IRecognitionException[] = [];
  const read = (stretch: IToken[], rule: () => CstNode): CstNode => {
    parser.input = stretch;
    const tree = rule();
    leftOver.push(...parser.errors.filter(isLeftOver));
    const errors = parser.errors.filter((error) => !isLeftOver(error));
    reportRecoveries(errors, reporter.endOf(stretch), reporter);
    return tree;
  };

  const [head = [], ...rest] = stretchesOf(tokens);
  // The types of the trees are generated from these very rules.
  const tree = read(head, () => parser.statement()) as StatementCstNode;
  let at = 0;
  const goesOn = (): ChainCstNode | undefined => {
    const stretch = reporter.isFull ? undefined : rest[at++];
    return stretch && (read(stretch, () => parser.chain()) as ChainCstNode);
  };
  const statement = buildStatement({ tree, goesOn, span }, reporter);
  // What is left over is news only where nothing before it was wrong.
  if (reporter.count === before) reportRecoveries(leftOver, span, reporter);
  return statement;
}

const isLeftOver = ({ name }: IRecognitionException): boolean => name === 'NotAllInputParsedException';

/** Says what the parser skipped; `end` is where the tokens end. */
function reportRecoveries(errors: readonly IRecognitionException[], end: Span, reporter: Reporter): void {
  let readTo = -1;
  for (const { token, message, resyncedTokens } of errors) {
    const place = tokenMatcher(token, EOF) ? end : reporter.over(token);
    // One that follows from the last, or that was reported when the token was read, is no news.
    const isNews = place.start > readTo && token.tokenType !== Stray;
    if (isNews) reporter.report(say.recovered(place, message));
    readTo = resyncedTokens.at(-1)?.endOffset ?? place.end;
  }
}

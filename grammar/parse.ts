import { EOF, tokenMatcher, type IRecognitionException, type IToken } from 'chevrotain';
import type { Comment, Program, Statement } from './ast.ts';
import { buildStatement, type BuiltStatement } from './build-ast.ts';
import type { StatementCstNode } from './cst.d.ts';
import type { Diagnostic } from './diagnostic.ts';
import { tokenize } from './lexer.ts';
import { StatementParser } from './parser.ts';
import { Reporter } from './reporter.ts';
import { whyUnreadable } from './readable.ts';
import type { SourceFile, Span } from './source.ts';
import { splitStatements } from './statements.ts';
import * as say from './syntax-errors.ts';
import { Stray } from './tokens.ts';

export interface Parsed {
  /** What could be understood, with `error` nodes where something could not. */
  readonly program: Program;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

const parser = new StatementParser();

/** The syntax tree of a program, and all that is wrong with its text. Never throws. */
export function parse(source: SourceFile): Parsed {
  const span: Span = { source, start: 0, end: source.text.length };
  const empty: Program = { kind: 'program', statements: [], comments: [], span };
  const unreadable = whyUnreadable(source);
  if (unreadable) return { program: empty, diagnostics: [unreadable] };

  const reporter = new Reporter(source);
  const { tokens, comments } = tokenize(source);
  const statements: Statement[] = [];
  let version: Program['version'];
  splitStatements(tokens, reporter).forEach((statementTokens, at) => {
    if (reporter.isFull) return;
    const place = reporter.over(statementTokens[0]!, statementTokens.at(-1)!);
    const built = readStatement(statementTokens, place, reporter);
    if (built?.kind !== 'version') {
      if (built) statements.push(built);
    } else if (at === 0) version = built.version;
    else reporter.report(say.versionNotFirst(built.version.span));
  });

  const program: Program = {
    ...empty,
    ...(version && { version }),
    statements,
    comments: comments.map((token) => comment(token, reporter)),
  };
  return { program, diagnostics: reporter.sorted() };
}

function readStatement(tokens: IToken[], span: Span, reporter: Reporter): BuiltStatement | undefined {
  const before = reporter.count;
  parser.input = tokens;
  // The types of the tree are generated from this very rule.
  const tree = parser.statement() as StatementCstNode;
  const errors = [...parser.errors];
  reportRecoveries(
    errors.filter(({ name }) => name !== leftOver),
    tokens,
    reporter,
  );
  const statement = buildStatement(tree, span, reporter);
  // What is left over is news only where nothing before it was wrong.
  if (reporter.count === before) reportRecoveries(errors, tokens, reporter);
  return statement;
}

const leftOver = 'NotAllInputParsedException';

function reportRecoveries(
  errors: readonly IRecognitionException[],
  tokens: IToken[],
  reporter: Reporter,
): void {
  let readTo = -1;
  for (const { token, message, resyncedTokens } of errors) {
    const place = tokenMatcher(token, EOF) ? reporter.endOf(tokens) : reporter.over(token);
    // One that follows from the last, or that was reported when the token was read, is no news.
    const isNews = place.start > readTo && token.tokenType !== Stray;
    if (isNews) reporter.report(say.recovered(place, message));
    readTo = resyncedTokens.at(-1)?.endOffset ?? place.end;
  }
}

const comment = (token: IToken, reporter: Reporter): Comment => {
  const text = token.image.trimEnd();
  return { text, span: reporter.span(token.startOffset, token.startOffset + text.length) };
};

import type { IToken } from 'chevrotain';
import type { Comment, Program, Statement } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import { tokenize } from './lexer.ts';
import { whyUnreadable } from './readable.ts';
import { mend } from './mend.ts';
import { readStatement } from './read-statement.ts';
import { Reporter } from './reporter.ts';
import type { SourceFile, Span } from './source.ts';
import { splitStatements } from './statements.ts';
import * as say from './syntax-errors.ts';

export interface Parsed {
  /** What could be understood, with `error` nodes where something could not. */
  readonly program: Program;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The syntax tree of a program, and all that is wrong with its text. Never throws. */
export function parse(source: SourceFile): Parsed {
  const span: Span = { source, start: 0, end: source.text.length };
  const empty: Program = { kind: 'program', statements: [], meaningless: new Set(), comments: [], span };
  const unreadable = whyUnreadable(source);
  if (unreadable) return { program: empty, diagnostics: [unreadable] };

  const reporter = new Reporter(source);
  const { tokens, comments, foreignComments } = tokenize(source);
  for (const { startOffset } of foreignComments)
    reporter.reportOnce(say.foreignComment(reporter.span(startOffset, startOffset + 2)));
  const statements: Statement[] = [];
  let version: Program['version'];
  const mended = mend(tokens, reporter);
  const split = splitStatements(mended.tokens, reporter);
  split.statements.forEach((statementTokens, at) => {
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
    meaningless: new Set([...split.meaningless, ...mended.meaningless]),
    comments: comments.map((token) => comment(token, reporter)),
  };
  return { program, diagnostics: reporter.sorted() };
}

const comment = (token: IToken, reporter: Reporter): Comment => {
  const text = token.image.trimEnd();
  return { text, span: reporter.span(token.startOffset, token.startOffset + text.length) };
};

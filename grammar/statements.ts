// Tokens → the tokens of each statement, with all brackets paired.
//
// A statement ends where the next begins: at `;`, or on a new line that starts with INPUT, a named value,
// a merge with arguments, or a keyword. Anything else on a new line goes on with the chain before it, so
// a forgotten arrow is never taken for a second statement.
//
// What this pass must know of brackets to find the ends of statements it also puts right, so that the
// parser meets balanced text: missing brackets are added, superfluous ones left out, each reported once.
import { createTokenInstance, tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { Brackets } from './brackets.ts';
import { endOf, type Reporter } from './reporter.ts';
import { spanText, type Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Operators that, with arguments, begin a chain: they name the values they merge. */
const merges: ReadonlySet<string> = new Set(
  'ADD SUB MUL DIV MIN MAX POW MOD EQUAL LESS LESS_EQUAL AND OR XOR WHERE BIT_AND BIT_OR BIT_XOR CONCAT GATHER GRID_SAMPLE SCATTER MATMUL'.split(
    ' ',
  ),
);

/** After one of these the statement cannot be over. */
const unfinished: readonly TokenType[] = [
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
];

function isAny(token: IToken | undefined, types: readonly TokenType[]): boolean {
  if (token === undefined) return false;
  for (const type of types) if (tokenMatcher(token, type)) return true;
  return false;
}

const is = (token: IToken | undefined, type: TokenType): boolean =>
  token !== undefined && tokenMatcher(token, type);

const retag = (token: IToken, type: TokenType): IToken =>
  token.tokenType === type ? token : { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! };

/** A token that nobody wrote: it has a place, next to one that was written, and no width. */
function invented(type: TokenType, offset: number, neighbour: IToken | undefined): IToken {
  const line = neighbour?.endLine ?? 1;
  const column = neighbour?.endColumn ?? 1;
  return createTokenInstance(type, '', offset, offset - 1, line, line, column, column);
}

const misspelled: ReadonlySet<TokenType> = new Set([
  t.Stray,
  t.ForeignWord,
  t.UnclosedText,
  t.UnquotedFile,
  t.WrongAs,
  t.WrongNumber,
  ...t.lookalikes,
]);

/** What cannot stand between parentheses, and so ends them. */
const afterLists: readonly TokenType[] = [t.Arrow, t.As, t.With];

/** What stands between the parentheses of arguments. */
const inLists: readonly TokenType[] = [t.NotInChain, t.LowerName, t.Times];

/** The statements of a file, as runs of tokens; none is empty. */
export function splitStatements(tokens: readonly IToken[], reporter: Reporter): readonly IToken[][] {
  const splitter = new Splitter(reporter);
  for (let i = 0; i < tokens.length && !splitter.isDone; i++) {
    const head = headOfBlock(tokens, i);
    if (head) splitter.forgottenBlock(tokens[i]!, head);
    if (isForeignBlock(tokens, i)) {
      splitter.foreignBlock(tokens[i]!);
      continue;
    }
    splitter.read(tokens[i]!, tokens[i + 1]);
  }
  return splitter.end();
}

/** More tokens than parameters of a block take. */
const longestHead = 200;

/** `Down(f) =` at the start of a line: the tokens up to the equals sign of a block whose `block` was forgotten. */
function headOfBlock(tokens: readonly IToken[], at: number): readonly IToken[] | undefined {
  const [before, name] = [tokens[at - 1], tokens[at]!];
  if (!is(name, t.CamelName)) return undefined;
  if (!mayStart(before, name)) return undefined;
  const end = endOfHead(tokens, at);
  return is(tokens[end], t.Equals) ? tokens.slice(at, end) : undefined;
}

/** Whether a statement can begin with a token: on a line of its own, or behind a semicolon. */
function mayStart(before: IToken | undefined, token: IToken): boolean {
  const isFirst = before === undefined || token.startLine! > before.endLine! || is(before, t.Semicolon);
  return isFirst && !isAny(before, unfinished);
}

/** Where the parameters of a block end that is called by the token at `at`. */
function endOfHead(tokens: readonly IToken[], at: number): number {
  let end = at + 1;
  if (is(tokens[end], t.OpenParen)) {
    while (end < at + longestHead && tokens[end] && !is(tokens[end], t.CloseParen)) end++;
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

/** `def Down(f) =`, and Python's `def Down(f):`. */
function isForeignBlock(tokens: readonly IToken[], at: number): boolean {
  const [word, name] = [tokens[at]!, tokens[at + 1]];
  return (
    foreignBlocks.has(word.image) &&
    is(name, t.CamelName) &&
    mayStart(tokens[at - 1], word) &&
    is(tokens[endOfHead(tokens, at + 1)], t.Equals)
  );
}

/** `stride => 2`: between parentheses no arrow can have been meant, unless an operator follows. */
const isFatEquals = (token: IToken, next: IToken | undefined): boolean =>
  token.tokenType === t.WrongArrow && token.image.startsWith('=') && !isAny(next, [t.UpperName, t.CamelName]);

/** A sign that looks like one of ours, and which. */
type Lookalike = Parameters<typeof say.lookalikeSymbols>[0][number];

class Splitter {
  readonly #reporter: Reporter;
  readonly #brackets: Brackets;
  readonly #statements: IToken[][] = [];
  #current: IToken[] = [];
  /** What the current statement has from other keyboards: one message for all. */
  #lookalikes: Lookalike[] = [];
  /** The token read last, also where it was left out. */
  #previous: IToken | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#brackets = new Brackets(reporter);
  }

  get isDone(): boolean {
    return this.#brackets.areTooDeep || this.#reporter.isFull;
  }

  end(): readonly IToken[][] {
    // A statement that was given up is not worth a message more.
    if (!this.isDone) this.#endStatement();
    return this.#statements;
  }

  /** Goes on as if `block` stood before the head. */
  forgottenBlock(name: IToken, head: readonly IToken[]): void {
    const text = spanText(this.#reporter.over(name, head.at(-1)!));
    this.#reporter.report(say.missingBlock(this.#reporter.over(name), text));
    this.#endStatement();
    this.#current.push(invented(t.Block, name.startOffset, name));
  }

  /** Goes on as if `block` stood there instead. */
  foreignBlock(word: IToken): void {
    this.#reporter.report(say.foreignBlock(this.#reporter.over(word)));
    this.#endStatement();
    this.#current.push(retag({ ...word, image: 'block' }, t.Block));
    this.#previous = word;
  }

  read(token: IToken, next: IToken | undefined): void {
    const isOnNewLine = this.#previous !== undefined && token.startLine! > this.#previous.endLine!;
    if (this.#startsStatement(token, next, isOnNewLine)) {
      if (!isOnNewLine) this.#reporter.report(say.statementOnSameLine(this.#reporter.over(token)));
      this.#endStatement();
    }
    this.#reportSpelling(token);
    this.#accept(token, next);
    this.#previous = token;
  }

  #startsStatement(token: IToken, next: IToken | undefined, isOnNewLine: boolean): boolean {
    const [first] = this.#current;
    const last = this.#current.at(-1);
    if (first === undefined) return false;
    const isOpen = this.#brackets.depth > 0;
    if (is(token, t.Keyword))
      return !isAny(last, [t.As, t.With]) && (isOnNewLine || !this.#brackets.isInList);
    if (token.image === 'INPUT') {
      if (isOnNewLine) return !isAny(last, [t.OpenSquare, t.OpenCurly, t.Pipe]);
      return !isOpen && !isAny(last, unfinished);
    }
    if (!isOnNewLine || isAny(last, unfinished) || is(token, t.OpenParen)) return false;
    if (isAny(first, [t.Use, t.Default, t.Cnn]) && !isOpen) return true;
    // In an unclosed list, an arrow after the first name of a line shows that it is a statement.
    if (is(token, t.LowerName)) return !isOpen || (this.#brackets.areAllLists && is(next, t.Arrow));
    return !isOpen && merges.has(token.image) && is(next, t.OpenParen);
  }

  #endStatement(): void {
    const last = this.#current.at(-1);
    if (last === undefined) return;
    this.#reportLookalikes();
    const end = this.#reporter.span(endOf(last), endOf(last));
    this.#close(this.#brackets.closeAll(end), end.start);
    this.#statements.push(this.#current);
    this.#current = [];
  }

  #accept(token: IToken, next: IToken | undefined): void {
    const brackets = this.#brackets;
    const last = this.#current.at(-1);
    const place = (): Span => this.#reporter.over(token);

    if (is(token, t.Semicolon)) {
      if (!brackets.isInList) return this.#endStatement();
      this.#reporter.report(say.semicolonInList(place()));
      this.#current.push(retag(token, t.Comma));
      return;
    }
    if (brackets.isInList && isFatEquals(token, next)) {
      this.#lookalikes.push({ span: place(), meant: t.labelOf(t.Equals) });
      this.#current.push(retag(token, t.Equals));
      return;
    }
    const closing = brackets.closingOf(token);
    if (closing !== undefined) {
      if (closing === t.CloseParen && !brackets.isInList) this.#openBefore(token);
      const { before, closer } = brackets.close(closing, place());
      this.#close(before, token.startOffset);
      if (closer !== undefined) this.#current.push(retag(token, closer));
      return;
    }
    const opening = brackets.openingOf(token, last, next);
    if (
      brackets.isInList &&
      (isAny(token, afterLists) || (opening !== undefined && opening !== t.OpenParen))
    ) {
      this.#close(brackets.closeLists(place()), token.startOffset);
    }
    if (opening !== undefined) {
      // Arguments of nothing are those of an operator without a name.
      if (opening === t.OpenParen && !brackets.isInList && !isAny(last, [t.Name, t.Times, t.Keyword])) {
        this.#current.push(invented(t.UpperName, token.startOffset, token));
      }
      brackets.open(opening, token);
      this.#current.push(retag(token, opening));
    } else if (is(token, t.Pipe)) this.#acceptPipe(token);
    else if (is(token, t.Arrow) || is(token, t.Minus)) this.#acceptDash(token);
    else if (is(token, t.Keyword) && last !== undefined) {
      this.#reporter.report(say.reservedWord(place()));
      this.#current.push(retag(token, t.LowerName));
    } else {
      // What cannot be a name was said; it was meant as one.
      const isName = token.tokenType === t.WrongNumber && isAny(last, [t.As, t.With]);
      this.#current.push(isName ? retag(token, t.LowerName) : token);
    }
  }

  /** `CONV 64, 3)`: adds the bracket that this one closes, if what stands before it are arguments. */
  #openBefore(closer: IToken): void {
    const name = this.#current.findLastIndex((token) => !isAny(token, inLists));
    const called = this.#current[name];
    if (called === undefined || name === this.#current.length - 1) return;
    if (!isAny(called, [t.UpperName, t.CamelName])) return;
    this.#reporter.report(say.missingOpener(this.#reporter.over(closer), this.#reporter.over(called)));
    const opening = invented(t.OpenParen, endOf(called), called);
    this.#brackets.open(t.OpenParen, opening);
    this.#current.splice(name + 1, 0, opening);
  }

  #acceptPipe(token: IToken): void {
    const place = this.#reporter.over(token);
    this.#close(this.#brackets.closeToBranch(place), token.startOffset);
    if (this.#brackets.isInBranch) this.#current.push(token);
    else {
      this.#reporter.report(say.unexpected(place, "'|' separates the arms of a branch: { a | b }"));
      this.#brackets.forgive(t.CloseCurly);
      this.#current.push(retag(token, t.Stray));
    }
  }

  // Outside parentheses there is no subtraction: a run of dashes there was meant as an arrow.
  #acceptDash(token: IToken): void {
    const last = this.#current.at(-1);
    const isArrow = is(token, t.Arrow);
    const goesOn = last?.tokenType === t.WrongArrow && endOf(last) === token.startOffset;
    if (goesOn) {
      this.#current.pop();
      const { startOffset, startLine = 1, startColumn = 1 } = last;
      this.#current.push(retag({ ...token, startOffset, startLine, startColumn }, t.WrongArrow));
    } else if (isArrow || this.#brackets.isInList || is(last, t.Times)) this.#current.push(token);
    else this.#current.push(retag(token, t.WrongArrow));
  }

  #reportSpelling(token: IToken): void {
    const type = token.tokenType;
    if (!misspelled.has(type)) return;
    const place = this.#reporter.over(token);
    if (type === t.Stray) this.#reporter.report(say.strayText(place));
    else if (type === t.ForeignWord) this.#reporter.report(say.foreignWord(place));
    else if (type === t.UnclosedText) this.#reporter.report(say.unclosedString(place));
    else if (type === t.WrongAs) this.#reporter.report(say.wrongAs(place));
    else if (type === t.UnquotedFile) this.#reporter.report(say.unquotedFile(place));
    else if (type === t.WrongNumber) this.#reporter.report(say.wrongNumber(place));
    else this.#noteLookalike(token, place);
  }

  #noteLookalike(token: IToken, span: Span): void {
    const [intended] = token.tokenType.CATEGORIES ?? [];
    if (intended === t.Text) this.#reporter.report(say.wrongQuotes(span));
    // Outside parentheses a dash becomes an arrow, and is reported as one.
    else if (intended !== t.Minus || this.#brackets.isInList)
      this.#lookalikes.push({ span, meant: t.labelOf(intended!) });
  }

  #reportLookalikes(): void {
    if (this.#lookalikes.length === 0) return;
    const places = this.#lookalikes.map(({ span }) => span);
    this.#reporter.report(say.lookalikeSymbols(this.#lookalikes), places);
    this.#lookalikes = [];
  }

  /** Adds closing brackets that nobody wrote; they have a place and no width. */
  #close(closers: readonly TokenType[], offset: number): void {
    for (const closer of closers) {
      this.#current.push(invented(closer, offset, this.#previous));
    }
  }
}

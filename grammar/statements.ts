// Tokens → the tokens of each statement, with all brackets paired.
//
// A statement ends where the next begins: at `;`, or on a new line that starts with INPUT, WEIGHT, a named
// value, a merge with arguments, or a keyword. Anything else on a new line goes on with the chain before it, so
// a forgotten arrow is never taken for a second statement.
//
// What this pass must know of brackets to find the ends of statements it also puts right, so that the
// parser meets balanced text: missing brackets are added, superfluous ones left out, each reported once.
import { createTokenInstance, type IToken, type TokenType } from 'chevrotain';
import { Brackets } from './brackets.ts';
import { is, kind } from './kinds.ts';
import * as k from './kinds.ts';
import { endOf, type Reporter } from './reporter.ts';
import {
  definitionAt,
  endOfForeignLine,
  foreignHead,
  headOfBlock,
  isAssignment,
  isCountBefore,
  isPathInList,
  merges,
  sizedOperator,
  unfinished,
  type Definition,
} from './slips.ts';
import { spanText, type Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

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
  t.WrongName,
  t.WrongNumber,
  ...t.lookalikes,
]);

/** What cannot stand between parentheses, and so ends them. */
const afterList = kind(t.Arrow, t.As, t.With);

/** What the second token of a slip is that only several tokens show. */
const slipSign = kind(t.Equals, t.Times, t.Float);

/** What stands between the parentheses of arguments. */
const inList = kind(t.NotInChain, t.LowerName, t.Times);

/** What arguments can follow. */
const beforeArguments = kind(t.Name, t.Times, t.Keyword);

const beforeItem = kind(t.OpenSquare, t.OpenCurly, t.Pipe);
const startsItem = kind(t.UpperName, t.CamelName, t.OpenSquare, t.OpenCurly);

export interface Split {
  /** The statements of a file, as runs of tokens; none is empty. */
  readonly statements: readonly IToken[][];
  /** Names that were given values as in other languages: what they mean nobody knows, and that is reported. */
  readonly meaningless: ReadonlySet<string>;
}

export function splitStatements(tokens: readonly IToken[], reporter: Reporter): Split {
  const splitter = new Splitter(reporter);
  for (let i = 0; i < tokens.length && !splitter.isDone;) {
    const definition = splitter.isBetweenBrackets ? undefined : definitionAt(tokens, i);
    if (definition) {
      splitter.define(tokens, i, definition);
      i = definition.next;
      continue;
    }
    const head = headOfBlock(tokens, i);
    if (head) splitter.forgottenBlock(tokens[i]!, head);
    const foreign = foreignHead(tokens, i);
    const endOfLine = foreign || splitter.isBetweenBrackets ? undefined : endOfForeignLine(tokens, i);
    if (endOfLine !== undefined) {
      splitter.foreignLine(tokens[i]!, tokens[endOfLine - 1]!);
      i = endOfLine;
    } else if (foreign) i += splitter.foreignBlock(tokens[i]!, foreign);
    else i += splitter.slip(tokens, i) || splitter.read(tokens[i]!, tokens[i + 1]);
  }
  return splitter.end();
}

/** `stride => 2`: between parentheses no arrow can have been meant, unless an operator follows. */
const isFatEquals = (token: IToken, next: IToken | undefined): boolean =>
  token.tokenType === t.WrongArrow && token.image.startsWith('=') && !is(next, k.capitalName);

/** A sign that looks like one of ours, and which. */
type Lookalike = Parameters<typeof say.lookalikeSymbols>[0][number];

class Splitter {
  readonly #reporter: Reporter;
  readonly #brackets: Brackets;
  readonly #statements: IToken[][] = [];
  readonly #meaningless = new Set<string>();
  #current: IToken[] = [];
  /** What the current statement has from other keyboards: one message for all. */
  #lookalikes: Lookalike[] = [];
  /** Its commas that were meant as arrows. */
  #commas: Span[] = [];
  /** The name that was written before it: `x = INPUT`. */
  #assigned: IToken | undefined;
  /** Whether another language's head of a block begins it, with its colon. */
  #isForeign = false;
  /** The token read last, also where it was left out. */
  #previous: IToken | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#brackets = new Brackets(reporter);
  }

  get isDone(): boolean {
    return this.#brackets.areTooDeep || this.#reporter.isFull;
  }

  get isBetweenBrackets(): boolean {
    return this.#brackets.depth > 0;
  }

  end(): Split {
    // A statement that was given up is not worth a message more.
    if (!this.isDone) this.#endStatement();
    return { statements: this.#statements, meaningless: this.#meaningless };
  }

  /** Leaves out a statement that gives a name to a number. */
  define(tokens: readonly IToken[], at: number, { name, value, last }: Definition): void {
    this.#endStatement();
    const text = spanText(this.#reporter.over(tokens[value]!, last));
    this.#reporter.report(say.constant(this.#reporter.over(tokens[at]!, last), name.image, text));
    this.#meaningless.add(name.image);
    this.#previous = last;
  }

  /** Goes on as if `block` stood before the head. */
  forgottenBlock(name: IToken, head: readonly IToken[]): void {
    const text = spanText(this.#reporter.over(name, head.at(-1)!));
    this.#reporter.report(say.missingBlock(this.#reporter.over(name), text));
    this.#endStatement();
    this.#current.push(invented(t.Block, name.startOffset, name));
  }

  /** Goes on as if `block` stood there instead. Gives the number of tokens that it took. */
  foreignBlock(word: IToken, head: readonly IToken[]): number {
    const text = spanText(this.#reporter.over(head[0]!, head.at(-1)!));
    this.#reporter.report(say.foreignBlock(this.#reporter.over(word), text));
    this.#endStatement();
    this.#isForeign = true;
    this.#current.push(retag({ ...word, image: 'block' }, t.Block));
    this.#previous = word;
    return 1;
  }

  /** Leaves out a line of another language. */
  foreignLine(word: IToken, last: IToken): void {
    this.#endStatement();
    this.#reporter.report(say.foreignStatement(this.#reporter.over(word)));
    this.#previous = last;
  }

  /** Reads what only several tokens show to be a slip. Gives the number of tokens that it took, if any. */
  slip(tokens: readonly IToken[], at: number): number {
    const [token, second] = [tokens[at]!, tokens[at + 1]];
    if (second === undefined || !is(second, slipSign)) return 0;
    const both = (): Span => this.#reporter.over(token, second);
    if (this.#brackets.depth === 0 && isAssignment(tokens, at)) {
      this.#reporter.reportOnce(say.nameInFront(both(), token.image));
      this.#endStatement();
      this.#assigned = token;
    } else if (!this.#brackets.isInList && isCountBefore(tokens, at)) {
      this.#reporter.report(say.countInFront(both(), token.image));
    } else if (this.#brackets.isInList && isPathInList(tokens, at)) {
      this.#reporter.report(say.pathInList(both(), token.image));
      this.read(token, second);
    } else return this.#readSized(tokens, at);
    this.#previous = second;
    return 2;
  }

  #readSized(tokens: readonly IToken[], at: number): number {
    const sized = sizedOperator(tokens, at);
    if (sized === undefined) return 0;
    this.#reporter.report(say.sizeInName(this.#reporter.over(sized), sized.image));
    this.read(sized, tokens[at + 3]);
    return 3;
  }

  /** Gives the number of tokens that it took. */
  read(token: IToken, next: IToken | undefined): number {
    const isOnNewLine = this.#previous !== undefined && token.startLine! > this.#previous.endLine!;
    if (this.#startsStatement(token, next, isOnNewLine)) {
      if (!isOnNewLine) this.#reporter.report(say.statementOnSameLine(this.#reporter.over(token)));
      this.#endStatement();
    }
    this.#reportSpelling(token);
    this.#accept(token, next);
    this.#previous = token;
    return 1;
  }

  #startsStatement(token: IToken, next: IToken | undefined, isOnNewLine: boolean): boolean {
    const [first] = this.#current;
    const last = this.#current.at(-1);
    if (first === undefined) return false;
    const isOpen = this.#brackets.depth > 0;
    if (is(token, k.keyword)) return !is(last, k.beforeName) && (isOnNewLine || !this.#brackets.isInList);
    if (token.image === 'INPUT') {
      if (isOnNewLine) return !is(last, beforeItem);
      return !isOpen && !is(last, unfinished);
    }
    if (!isOnNewLine || is(last, unfinished) || is(token, k.openParen)) return false;
    if (is(first, k.beforeDeclaration) && !isOpen) return true;
    // In an unclosed list, an arrow after the first name of a line shows that it is a statement.
    if (is(token, k.lowerName)) return !isOpen || (this.#brackets.areAllLists && is(next, k.arrow));
    return !isOpen && (token.image === 'WEIGHT' || (merges.has(token.image) && is(next, k.openParen)));
  }

  #endStatement(): void {
    const last = this.#current.at(-1);
    if (last === undefined) return;
    this.#reportLookalikes();
    const end = this.#reporter.span(endOf(last), endOf(last));
    this.#close(this.#brackets.closeAll(end), end.start);
    if (this.#assigned && !is(last, unfinished) && !is(this.#current.at(-2), k.as)) {
      const { image } = this.#assigned;
      this.#current.push(invented(t.As, end.start, last), {
        ...invented(t.LowerName, end.start, last),
        image,
      });
    }
    this.#statements.push(this.#current);
    this.#current = [];
    this.#assigned = undefined;
    this.#isForeign = false;
  }

  #accept(token: IToken, next: IToken | undefined): void {
    const brackets = this.#brackets;
    const last = this.#current.at(-1);
    if (is(token, k.semicolon)) {
      if (!brackets.isInList) return this.#endStatement();
      this.#reporter.report(say.semicolonInList(this.#reporter.over(token)));
      this.#current.push(retag(token, t.Comma));
      return;
    }
    if (brackets.isInList && isFatEquals(token, next)) {
      this.#lookalikes.push({ span: this.#reporter.over(token), meant: t.labelOf(t.Equals) });
      this.#current.push(retag(token, t.Equals));
      return;
    }
    if (this.#isCommaForArrow(token, next)) {
      this.#commas.push(this.#reporter.over(token));
      this.#current.push(retag(token, t.Arrow));
      return;
    }
    const closing = brackets.closingOf(token);
    if (closing !== undefined) {
      if (closing === t.CloseParen && !brackets.isInList) this.#openBefore(token);
      const { before, closer } = brackets.close(closing, this.#reporter.over(token));
      this.#close(before, token.startOffset);
      if (closer !== undefined) this.#current.push(retag(token, closer));
      return;
    }
    const opening = brackets.openingOf(token, last, next);
    if (brackets.isInList && (is(token, afterList) || (opening !== undefined && opening !== t.OpenParen))) {
      this.#close(brackets.closeLists(this.#reporter.over(token)), token.startOffset);
    }
    if (opening !== undefined) {
      // Arguments of nothing are those of an operator without a name.
      if (opening === t.OpenParen && !brackets.isInList && !is(last, beforeArguments)) {
        this.#current.push(invented(t.UpperName, token.startOffset, token));
      }
      brackets.open(opening, token);
      this.#current.push(retag(token, opening));
    } else if (is(token, k.pipe)) this.#acceptPipe(token);
    else if (is(token, k.arrow) || is(token, k.minus)) this.#acceptDash(token);
    else if (is(token, k.keyword) && last !== undefined) {
      this.#reporter.report(say.reservedWord(this.#reporter.over(token)));
      this.#current.push(retag(token, t.LowerName));
    } else {
      // What cannot be a name was said; it was meant as one.
      const isName =
        token.tokenType === t.WrongName || (token.tokenType === t.WrongNumber && is(last, k.beforeName));
      this.#current.push(isName ? retag(token, t.LowerName) : token);
    }
  }

  /** `CONV, POOL`: in a branch a comma may as well have been meant to part its arms. */
  #isCommaForArrow(token: IToken, next: IToken | undefined): boolean {
    const [first] = this.#current;
    return (
      token.tokenType === t.Comma &&
      !this.#brackets.isInList &&
      !this.#brackets.isInBranch &&
      !is(first, k.beforeDeclaration) &&
      !is(this.#current.at(-1), unfinished) &&
      is(next, startsItem)
    );
  }

  /** `CONV 64, 3)`: adds the bracket that this one closes, if what stands before it are arguments. */
  #openBefore(closer: IToken): void {
    const name = this.#current.findLastIndex((token) => !is(token, inList));
    const called = this.#current[name];
    if (called === undefined || name === this.#current.length - 1) return;
    if (!is(called, k.capitalName)) return;
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
    const isArrow = is(token, k.arrow);
    const goesOn = last?.tokenType === t.WrongArrow && endOf(last) === token.startOffset;
    if (goesOn) {
      this.#current.pop();
      const { startOffset, startLine = 1, startColumn = 1 } = last;
      this.#current.push(retag({ ...token, startOffset, startLine, startColumn }, t.WrongArrow));
    } else if (isArrow || this.#brackets.isInList || is(last, k.times)) this.#current.push(token);
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
    else if (type === t.WrongName) this.#reporter.report(say.wrongName(place));
    else if (type === t.UnquotedFile) this.#reporter.report(say.unquotedFile(place));
    else if (type === t.WrongNumber) this.#reporter.report(say.wrongNumber(place));
    else this.#noteLookalike(token, place);
  }

  #noteLookalike(token: IToken, span: Span): void {
    const [intended] = token.tokenType.CATEGORIES ?? [];
    if (this.#isForeign && token.image === ':' && !this.#brackets.isInList) return;
    if (intended === t.Text) this.#reporter.report(say.wrongQuotes(span));
    // Outside parentheses a dash becomes an arrow, and is reported as one.
    else if (intended !== t.Minus || this.#brackets.isInList)
      this.#lookalikes.push({ span, meant: t.labelOf(this.#isPower(token) ? t.Caret : intended!) });
  }

  /** In arguments `2**3` is a power, as in Python. */
  #isPower(token: IToken): boolean {
    return token.image === '**' && this.#brackets.isInList;
  }

  #reportLookalikes(): void {
    const [comma] = this.#commas;
    if (comma) this.#reporter.report(say.wrongArrow(comma), this.#commas);
    this.#commas = [];
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

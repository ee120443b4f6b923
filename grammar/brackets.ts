import type { IToken, TokenType } from 'chevrotain';
import { is, kind } from './kinds.ts';
import * as k from './kinds.ts';
import { endOf, type Reporter } from './reporter.ts';
import type { Span } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Far more than any network needs, far less than overflows the stack of the parser. */
const deepest = 100;

const closerOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [t.OpenParen, t.CloseParen],
  [t.OpenSquare, t.CloseSquare],
  [t.OpenCurly, t.CloseCurly],
]);

const pairs = [
  { opener: k.openParen, closer: k.closeParen, type: t.CloseParen },
  { opener: k.openSquare, closer: k.closeSquare, type: t.CloseSquare },
  { opener: k.openCurly, closer: k.closeCurly, type: t.CloseCurly },
];

const startsItem = kind(t.UpperName, t.CamelName, t.OpenSquare, t.OpenCurly, t.OpenParen);
const beforeArguments = kind(t.Name, t.Times, t.Keyword);
const beforeElement = kind(t.OpenParen, t.Comma, t.Equals);

interface Open {
  readonly closer: TokenType;
  /** The closer of what was written, where another bracket was meant: `(` for `[`. */
  readonly written: TokenType;
  readonly place: Span;
}

/** The brackets that are open at one place of the text. */
export class Brackets {
  readonly #reporter: Reporter;
  #open: Open[] = [];
  /** Closers that may still come, of brackets that something else closed. That was reported then. */
  #forgiven: TokenType[] = [];
  #areTooDeep = false;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  get areTooDeep(): boolean {
    return this.#areTooDeep;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** Within parentheses, where expressions stand and no arrow can. */
  get isInList(): boolean {
    return this.#open.at(-1)?.closer === t.CloseParen;
  }

  get areAllLists(): boolean {
    return this.#open.every(({ closer }) => closer === t.CloseParen);
  }

  /** Directly within braces. */
  get isInBranch(): boolean {
    return this.#open.at(-1)?.closer === t.CloseCurly;
  }

  /** What a token opens, going by its place as well as its shape; undefined where it opens nothing. */
  openingOf(token: IToken, last: IToken | undefined, next: IToken | undefined): TokenType | undefined {
    if (!is(token, k.opener)) return undefined;
    const place = this.#reporter.over(token);

    if (is(token, k.openParen)) {
      if (this.isInList || is(last, beforeArguments)) return t.OpenParen;
      if (!is(next, startsItem)) {
        this.#reporter.report(say.argumentsOfNothing(place));
        return t.OpenParen;
      }
      this.#reporter.report(say.wrongOpener(place, 'a group', '[ ]'));
      return t.OpenSquare;
    }
    if (is(token, k.openSquare)) {
      const isTuple = this.isInList && is(last, beforeElement);
      const isArguments =
        is(last, k.name) && endOf(last!) === token.startOffset && /^[\d.]/.test(next?.image ?? '');
      if (!isTuple && !isArguments) return t.OpenSquare;
      this.#reporter.report(say.wrongOpener(place, isTuple ? 'a list of numbers' : 'arguments', '( )'));
      return t.OpenParen;
    }
    if (!is(token, k.openCurly)) return undefined;
    if (!is(last, k.name) || endOf(last!) !== token.startOffset || !/^[\d.]/.test(next?.image ?? ''))
      return t.OpenCurly;
    this.#reporter.report(say.wrongOpener(place, 'arguments', '( )'));
    return t.OpenParen;
  }

  closingOf(token: IToken): TokenType | undefined {
    return is(token, k.closer) ? pairs.find(({ closer }) => is(token, closer))?.type : undefined;
  }

  open(opening: TokenType, token: IToken): void {
    const place = this.#reporter.over(token);
    const { type: written } = pairs.find(({ opener }) => is(token, opener))!;
    if (this.#open.length === deepest) {
      this.#areTooDeep = true;
      this.#reporter.report(say.nestedTooDeep(place, deepest));
    }
    this.#open.push({ closer: closerOf.get(opening)!, written, place });
  }

  /**
   * Meets a closing bracket: which closers are missing before it, and as what it counts itself
   * (undefined: as nothing).
   */
  close(closing: TokenType, place: Span): { before: TokenType[]; closer: TokenType | undefined } {
    const top = this.#open.at(-1);
    const depth = this.#open.findLastIndex(
      ({ closer, written }) => closer === closing || written === closing,
    );
    if (depth >= 0) {
      const before = this.#closeDownTo(depth + 1, place);
      return { before, closer: this.#open.pop()?.closer };
    }
    const forgiven = this.#forgiven.lastIndexOf(closing);
    if (forgiven >= 0) {
      this.#forgiven.splice(forgiven, 1);
      return { before: [], closer: undefined };
    }
    if (top === undefined) {
      this.#reporter.report(say.closesNothing(place));
      return { before: [], closer: undefined };
    }
    this.#reporter.report(say.wrongCloser(place, top.place, textOf(top.closer)));
    this.#forgiven.push(top.closer);
    this.#open.pop();
    return { before: [], closer: top.closer };
  }

  /** Closes the parentheses that something else ends: an arrow, say. */
  closeLists(found: Span): TokenType[] {
    const closers = this.#closeDownTo(
      this.#open.findLastIndex(({ closer }) => closer !== t.CloseParen) + 1,
      found,
    );
    this.#forgiven.push(...closers);
    return closers;
  }

  /** Closes what is open within the innermost branch. */
  closeToBranch(found: Span): TokenType[] {
    const branch = this.#open.findLastIndex(({ closer }) => closer === t.CloseCurly);
    return branch < 0 ? [] : this.#closeDownTo(branch + 1, found);
  }

  /** A closer of this kind may come: that nothing opened it has been said. */
  forgive(closer: TokenType): void {
    this.#forgiven.push(closer);
  }

  closeAll(found: Span): TokenType[] {
    const closers = this.#closeDownTo(0, found);
    this.#forgiven = [];
    return closers;
  }

  #closeDownTo(depth: number, found: Span): TokenType[] {
    const unclosed = this.#open.slice(depth).toReversed();
    this.#open = this.#open.slice(0, depth);
    for (const { closer, place } of unclosed) {
      this.#reporter.report(say.unclosedBracket(found, place, textOf(closer)));
    }
    return unclosed.map(({ closer }) => closer);
  }
}

const textOf = (closer: TokenType): string => t.labelOf(closer).replaceAll("'", '');

// Slips that a few neighbouring tokens show, put right before statements are told apart: what other languages
// write for comments, arguments, loops and bodies. Each is said once, and what was meant takes its place.
import type { IToken, TokenType } from 'chevrotain';
import { is, kind } from './kinds.ts';
import * as k from './kinds.ts';
import { endOf, type Reporter } from './reporter.ts';
import { spanText } from './source.ts';
import * as say from './syntax-errors.ts';
import * as t from './tokens.ts';

/** Braces that close further away stay as they are. */
const farthestBrace = 5000;

/** More sizes than a tensor has. */
const mostSizes = 10;

/** What the first token of such a slip can be. */
const suspicious = kind(t.Stray, t.WrongNumber, t.WrongDims, t.Minus, t.Block, t.LowerName, t.Integer);

const itemStart = kind(t.UpperName, t.CamelName, t.OpenSquare, t.OpenCurly);
const beforeItem = kind(t.Arrow, t.OpenSquare, t.OpenCurly, t.Pipe);
const sizes = kind(t.WrongNumber, t.Integer);

/** What other languages write before a name that gets a value. */
const givesName: ReadonlySet<string> = new Set(['let', 'const', 'var', 'auto', 'val']);

/** More tokens than stand between `<` and `>`, or in the head of a loop or block. */
const farthest = 100;

export interface Mended {
  readonly tokens: readonly IToken[];
  /** Names that stood in front of items, and were left out. */
  readonly meaningless: ReadonlySet<string>;
}

/** The tokens with such slips put right. */
export function mend(tokens: readonly IToken[], reporter: Reporter): Mended {
  if (!tokens.some((token) => is(token, suspicious))) return { tokens, meaningless: new Set() };
  const mender = new Mender(tokens, reporter);
  while (mender.goesOn) mender.step();
  return mender;
}

class Mender implements Mended {
  readonly tokens: IToken[] = [];
  readonly meaningless = new Set<string>();
  readonly #source: readonly IToken[];
  readonly #reporter: Reporter;
  #at = 0;
  /** How many parentheses are open. */
  #depth = 0;
  /** Where the braces end that were meant as brackets. */
  readonly #bracketsEnd = new Set<number>();

  constructor(source: readonly IToken[], reporter: Reporter) {
    this.#source = source;
    this.#reporter = reporter;
  }

  get goesOn(): boolean {
    return this.#at < this.#source.length;
  }

  step(): void {
    const token = this.#source[this.#at]!;
    if (is(token, suspicious) && !this.#reporter.isFull && this.#isMended(token)) return;
    if (this.#bracketsEnd.has(this.#at)) return this.#take(t.CloseSquare);
    if (is(token, k.openParen)) this.#depth++;
    else if (is(token, k.closeParen)) this.#depth = Math.max(0, this.#depth - 1);
    else if (this.#angles(token)) return;
    this.#take();
  }

  /** The token that stands so many places further on. */
  #ahead(places: number): IToken | undefined {
    return this.#source[this.#at + places];
  }

  /** Takes over the next token, perhaps as another one. */
  #take(type?: TokenType): void {
    const token = this.#source[this.#at++]!;
    this.tokens.push(type ? as(token, type, token.image) : token);
  }

  #isMended(token: IToken): boolean {
    if (this.#depth > 0) return is(token, sizes) && this.#pixels(token);
    if (is(token, k.lowerName))
      return this.#loop(token) || this.#definition(token) || this.#nameInFront(token);
    if (token.tokenType === t.Block) return this.#bodyInBraces();
    return this.#comment(token) || this.#sizeInFront(token) || this.#countInFront(token);
  }

  /** `-- text` and `% text`. Two dashes before an operator were meant as an arrow. */
  #comment(token: IToken): boolean {
    const last = token.image === '%' ? token : this.#ahead(1);
    const isSign = token.image === '%' || (isDash(token) && isDash(last) && touch(token, last));
    const [text, next] = [this.#ahead(last === token ? 1 : 2), this.#ahead(3)];
    if (!isSign || !last || touch(last, text)) return false;
    if (last !== token && !isProse(text, next)) return false;
    this.#reporter.reportOnce(say.foreignComment(this.#reporter.over(token, last)));
    const line = token.startLine;
    while (this.goesOn && this.#ahead(0)!.startLine === line) this.#at++;
    return true;
  }

  /** `3x3CONV`. */
  #sizeInFront(token: IToken): boolean {
    const [, size, name] = /^(\d+(?:[x×]\d+)+)([A-Z]\w*)$/.exec(token.image) ?? [];
    if (token.tokenType !== t.WrongDims || !size || !name) return false;
    this.#reporter.report(say.sizeInFront(this.#reporter.over(token), size, name));
    this.tokens.push(as(token, t.UpperName, name));
    this.#at++;
    return true;
  }

  /** `3 x CONV`, `3xCONV`. */
  #countInFront(token: IToken): boolean {
    if (!is(this.tokens.at(-1), beforeItem)) return false;
    const sign = this.#ahead(1);
    if (is(token, k.integer) && sign?.image === 'x' && is(this.#ahead(2), itemStart)) {
      this.#reporter.report(say.countInFront(this.#reporter.over(token, sign), token.image));
      this.#at += 2;
      return true;
    }
    const [, count, name] = /^(\d+)x([A-Z]\w*)$/.exec(token.image) ?? [];
    if (!count || !name) return false;
    this.#reporter.report(say.countInFront(this.#reporter.over(token), count));
    this.tokens.push(as(token, t.UpperName, name));
    this.#at++;
    return true;
  }

  /** `CONV<64>`. */
  #angles(name: IToken): boolean {
    const opening = this.#ahead(1);
    if (!is(name, k.capitalName) || opening?.image !== '<' || !touch(name, opening)) return false;
    const end = this.#find((token) => /^>|^>=/.test(token.image) || is(token, k.arrow), name);
    const closing = this.#source[end];
    if (closing?.image !== '>') return false;
    this.#reporter.report(say.wrongOpener(this.#reporter.over(opening), 'arguments', '( )'));
    this.#take();
    this.#take(t.OpenParen);
    while (this.#at < end) this.#take();
    this.#take(t.CloseParen);
    return true;
  }

  /** `32px x 32px x 3`. */
  #pixels(first: IToken): boolean {
    let places = 0;
    while (
      places < 2 * mostSizes &&
      this.#ahead(places + 1)?.image === 'x' &&
      is(this.#ahead(places + 2), sizes)
    )
      places += 2;
    if (places === 0) return false;
    const run = this.#source.slice(this.#at, this.#at + places + 1);
    const numbers = run.filter((_, at) => at % 2 === 0).map(({ image }) => /^(\d+)(px)?$/.exec(image)?.[1]);
    const hasUnit = run.some(({ image }) => image.endsWith('px'));
    if (!hasUnit || numbers.includes(undefined)) return false;
    const last = run.at(-1)!;
    const written = numbers.join('x');
    this.#reporter.report(say.sizesWithUnits(this.#reporter.over(first, last), written));
    this.tokens.push({ ...as(first, t.Dims, written), ...endAs(last) });
    this.#at += run.length;
    return true;
  }

  /** `let x = INPUT`: without its first word it is `x = INPUT`, of which there is enough to say. */
  #definition(word: IToken): boolean {
    const isOne = givesName.has(word.image) && is(this.#ahead(1), k.lowerName);
    if (!isOne || !is(this.#ahead(2), k.equals)) return false;
    const value = this.#ahead(3);
    if (!is(value, itemStart) && !is(value, k.lowerName)) return false;
    this.#at++;
    return true;
  }

  /** `-> c: CONV`. */
  #nameInFront(name: IToken): boolean {
    const sign = this.#ahead(1);
    const isOne = is(this.tokens.at(-1), beforeItem) && is(sign, k.equals) && is(this.#ahead(2), itemStart);
    if (!isOne || !sign) return false;
    this.#reporter.report(say.nameInFront(this.#reporter.over(name, sign), name.image));
    this.meaningless.add(name.image);
    this.#at += 2;
    return true;
  }

  /** `-> for i in range(3) { … }`. */
  #loop(word: IToken): boolean {
    const isLoop = /^(for|while|repeat)$/.test(word.image) && is(this.tokens.at(-1), k.arrow);
    if (!isLoop || this.#ahead(1)?.startLine !== word.startLine || is(this.#ahead(1), k.arrow)) return false;
    const end = this.#find(
      (token) => is(token, itemStart) || is(token, k.arrow) || token.image === ':',
      word,
    );
    const body = this.#source[end];
    if (!body) return false;
    this.#reporter.report(say.loop(this.#reporter.over(word, this.#source[end - 1]!)));
    this.#at = body.image === ':' ? end + 1 : end;
    this.#braces();
    return true;
  }

  /** `block Name(c) { … }`. */
  #bodyInBraces(): boolean {
    const word = this.#ahead(0)!;
    const hasArguments = is(this.#ahead(2), k.openParen);
    const end = hasArguments ? this.#find((token) => is(token, k.closeParen), word) + 1 : this.#at + 2;
    const opening = this.#source[end];
    if (!is(this.#ahead(1), k.name) || !is(opening, k.openCurly)) return false;
    const head = spanText(this.#reporter.over(this.#ahead(1)!, this.#source[end - 1]!));
    this.#reporter.report(say.bodyInBraces(this.#reporter.over(opening!), head));
    while (this.#at < end) this.#take();
    this.tokens.push({ ...as(opening!, t.Equals, '='), endOffset: opening!.startOffset - 1 });
    this.#braces();
    return true;
  }

  /** Braces around a single chain were meant as brackets. */
  #braces(): void {
    if (!is(this.#ahead(0), k.openCurly)) return;
    let depth = 0;
    const near = this.#source.slice(this.#at, this.#at + farthestBrace);
    for (const [at, token] of near.entries()) {
      if (is(token, k.opener)) depth++;
      if (is(token, k.closer)) depth--;
      if (depth === 1 && is(token, k.pipe)) return;
      if (depth > 0) continue;
      if (is(token, k.closeCurly)) {
        this.#bracketsEnd.add(this.#at + at);
        this.#take(t.OpenSquare);
      }
      return;
    }
  }

  /** Where the next token of a sort stands that is not far; behind all tokens if there is none. */
  #find(isIt: (token: IToken) => boolean, from: IToken): number {
    const near = this.#source.slice(this.#at + 1, this.#at + farthest);
    const found = near.findIndex((token) => isIt(token) || token.startLine !== from.startLine);
    const isOnLine = found >= 0 && near[found]!.startLine === from.startLine;
    return isOnLine ? this.#at + 1 + found : this.#source.length;
  }
}

const isDash = (token: IToken | undefined): boolean => is(token, k.minus) && token?.image === '-';

const touch = (token: IToken, next: IToken | undefined): boolean => next?.startOffset === endOf(token);

/** Whether a comment may begin so, and no item of a chain. */
const isProse = (word: IToken | undefined, next: IToken | undefined): boolean =>
  is(word, k.lowerName) || (is(word, k.name) && is(next, k.name) && next?.startLine === word?.startLine);

const endAs = ({ endOffset = 0, endLine = 1, endColumn = 1 }: IToken) => ({ endOffset, endLine, endColumn });

const as = (token: IToken, tokenType: TokenType, image: string): IToken => ({
  ...token,
  image,
  tokenType,
  tokenTypeIdx: tokenType.tokenTypeIdx!,
});

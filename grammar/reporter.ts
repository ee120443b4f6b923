import type { IToken } from 'chevrotain';
import type { Diagnostic } from './diagnostic.ts';
import { tooManyMistakes } from './syntax-errors.ts';
import type { SourceFile, Span } from './source.ts';

const mostMistakes = 100;

/** Collects what is wrong with one file, and says each place once. */
export class Reporter {
  readonly #source: SourceFile;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #places = new Set<number>();
  /** What was said last, and up to where the same could be said of each sign: `((((`. */
  #run: { readonly diagnostic: Diagnostic; readonly end: number } | undefined;

  constructor(source: SourceFile) {
    this.#source = source;
  }

  get count(): number {
    return this.#diagnostics.length;
  }

  /** After so many mistakes nobody reads on, and neither do we. */
  get isFull(): boolean {
    return this.#places.size > mostMistakes;
  }

  /** Says something about a place, and about others of which it is true as well. */
  report(diagnostic: Diagnostic, others: readonly Span[] = []): void {
    const start = diagnostic.labels[0]?.span.start ?? 0;
    if (this.isFull || this.#places.has(start)) return;
    if (this.#goesOnWith(diagnostic)) return;
    this.#places.add(start);
    for (const other of others) this.#places.add(other.start);
    this.#diagnostics.push(diagnostic);
  }

  /** Says a thing that people get wrong all through a file where it is first found. */
  reportOnce(diagnostic: Diagnostic): void {
    if (this.#diagnostics.some(({ message }) => message === diagnostic.message)) return;
    this.report(diagnostic);
  }

  /** A run of the same mistake is one mistake; of one that nests too deep it is enough to say that. */
  #goesOnWith(diagnostic: Diagnostic): boolean {
    const { start = 0, end = 0 } = diagnostic.labels[0]?.span ?? {};
    // What is said of a sign a second time ends where that does.
    const isNext = end > start && (this.#run?.end === start || this.#run?.end === end);
    const run = isNext ? this.#run : undefined;
    const isSame = run?.diagnostic.code === diagnostic.code && run.diagnostic.message === diagnostic.message;
    if (run && diagnostic.code === 'E005')
      this.#diagnostics.splice(this.#diagnostics.indexOf(run.diagnostic), 1);
    this.#run = { diagnostic: isSame ? run.diagnostic : diagnostic, end };
    return isSame;
  }

  /** Whether something was said about a place from `start` to `end`. */
  hasReportedIn({ start, end }: Span): boolean {
    return [...this.#places].some((place) => place >= start && place <= end);
  }

  span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  /** From the first character of one token to the last of another. */
  over(first: IToken, last: IToken = first): Span {
    return this.span(first.startOffset, endOf(last));
  }

  /** The place behind the last of some tokens, of no width. */
  endOf(tokens: readonly IToken[]): Span {
    const last = tokens.at(-1);
    const end = last === undefined ? 0 : endOf(last);
    return this.span(end, end);
  }

  /** All diagnostics, in the order of the text. */
  sorted(): Diagnostic[] {
    const start = ({ labels }: Diagnostic): number => labels[0]?.span.start ?? 0;
    const sorted = this.#diagnostics.toSorted((a, b) => start(a) - start(b));
    if (!this.isFull) return sorted;
    const place = sorted.at(-1)?.labels[0]?.span ?? this.span(0, 0);
    return [...sorted.slice(0, mostMistakes), tooManyMistakes(place, mostMistakes)];
  }
}

/** The offset after a token. */
export const endOf = (token: IToken): number => (token.endOffset ?? token.startOffset - 1) + 1;

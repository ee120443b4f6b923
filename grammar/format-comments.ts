// Where comments go. They are printed only in gaps, where a line may end: between statements, before
// arrows, before and after arms, between arguments. One that stands elsewhere, within `CONV *2 as a`, say,
// waits for the next gap. So each is printed once, in order, and none can swallow code.
import type { Comment } from './ast.ts';
import { indent, line, trailing, type Doc } from './layout.ts';
import type { SourceFile } from './source.ts';

/** What stands around a gap: offsets in the source. */
interface Gap {
  readonly after: number;
  readonly before: number;
}

const always = line('always');

export class Comments {
  readonly #text: string;
  readonly #comments: readonly Comment[];
  /** Of the first comment that is not printed yet. */
  #next = 0;

  constructor(source: SourceFile, comments: readonly Comment[]) {
    this.#text = source.text;
    this.#comments = comments;
  }

  /**
   * The comments of a gap, indented by so much, and the end of the last of their lines, or `otherwise`
   * where there are none.
   */
  inGap({ after, before }: Gap, otherwise: Doc, by = 0): Doc {
    const taken = this.#takeUntil(before);
    if (taken.length === 0) return otherwise;
    let end = after;
    const docs = taken.map((comment, at): Doc => {
      const isBlank = this.#hasBlankLine({ after: end, before: comment.span.start });
      end = comment.span.end;
      const isTrailing = at === 0 && !this.#isFirstOnLine(comment);
      return isTrailing ? trailing(`  ${comment.text}`) : [line('always', { isBlank }), comment.text];
    });
    return [indent(by, docs), this.lineIn({ after: end, before }, 'always')];
  }

  /** The comments after an opening bracket: the first stays beside it. */
  afterOpening(before: number, otherwise: Doc): Doc {
    const [first, ...others] = this.#takeUntil(before);
    if (first === undefined) return otherwise;
    return [trailing(` ${first.text}`), ...others.map(({ text }) => [always, text]), always];
  }

  /** The end of a line, and an empty line after it where the source has one. */
  lineIn(gap: Gap, ends: 'broken' | 'always'): Doc {
    return line(ends, { isBlank: this.#hasBlankLine(gap) });
  }

  hasLineEnd({ after, before }: Gap): boolean {
    return this.#text.slice(after, before).includes('\n');
  }

  /** Where a sign stands in a gap whose comments are not printed yet. */
  find(sign: string, { after, before }: Gap): number {
    let from = after;
    for (let at = this.#next; at < this.#comments.length; at++) {
      const { start, end } = this.#comments[at]!.span;
      if (start >= before) break;
      const found = this.#text.slice(from, start).indexOf(sign);
      if (found >= 0) return from + found;
      from = Math.max(from, end);
    }
    return this.#text.indexOf(sign, from);
  }

  #takeUntil(offset: number): readonly Comment[] {
    const first = this.#next;
    while (this.#next < this.#comments.length && this.#comments[this.#next]!.span.start < offset)
      this.#next++;
    return this.#comments.slice(first, this.#next);
  }

  #isFirstOnLine({ span: { start } }: Comment): boolean {
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    return start === 0 || this.#text.slice(lineStart, start).trim() === '';
  }

  #hasBlankLine({ after, before }: Gap): boolean {
    return /\n[^\S\n]*\n/.test(this.#text.slice(after, before));
  }
}

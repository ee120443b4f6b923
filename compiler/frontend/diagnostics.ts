import type { Diagnostic, Label } from '../../grammar/diagnostic.ts';
import { tooManyMistakes } from '../../grammar/syntax-errors.ts';
import { spanOver, spanText, type Span } from '../../grammar/source.ts';
import type { Frame } from '../ir/graph.ts';
import type { Code } from '../support/refusal.ts';

interface Details {
  readonly help?: string | undefined;
  /** Said at the place itself. */
  readonly label?: string | undefined;
  readonly related?: readonly Label[];
}

/** After so many mistakes nobody reads on, and neither do we. */
const MOST = 100;

/** Thrown instead of one message too many. */
export class EnoughSaid extends Error {}

/** So many operators in small letters are slips, more are a habit. */
const FEW = 2;

/** Of what is wrong in many places. */
const MOST_PLACES = 6;

interface SmallWord {
  readonly span: Span;
  /** The operator. */
  readonly meant: string;
}

/** Of the blocks around a place. */
const MOST_BLOCKS = 6;

/**
 * Where the blocks around a place are used, the outermost first; not where the place is part of that use. Of many
 * blocks the outermost and the innermost ones.
 */
export function usedHere(blocks: readonly Frame[], place: Span): Label[] {
  const around = blocks.filter(({ span }) => !contains(span, place));
  const left = Math.max(0, around.length - MOST_BLOCKS);
  return around.toSpliced(1, left).map(({ block, span }, at) => ({
    span,
    text: `in ${block}, used here${at === 1 && left > 0 ? `, ${left} blocks further in` : ''}`,
  }));
}

const contains = (outer: Span, { source, start, end }: Span): boolean =>
  outer.source === source && outer.start <= start && end <= outer.end;

/** Collects what is to be said about a program; one slip gives one message. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];
  readonly #aboutText: Span[] = [];
  /** From the brace of a branch that nothing closes to where that was noticed. */
  readonly #openBranches: Span[] = [];
  /** What a missing `as` or arrow was read before. */
  readonly #joined: Span[] = [];
  readonly #said = new Set<string>();
  /** Operators in small letters, by their first characters. */
  readonly #small = new Map<number, SmallWord>();
  #isCutShort = false;

  /** Some text was not read, so that nothing can be said about what it lacks. */
  get isCutShort(): boolean {
    return this.#isCutShort;
  }

  /** Takes over what the parser had to say. */
  addParsed(diagnostics: readonly Diagnostic[]): void {
    for (const { code, labels } of diagnostics) {
      if (code === 'E004' || code === 'E005') this.#isCutShort = true;
      // A missing arrow was read as an arrow: what stands behind it is looked at all the same.
      if (code === 'E010') this.#joined.push(labels[0]!.span);
      else if (labels[0]) this.#aboutText.push(spoiltBy(labels));
      if (code === 'E008' && labels[1] && spanText(labels[1].span) === '{')
        this.#openBranches.push(spanOver(labels[1].span, labels[0]!.span));
    }
    this.list.push(...diagnostics);
  }

  /** Takes back that an arrow is missing before a word, where the word itself explains why. */
  withdrawMissingArrow({ source, start }: Span): void {
    const at = this.list.findIndex(
      ({ code, labels: [place] }) =>
        code === 'E010' && place?.span.source === source && place.span.start === start,
    );
    if (at >= 0) this.list.splice(at, 1);
  }

  /** Says of an operator that it is written in small letters; of many of one file it is said once. */
  reportSmall(span: Span, meant: string): void {
    const [first] = this.#small.values();
    const isOfFile = first === undefined || first.span.source === span.source;
    if (isOfFile && !this.#aboutText.some((place) => touches(place, span)))
      this.#small.set(span.start, { span, meant });
    if (!isOfFile || this.#small.size <= FEW)
      this.report(
        'E030',
        span,
        `unknown operator, block or value '${spanText(span)}'; did you mean ${meant}?`,
      );
  }

  #joinSmall(): void {
    const [first, ...others] = this.#small.values();
    if (!first || others.length < FEW) return;
    const places = new Set([first, ...others].map(({ span }) => span));
    const kept = this.list.filter(({ code, labels: [place] }) => code !== 'E030' || !places.has(place!.span));
    const words = [...new Set([first, ...others].map(({ meant }) => meant))];
    const left = others.length - MOST_PLACES;
    this.list.splice(0, this.list.length, ...kept, {
      code: 'E030',
      severity: 'error',
      message: `operators are written in capitals: ${first.meant}, not '${spanText(first.span)}'`,
      labels: [
        { span: first.span },
        ...others.slice(0, MOST_PLACES).map(({ span, meant }, at) => ({
          span,
          text: at === MOST_PLACES - 1 && left > 0 ? `${meant}, and ${left} more` : meant,
        })),
      ],
      help: `write ${words.slice(0, MOST_PLACES).join(', ')}${words.length > MOST_PLACES ? ', …' : ''}; attributes, names and x stay small`,
    });
  }

  /** Everything, in the order of the text; files in the order in which they were read. Of too much its beginning. */
  sort(): void {
    this.#joinSmall();
    const files = [...new Set(this.list.map(({ labels }) => labels[0]?.span.source))];
    const key = ({ labels }: Diagnostic) => [
      files.indexOf(labels[0]?.span.source),
      labels[0]?.span.start ?? 0,
    ];
    this.list.sort((a, b) => key(a)[0]! - key(b)[0]! || key(a)[1]! - key(b)[1]!);
    const left = this.list.splice(MOST);
    const place = left.find(({ severity }) => severity === 'error')?.labels[0]?.span;
    if (place) this.list.push(tooManyMistakes(place, MOST));
  }

  /**
   * An error (`E…`) or a warning (`W…`) at a place. Silent where the same was said before, as in every
   * turn of a repeat, and where the parser has complained already. Throws `EnoughSaid`.
   */
  report(code: Code, at: Span, message: string, { help, label, related = [] }: Details = {}): void {
    const key = `${code} ${at.source.path} ${at.start} ${at.end}`;
    if (this.#said.has(key) || this.#aboutText.some((place) => touches(place, at))) return;
    // A merge in a branch without its end joins that branch; a name without its `as` is perhaps none.
    if (code === 'E027' && this.#openBranches.some((branch) => contains(branch, at))) return;
    if (code === 'E035' && this.#joined.some((place) => touches(place, at))) return;
    // What stands in no text was written elsewhere, as in `x = CONV`, which has been said.
    if (code === 'E035' && at.start === at.end) return;
    this.#said.add(key);
    if (this.#said.size > MOST) {
      if (code.startsWith('E')) this.list.push(tooManyMistakes(at, MOST));
      throw new EnoughSaid();
    }
    this.list.push({
      code,
      severity: code.startsWith('E') ? 'error' : 'warning',
      message,
      labels: [{ span: at, ...(label !== undefined && { text: label }) }, ...related],
      ...(help !== undefined && { help }),
    });
  }
}

/** What cannot be trusted after a mistake in the text: its place; all arguments, where their end is missing. */
function spoiltBy([place, related]: readonly Label[]): Span {
  const opensArguments = related && spanText(related.span) === '(' && related.span.start < place!.span.start;
  return opensArguments ? spanOver(related.span, place!.span) : place!.span;
}

const touches = (a: Span, b: Span): boolean => a.source === b.source && a.start <= b.end && a.end >= b.start;

// `program.path = file.name`, one pair on a line; `#` begins a comment.
import { positionAt, sourceFile, spanText, type Span } from '../../../grammar/source.ts';
import type { Complaint } from '../../support/refusal.ts';
import { showName } from '../../support/show-name.ts';

/** A file of pairs, and how messages name it. */
export interface BindMap {
  readonly path: string;
  readonly text: string;
}

/** What a weight of the program is called in the weights file. */
export interface Pair {
  readonly tensor: string;
  /** Where the program's path and the file's name stand, where they were read from a text. */
  readonly places?: { readonly weight: Span; readonly tensor: Span };
}

/** A complaint about one place of a text. */
export interface PlacedComplaint extends Complaint {
  readonly place?: Span | undefined;
}

/** The pairs by the program's paths; each line that is none makes a complaint. */
export function readBindMap({ path, text }: BindMap): {
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly complaints: readonly PlacedComplaint[];
} {
  const source = sourceFile(text, path);
  const pairs = new Map<string, Required<Pair>>();
  const complaints: PlacedComplaint[] = [];
  const complain = (place: Span, message: string) => complaints.push({ code: 'E063', message, place });
  for (const { index, 0: line } of text.matchAll(/[^\r\n]+/g)) {
    const end = index + line.replace(/(^|\s)#.*/, '').length;
    const said = trimmed({ source, start: index, end });
    if (spanText(said) === '') continue;
    const places = sidesOf(said);
    if (!places) {
      complain(said, `expected program.path = file.name, found ${showName(spanText(said))}`);
      continue;
    }
    const weight = spanText(places.weight);
    const before = pairs.get(weight);
    if (before) {
      const { line } = positionAt(source, before.places.weight.start);
      complain(places.weight, `${showName(weight)} was paired before, on line ${line}`);
    } else pairs.set(weight, { tensor: spanText(places.tensor), places });
  }
  return { pairs, complaints };
}

/** What stands on either side of the one `=`. */
function sidesOf(pair: Span): Pair['places'] {
  const text = spanText(pair);
  const equals = pair.start + text.indexOf('=');
  const weight = trimmed({ ...pair, end: equals });
  const tensor = trimmed({ ...pair, start: equals + 1 });
  const isPair = text.split('=').length === 2 && spanText(weight) !== '' && spanText(tensor) !== '';
  return isPair ? { weight, tensor } : undefined;
}

function trimmed(span: Span): Span {
  const text = spanText(span);
  const start = span.end - text.trimStart().length;
  return { ...span, start, end: start + text.trim().length };
}

import type { Diagnostic } from './diagnostic.ts';
import type { SourceFile, Span } from './source.ts';
import { fileTooLarge, notText } from './syntax-errors.ts';

/** In characters; the largest program we know has a few hundred. */
export const LARGEST_FILE = 4_000_000;

/** Why a file is not worth reading as a program, if so: weights given by mistake, for instance. */
export function whyUnreadable(source: SourceFile): Diagnostic | undefined {
  const { text } = source;
  const at = (start: number): Span => ({ source, start, end: Math.min(start + 1, text.length) });
  if (text.length > LARGEST_FILE) return fileTooLarge(at(0), LARGEST_FILE / 1_000_000);
  const control = text.search(/(?!\s)\p{Cc}/u);
  return control < 0 ? undefined : notText(at(control));
}

import type { Diagnostic, Label } from './diagnostic.ts';
import { spanText, type Span } from './source.ts';
import type { SyntaxCode } from './syntax-codes.ts';

interface Details {
  readonly help?: string;
  /** Said at the place itself. */
  readonly here?: string;
  readonly related?: Label;
}

export function error(code: SyntaxCode, span: Span, message: string, details: Details = {}): Diagnostic {
  const { help, here, related } = details;
  const place: Label = here === undefined ? { span } : { span, text: here };
  return {
    code,
    severity: 'error',
    message,
    labels: related === undefined ? [place] : [place, related],
    ...(help !== undefined && { help }),
  };
}

/** Texts that are longer are not shown whole. */
export const longest = 40;

/** The text of a place in quotes, cut where it is long; what to call it where there is none. */
export function quoted(span: Span): string {
  const text = spanText(span);
  if (text === '') return 'the end of the statement';
  return text.length > longest ? `'${text.slice(0, longest)}…'` : `'${text}'`;
}

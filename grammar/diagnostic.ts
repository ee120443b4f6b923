import type { Span } from './source.ts';

export type Severity = 'error' | 'warning';

/** A place that a diagnostic points at, and what to say there. */
export interface Label {
  readonly span: Span;
  readonly text?: string;
}

/**
 * A message about the user's input, as data. `labels[0]` is where it happened; further labels are
 * related places ("ADD joins this arm … with this one"). A diagnostic about a file as a whole
 * (a weights file, say) has no labels and names the file in its message.
 */
export interface Diagnostic {
  /** Stable: `E011`, `W101`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly labels: readonly Label[];
  /** What to do about it, in one line. */
  readonly help?: string;
}

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error';

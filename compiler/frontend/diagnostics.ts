import type { Diagnostic, Label } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import type { Code } from '../support/refusal.ts';

/** Collects what is to be said about a program. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  /** An error (`E…`) or a warning (`W…`) at a place. */
  report(
    code: Code,
    at: Span,
    message: string,
    {
      help,
      label,
      related = [],
    }: { help?: string | undefined; label?: string; related?: readonly Label[] } = {},
  ): void {
    this.list.push({
      code,
      severity: code.startsWith('E') ? 'error' : 'warning',
      message,
      labels: [{ span: at, ...(label !== undefined && { text: label }) }, ...related],
      ...(help !== undefined && { help }),
    });
  }
}

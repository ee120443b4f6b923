import { jsonDiagnostic, compactDiagnostic, renderDiagnostic, type Diagnostic } from '../../grammar/index.ts';
import { ReportedError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** How diagnostics are shown: with source lines, one line each, or as JSON. */
export type ReportFormat = 'text' | 'compact' | 'json';

/** Prints diagnostics to standard error. */
export function report(
  diagnostics: readonly Diagnostic[],
  terminal: Terminal,
  format: ReportFormat = 'text',
): void {
  if (format === 'json') {
    if (diagnostics.length > 0)
      terminal.err(`${JSON.stringify({ diagnostics: diagnostics.map(jsonDiagnostic) }, undefined, 2)}\n`);
    return;
  }
  const print =
    format === 'compact'
      ? compactDiagnostic
      : (each: Diagnostic) => renderDiagnostic(each, { color: terminal.color.err });
  for (const diagnostic of diagnostics) terminal.err(`${print(diagnostic)}\n`);
}

/** Prints diagnostics; a result that is not ok ends the command with exit code 1. */
export function reportResult(
  { ok, diagnostics }: { readonly ok: boolean; readonly diagnostics: readonly Diagnostic[] },
  terminal: Terminal,
  format: ReportFormat = 'text',
): void {
  report(diagnostics, terminal, format);
  if (!ok) throw new ReportedError();
}

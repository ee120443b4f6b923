import {
  jsonDiagnostic,
  compactDiagnostic,
  renderDiagnostic,
  sourceFile,
  type Diagnostic,
} from '../../grammar/index.ts';
import { FileError, ReportedError, type InputError } from './failure.ts';
import { formatJson } from './json.ts';
import type { Terminal } from './terminal.ts';

/** How diagnostics are shown: with source lines, one line each, or as JSON. */
export type ReportFormat = 'text' | 'compact' | 'json';

/** Prints diagnostics to standard error. */
export function report(
  diagnostics: readonly Diagnostic[],
  terminal: Terminal,
  format: 'text' | 'compact' = 'text',
): void {
  const print =
    format === 'compact'
      ? compactDiagnostic
      : (each: Diagnostic) => renderDiagnostic(each, { color: terminal.color.err });
  for (const diagnostic of diagnostics) terminal.err(`${print(diagnostic)}\n`);
}

interface Result {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** What every command with --json prints to standard output when it cannot do what was asked. */
export function reportJson({ ok, diagnostics }: Result, terminal: Terminal): void {
  terminal.out(formatJson({ ok, diagnostics: diagnostics.map(jsonDiagnostic) }));
}

/**
 * Prints diagnostics; a result that is not ok ends the command with exit code 1. With JSON standard output has
 * what was asked for or, in its place, what is wrong; warnings go to standard error in both cases.
 */
export function reportResult(result: Result, terminal: Terminal, format: ReportFormat = 'text'): void {
  if (format === 'json' && !result.ok) reportJson(result, terminal);
  else report(result.diagnostics, terminal, format === 'json' ? 'compact' : format);
  if (!result.ok) throw new ReportedError();
}

/** What is wrong with a file, or with the command line, as data. */
export const inputDiagnostic = (error: InputError): Diagnostic => ({
  code: 'E047',
  severity: 'error',
  message: error instanceof FileError ? error.reason : error.message,
  labels:
    error instanceof FileError ? [{ span: { source: sourceFile('', error.path), start: 0, end: 0 } }] : [],
});

// A program seen in other ways: as itself with everything spelled.
import { frontend, type CheckResult } from './compile.ts';
import { explain } from './explain/explain.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import type { SourceOptions } from './options.ts';

export interface ExplainOptions extends SourceOptions {
  /** Says by comments which arguments nobody wrote, and why they are what they are. Default: true. */
  readonly marks?: boolean;
  /** Lines are no longer than this, where that is possible. */
  readonly width?: number;
}

export interface ExplainResult extends CheckResult {
  /** A program for the same network, without defaults. */
  readonly text?: string;
}

/** The program with every argument of every operator spelled. */
export async function explainProgram({
  marks = true,
  width = 100,
  ...options
}: ExplainOptions): Promise<ExplainResult> {
  const diagnostics = new Diagnostics();
  const built = await frontend(options, diagnostics);
  return {
    ok: built !== undefined,
    diagnostics: diagnostics.list,
    ...(built && { text: explain(built, { marks, width }) }),
  };
}

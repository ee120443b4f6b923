import { Command } from 'commander';
import { format, sourceFile } from '../../../grammar/index.ts';
import { InputError, ReportedError } from '../failure.ts';
import { nameOf, readSource, STDIN } from '../read-input.ts';
import { report } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { writeOutput } from '../write-files.ts';

interface Flags {
  readonly check?: true;
  readonly stdin?: true;
}

export const fmtCommand = (terminal: Terminal): Command =>
  new Command('fmt')
    .summary('lay out programs in the one style')
    .description(
      'Lays out programs, in their files. Comments stay; a program with mistakes is left as it is.\n' +
        'Prints the files that it changed.',
    )
    .argument('[file...]', '.cnn programs')
    .option('--check', 'change nothing; print the files that are not formatted, and exit with 1 if any')
    .option('--stdin', 'read a program from standard input and print it formatted')
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc fmt *.cnn\n  cnnc fmt --check *.cnn\n  cnnc fmt --stdin < net.cnn',
    )
    .action(async (files: string[], { check, stdin }: Flags, command: Command) => {
      if (files.length === 0 && !stdin) command.error("error: missing argument 'file'; or give --stdin");
      if (files.length > 0 && stdin) command.error('error: --stdin and files exclude each other');
      let isFine = true;
      for (const file of stdin ? [STDIN] : files) {
        const isDone = await goingOn(terminal, () =>
          check ? checkFile(file, terminal) : formatFile(file, terminal),
        );
        isFine &&= isDone;
      }
      if (!isFine) throw new ReportedError();
    });

/** A file that cannot be read or written is named, and the others are still looked at. */
async function goingOn(terminal: Terminal, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    terminal.err(`cnnc: ${error.message}\n`);
    return false;
  }
}

/** Whether a program is formatted already; prints its name if not. */
async function checkFile(file: string, terminal: Terminal): Promise<boolean> {
  const { before, after } = await readFormatted(file, terminal);
  if (after !== undefined && after !== before) terminal.out(`${nameOf(file)}\n`);
  return after === before;
}

/** Formats a program in its place, and prints its name where that changed it. */
async function formatFile(file: string, terminal: Terminal): Promise<boolean> {
  const { before, after } = await readFormatted(file, terminal);
  if (after === undefined) return false;
  if (file === STDIN) terminal.out(after);
  else if (after !== before) {
    await writeOutput(file, new TextEncoder().encode(after), terminal);
    terminal.out(`${file}\n`);
  }
  return true;
}

/** A program as it is and as it should be; without the latter where it has mistakes, which are printed. */
async function readFormatted(
  file: string,
  terminal: Terminal,
): Promise<{ before: string; after: string | undefined }> {
  const before = await readSource(file, terminal);
  const result = format(sourceFile(before, nameOf(file)));
  if ('text' in result) return { before, after: result.text };
  report(result.diagnostics, terminal);
  return { before, after: undefined };
}

import { writeFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { PassFailure, version } from '../index.ts';
import { benchCommand } from './commands/bench.ts';
import { checkCommand } from './commands/check.ts';
import { compileCommand } from './commands/compile.ts';
import { explainCommand } from './commands/explain.ts';
import { fmtCommand } from './commands/fmt.ts';
import { optCommand } from './commands/opt.ts';
import { exportCommand } from './commands/export.ts';
import { graphCommand } from './commands/graph.ts';
import { importCommand } from './commands/import.ts';
import { runCommand } from './commands/run.ts';
import { summaryCommand } from './commands/summary.ts';
import { verifyCommand } from './commands/verify.ts';
import { weightsCommand } from './commands/weights.ts';
import { InputError, ReportedError } from './failure.ts';
import { inputDiagnostic, reportJson } from './report.ts';
import type { Terminal } from './terminal.ts';

/** Every command, in the order of `--help`. */
const COMMANDS = [
  compileCommand,
  checkCommand,
  summaryCommand,
  explainCommand,
  graphCommand,
  fmtCommand,
  runCommand,
  verifyCommand,
  benchCommand,
  importCommand,
  exportCommand,
  weightsCommand,
  optCommand,
];

/** Exit codes: all is well; the input's fault; the command line's. */
const [OK, INPUT, USAGE] = [0, 1, 2];

/** Runs one command line (without `node` and the script) and gives the exit code. Never throws for bad input. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('cnnc')
    .description('Compiles convolutional networks into small standalone modules.')
    .version(version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 all is well, 1 something is wrong with the input, 2 wrong usage.\n' +
        'With --json, standard output has the result, or { "ok": false, "diagnostics": [...] } in its place.',
    );
  for (const command of COMMANDS) program.addCommand(command(terminal));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'cnnc: ')),
    });
    command.showHelpAfterError(`(cnnc ${command === program ? '' : `${command.name()} `}--help says more)`);
  }
  const isCommand = (name: string): boolean =>
    name === 'help' || program.commands.some((command) => command.name() === name);
  try {
    await program.parseAsync(withKnownHelp(args, isCommand), { from: 'user' });
    return OK;
  } catch (error) {
    if (error instanceof InputError && args.includes('--json')) {
      reportJson({ ok: false, diagnostics: [inputDiagnostic(error)] }, terminal);
      return INPUT;
    }
    return exitCode(error, terminal);
  }
}

/** `help chekc` is answered as `chekc` is: commander itself would print the help of everything. */
function withKnownHelp(args: readonly string[], isCommand: (name: string) => boolean): string[] {
  const [first, command, ...rest] = args;
  const isUnknown =
    first === 'help' && command !== undefined && !command.startsWith('-') && !isCommand(command);
  return isUnknown ? [command, ...rest] : [...args];
}

function exitCode(error: unknown, terminal: Terminal): number {
  if (error instanceof ReportedError) return INPUT;
  if (error instanceof CommanderError) return error.exitCode === 0 ? OK : USAGE;
  if (error instanceof InputError) {
    terminal.err(`cnnc: ${error.message}\n`);
    return INPUT;
  }
  if (error instanceof PassFailure) reportFailure(error, terminal);
  throw error;
}

/** A mistake of ours: what makes it happen again is kept for the report. */
function reportFailure({ reproducer }: PassFailure, terminal: Terminal): void {
  writeFileSync('repro.cir', reproducer);
  terminal.err('cnnc: this is a bug of cnnc; `cnnc opt repro.cir` makes it happen again\n');
}

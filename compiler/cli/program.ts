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
    .addHelpText('after', '\nExit codes: 0 all is well, 1 something is wrong with the input, 2 wrong usage.');
  for (const command of COMMANDS) program.addCommand(command(terminal));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'cnnc: ')),
    });
    command.showHelpAfterError(`(cnnc ${command === program ? '' : `${command.name()} `}--help says more)`);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return OK;
  } catch (error) {
    return exitCode(error, terminal);
  }
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

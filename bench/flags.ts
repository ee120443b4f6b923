// The command line of `npm run bench`.
import { Command, Option } from 'commander';
import { parseCount } from '../compiler/cli/weights-flags.ts';
import { MODELS } from '../test/support/onnx-models.ts';
import { WORKLOADS } from './workloads.ts';

export interface Flags {
  /** Workloads, or models with `--models`; all of them when there is none. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** For each workload: no round begins after them, but for the first three. */
  readonly seconds: number;
  /** Contestants; all of them when it is left out. */
  readonly only?: readonly string[];
  readonly target: keyof typeof CONTESTANTS;
  readonly models?: true;
  readonly compile?: true;
  readonly soak?: true;
  readonly json?: true;
}

/** Who takes part, by target. */
export const CONTESTANTS = {
  js: ['cnnc', 'direct', 'naive loop', 'tfjs cpu', 'onnxruntime-web'],
  webgpu: ['cnnc', 'onnxruntime-web', 'tfjs'],
} as const;

/** Reads a command line; ends the process where it asks for help (0), or is wrong (2). */
export function readFlags(args: readonly string[]): Flags {
  const command = benchCommand();
  const flags: Flags = { ...command.parse(args, { from: 'user' }).opts(), names: command.args };
  const ids = WORKLOADS.map(({ id }) => id);
  requireKnown(command, flags.models ? 'model' : 'workload', flags.names, flags.models ? MODELS : ids);
  requireKnown(command, 'contestant', flags.only ?? [], CONTESTANTS[flags.target]);
  return flags;
}

const benchCommand = (): Command =>
  new Command('npm run bench --')
    .description('Compares cnnc with its peers: outputs first, then times. Medians of processor time.')
    .argument(
      '[names...]',
      `workloads (${WORKLOADS.map(({ id }) => id).join(', ')}), or models with --models`,
    )
    .option('--rounds <count>', 'turns of each contestant', parseCount, 11)
    .option('--seconds <count>', 'how long a workload goes on, three rounds at least', parseCount, 30)
    .option('--only <contestants>', 'some of them, with commas in between', (names) => names.split(','))
    .addOption(
      new Option('--target <name>', 'what cnnc generates').choices(Object.keys(CONTESTANTS)).default('js'),
    )
    .option('--models', 'real ONNX models instead: sizes of bundles, times, errors')
    .option('--compile', 'the compiler instead, on programs of up to 100,000 layers')
    .option('--soak', 'the memory of many runs instead')
    .option('--json', 'figures as data')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run bench -- W2 N1 --rounds 7\n  npm run bench -- --target webgpu',
    )
    .showHelpAfterError('(npm run bench -- --help says more)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'bench: ')) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

function requireKnown(
  command: Command,
  what: string,
  names: readonly string[],
  all: readonly string[],
): void {
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined)
    command.error(`error: there is no ${what} ${JSON.stringify(unknown)}; there are ${all.join(', ')}`);
}

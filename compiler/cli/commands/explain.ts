import { Command, Option } from 'commander';
import { explain, optimize, type GraphCosts, type LayerChange, type SourceOptions } from '../../index.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { formatCount } from '../table.ts';
import { InputError } from '../failure.ts';
import { oneSize, openSize, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import type { Terminal } from '../terminal.ts';

interface Flags extends SizeFlags, OnnxFlags {
  readonly plain?: true;
  readonly optimized?: true;
}

export const explainCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withOnnxFlags(
      new Command('explain')
        .summary('the program with every attribute spelled')
        .description(
          'Prints the program with every attribute of every operator. What nobody wrote is marked: as a default of\n' +
            'the file or the operator, or with the reason why a rule decided so. The text is a program itself, for\n' +
            'the same network with the same names of weights.',
        )
        .argument('<file>', FILE_HELP),
    ),
  )
    .option('--plain', 'without the marks')
    .addOption(
      new Option('--optimized', 'instead: what the passes make of it, line by line').conflicts('plain'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc explain net.cnn\n  cnnc explain net.cnn --plain > spelled.cnn\n  cnnc explain net.cnn --optimized',
    )
    .action(async (file: string, { plain, optimized, ...flags }: Flags) => {
      const source = await programSource(file, terminal, flags);
      if (optimized) return explainOptimized({ ...source, ...oneSize(flags) }, terminal);
      const { dense, stride, method } = flags;
      if ([dense, stride, method].some((flag) => flag !== undefined))
        throw new InputError(
          '--dense, --stride and --method are for --optimized: the program stays what it is',
        );
      const result = await explain({ ...(await openSize(source, flags)), marks: plain !== true });
      reportResult(result, terminal);
      const text = result.text!; // there is one when all is well
      terminal.out(terminal.color.out ? dimMarks(text) : text);
    });

const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Lines that end with a mark hold what nobody wrote. */
const dimMarks = (text: string): string =>
  text.replaceAll(/^(\s*)(\S.*  # .*|# .*)$/gm, `$1${DIM}$2${RESET}`);

async function explainOptimized(source: SourceOptions, terminal: Terminal): Promise<void> {
  const result = await optimize(source);
  reportResult(result, terminal);
  // Changes come in the order of the program: each line is a heading once.
  const lines = result.changes.map((change, i, all) => {
    const before = all[i - 1];
    const heading = before && lineOf(before) === lineOf(change) ? '' : `${lineOf(change)}\n`;
    return `${heading}    ${change.change}\n`;
  });
  // They are there when all is well.
  terminal.out(`${lines.join('')}${costs(result.before!, result.after!)}\n`);
}

/** `net.cnn:6` */
const lineOf = ({ file, line, path }: LayerChange): string => (line === undefined ? path : `${file}:${line}`);

function costs(before: GraphCosts, after: GraphCosts): string {
  const change = (what: keyof GraphCosts) => `${formatCount(before[what])} → ${formatCount(after[what])}`;
  return [
    `kernels: ${change('kernels')}`,
    `multiply-accumulates: ${change('macs')}`,
    `memory for values: ${change('arenaBytes')} bytes`,
  ].join('\n');
}

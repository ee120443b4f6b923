import { Command } from 'commander';
import { optimize, passes, type OptimizeResult } from '../../index.ts';
import { didYouMean } from '../../support/suggest.ts';
import { InputError } from '../failure.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { forEachSize, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { writeFiles } from '../write-files.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly passes?: string;
  readonly printIrAfter?: string;
  readonly dumpIr?: string;
  readonly timings?: true;
}

export const optCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('opt')
          .summary('run passes over a program or a graph, and print the graph')
          .description(
            'Runs passes and prints the graph. Needs no weights; with them, constants are folded too.',
          )
          .argument('<file>', 'a .cnn program, or a graph in its text form (.cir)'),
      ),
    ),
  )
    .option('--passes <list>', 'which, in order, separated by commas; default: those of every compilation')
    .option(
      '--print-ir-after <which>',
      'also print the graph after this pass, after all, or after each change',
    )
    .option('--dump-ir <dir>', 'write the graph after each pass to numbered files')
    .option('--timings', 'print how long each pass took')
    .addHelpText('after', () => `\nPasses:\n${passTable()}`)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc opt examples/models/06-resnet18.cnn --passes=fold-batch-norm,fuse-epilogues\n' +
        '  cnnc opt graph.cir --print-ir-after=change --timings',
    )
    .action(async (file: string, flags: Flags) => {
      const { printIrAfter, dumpIr, passes: wanted } = flags;
      if (printIrAfter !== undefined) requirePass(printIrAfter);
      const source = { ...(await programSource(file, terminal, flags)), ...(await readWeights(flags)) };
      const files = new Map<string, Uint8Array>();
      await forEachSize(flags, async (options, title) => {
        const result = await optimize({
          ...source,
          ...options,
          ...(wanted !== undefined && { passes: wanted }),
        });
        reportResult(result, terminal);
        if (title !== undefined) terminal.out(`# at ${title}\n`);
        terminal.out(stagesToPrint(result, printIrAfter) + result.text!); // there is one when all is well
        for (const [name, text] of dumps(result)) files.set(title ? `${title}-${name}` : name, text);
        if (flags.timings) terminal.err(timings(result));
      });
      if (dumpIr !== undefined) await writeFiles(dumpIr, files, '--dump-ir');
    });

/** Nothing would be printed after a pass that there is not. */
function requirePass(name: string): void {
  const known = ['all', 'change', ...passes().map((pass) => pass.name)];
  if (known.includes(name)) return;
  throw new InputError(
    `--print-ir-after: there is no pass '${name}'${didYouMean(name, known)} (all and change are possible, too)`,
  );
}

function stagesToPrint({ stages }: OptimizeResult, which: string | undefined): string {
  return stages
    .filter(({ pass, hasFired }) => which === 'all' || which === pass || (which === 'change' && hasFired))
    .map(({ pass, text }) => `# after ${pass}\n${text}\n`)
    .join('');
}

/** `01-eliminate-dead-code.cir`, `02-…` */
const dumps = ({ stages }: OptimizeResult): Map<string, Uint8Array> =>
  new Map(
    stages.map(({ pass, text }, index) => [
      `${String(index + 1).padStart(2, '0')}-${pass}.cir`,
      new TextEncoder().encode(text),
    ]),
  );

function timings({ stages }: OptimizeResult): string {
  const rows = stages.map(({ pass, numeric, hasFired, milliseconds }) => [
    pass,
    numeric,
    hasFired ? 'changed' : '',
    milliseconds.toFixed(2),
  ]);
  return formatTable([['pass', 'numbers', '', 'ms'], ...rows], ['left', 'left', 'left', 'right']);
}

const passTable = (): string =>
  formatTable(
    passes().map(({ name, numeric, doc }) => [`  ${name}`, numeric, doc]),
    ['left', 'left', 'left'],
  );

import { Command } from 'commander';
import { optimize, passes, type OptimizeResult } from '../../index.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { sizeOptions, withSizeFlags, type SizeFlags } from '../size-flags.ts';
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
      const result = await optimize({
        ...(await programSource(file, terminal, flags)),
        ...(await readWeights(flags)),
        ...sizeOptions(flags),
        ...(flags.passes !== undefined && { passes: flags.passes }),
      });
      reportResult(result, terminal);
      terminal.out(stagesToPrint(result, flags.printIrAfter) + result.text!); // there is one when all is well
      if (flags.dumpIr !== undefined) await writeFiles(flags.dumpIr, dumps(result));
      if (flags.timings) terminal.err(timings(result));
    });

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

import { Command } from 'commander';
import { summarize, type Summary } from '../../index.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { sizeOptions, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatCount, formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const summaryCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    new Command('summary')
      .summary('shapes, parameters and costs, layer by layer')
      .description('Prints the shape, parameters and multiply-accumulates of every layer. Needs no weights.')
      .argument('<file>', FILE_HELP),
  )
    .option('--json', 'print { "layers", "params", "macs" }')
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc summary examples/models/02b-vgg16.cnn\n  cnnc summary net.cnn --json\n' +
        '  cnnc summary examples/models/02b-vgg16.cnn --at 384x384 --dense --stride 16',
    )
    .action(async (file: string, { json, ...flags }: SizeFlags & { readonly json?: true }) => {
      const result = await summarize({ ...(await programSource(file, terminal)), ...sizeOptions(flags) });
      reportResult(result, terminal, json ? 'json' : 'text');
      const summary = result.summary!; // there is one when all is well
      terminal.out(json ? `${JSON.stringify(summary, undefined, 2)}\n` : table(summary));
    });

function table({ layers, params, macs }: Summary): string {
  const rows = layers.map((layer) => [
    layer.name,
    layer.op,
    layer.output.join('×'),
    formatCount(layer.params),
    formatCount(layer.macs),
  ]);
  const total = ['total', '', '', formatCount(params), formatCount(macs)];
  return formatTable(
    [['layer', 'operator', 'output', 'parameters', 'MACs'], ...rows, total],
    ['left', 'left', 'left', 'right', 'right'],
  );
}

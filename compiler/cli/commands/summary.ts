import { Command, Option } from 'commander';
import {
  groupSummary,
  summarize,
  type LayerSummary,
  type SummarizeResult,
  type Summary,
  type Transpose,
} from '../../index.ts';
import { formatBytes } from '../../support/bytes.ts';
import { formatJson } from '../json.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, isOnnx, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { forEachSize, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatCount, formatMarkdown, formatTable, type Align } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { parseCount } from '../weights-flags.ts';

/** A plan of memory takes passes over the whole network, and longer than all the rest of a summary. */
const MOST_PLANNED = 20_000;

interface SummaryFlags extends SizeFlags, OnnxFlags {
  readonly json?: true;
  readonly markdown?: true;
  readonly depth?: number;
}

export const summaryCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withOnnxFlags(
      new Command('summary')
        .summary('shapes, parameters and costs, layer by layer')
        .description(
          'Prints the shape, parameters, multiply-accumulates, receptive field and size of every layer, and up to 20,000 layers what memory they need together. Needs no weights.',
        )
        .argument('<file>', FILE_HELP),
    ),
  )
    .option('--depth <n>', 'one row for all layers whose paths begin with the same n names', parseCount)
    .option('--json', 'print { "layers", "params", "macs", "memory" }; a list of them for several sizes')
    .addOption(new Option('--markdown', 'print a Markdown table').conflicts('json'))
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc summary examples/models/06-resnet18.cnn --depth 1\n  cnnc summary net.cnn --json\n' +
        '  cnnc summary examples/models/02b-vgg16.cnn --at 384x384 --dense --stride 16',
    )
    .action(async (file: string, { json, markdown, depth, ...sizes }: SummaryFlags) => {
      const source = await programSource(file, terminal, sizes);
      const all: object[] = [];
      await forEachSize(sizes, async (options, title) => {
        const result = await summarize({ ...source, ...options });
        reportResult(result, terminal, json ? 'json' : 'text');
        const whole = result.summary!; // it is there when all is well
        const isPlanned = whole.layers.length <= MOST_PLANNED;
        const { memory, transposes = [] } = isPlanned ? result : {};
        const summary = depth === undefined ? whole : groupSummary(whole, depth);
        all.push({ ...(title !== undefined && { at: title }), ...summary, memory, transposes });
        if (json) return;
        if (title !== undefined) terminal.out(`${all.length > 1 ? '\n' : ''}at ${title}\n`);
        terminal.out((markdown ? formatMarkdown : formatTable)(rows(summary), ALIGNS));
        terminal.out(`\n${memory ? memoryLine(memory) : NOT_PLANNED}\n`);
        if (isOnnx(file)) terminal.out(layoutChanges(transposes));
      });
      if (json) terminal.out(formatJson(all.length === 1 ? all[0] : all));
    });

type Memory = NonNullable<SummarizeResult['memory']>;

const NOT_PLANNED = `activations: not planned, for there are more than ${MOST_PLANNED.toLocaleString('en')} layers`;

/** Scratch belongs to the JavaScript target; a network may need none. */
function memoryLine({ peakBytes, lowerBoundBytes, scratchBytes }: Memory): string {
  const scratch = scratchBytes > 0 ? ` + ${formatBytes(scratchBytes)} scratch of kernels` : '';
  return `activations: ${formatBytes(peakBytes)} at the peak (no plan needs less than ${formatBytes(lowerBoundBytes)})${scratch}`;
}

/** Where data moves between the layouts of the model and of kernels. */
function layoutChanges(transposes: readonly Transpose[]): string {
  if (transposes.length === 0) return 'layouts: nothing is transposed\n';
  const rows = transposes.map(({ layer, from, to, why }) => [
    layer,
    `${from.join('×')} → ${to.join('×')}`,
    why,
  ]);
  return `\nlayouts: ${transposes.length} transposed\n${formatTable(rows, ['left', 'left', 'left'])}`;
}

/** The columns, left to right. */
const COLUMNS: readonly {
  readonly head: string;
  readonly align: Align;
  readonly cell: (layer: LayerSummary) => string;
}[] = [
  { head: 'layer', align: 'left', cell: ({ name }) => name },
  { head: 'operator', align: 'left', cell: ({ op }) => op },
  { head: 'output', align: 'left', cell: ({ output }) => output.join('×') },
  { head: 'parameters', align: 'right', cell: ({ params }) => formatCount(params) },
  { head: 'share', align: 'right', cell: ({ share }) => percent(share) },
  { head: 'MACs', align: 'right', cell: ({ macs }) => formatCount(macs) },
  { head: 'sees', align: 'right', cell: ({ receptiveField }) => receptiveField.join('×') },
  { head: 'memory', align: 'right', cell: ({ activationBytes }) => formatBytes(activationBytes) },
];

const ALIGNS = COLUMNS.map(({ align }) => align);

function rows({ layers, params, macs, activationBytes }: Summary): string[][] {
  return [
    COLUMNS.map(({ head }) => head),
    ...layers.map((layer) => COLUMNS.map(({ cell }) => cell(layer))),
    ['total', '', '', formatCount(params), '', formatCount(macs), '', formatBytes(activationBytes)],
  ];
}

const percent = (share: number): string => (share === 0 ? '' : `${(100 * share).toFixed(1)} %`);

import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { drawGraph, PICTURE_FORMATS, type PictureFormat } from '../../index.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { openSize, withOpenSizeFlag, type AtFlag } from '../size-flags.ts';
import type { Terminal } from '../terminal.ts';
import { STDOUT, writeOutput } from '../write-files.ts';

interface GraphFlags extends AtFlag, OnnxFlags {
  readonly output?: string;
  readonly format?: PictureFormat;
}

const BY_EXTENSION: ReadonlyMap<string, PictureFormat> = new Map([
  ['.svg', 'svg'],
  ['.dot', 'dot'],
  ['.gv', 'dot'],
  ['.mmd', 'mermaid'],
  ['.mermaid', 'mermaid'],
]);

/** What the ending of a name says; undefined for one that we do not know. */
function formatOf(output: string | undefined): PictureFormat | undefined {
  const ending = extname(output ?? '').toLowerCase();
  return ending === '' ? 'svg' : BY_EXTENSION.get(ending);
}

export const graphCommand = (terminal: Terminal): Command =>
  withOpenSizeFlag(
    withOnnxFlags(
      new Command('graph')
        .summary('a picture of the network')
        .description(
          'Draws the network: blocks and branches, sizes on the arrows, repeats once.\nThe SVG follows the light or dark scheme of its reader; DOT is Graphviz,\n' +
            'Mermaid is what GitHub draws in Markdown.',
        )
        .argument('<file>', FILE_HELP),
    ),
  )
    .option('-o, --output <file>', 'where to write it; otherwise, and for -, to standard output')
    .addOption(
      new Option('--format <format>', "by default what the file's name says, or svg").choices(
        PICTURE_FORMATS,
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc graph examples/models/06-resnet18.cnn -o resnet18.svg\n  cnnc graph net.cnn --format mermaid',
    )
    .action(async (file: string, { output, format: wanted, ...flags }: GraphFlags, command: Command) => {
      const format = wanted ?? formatOf(output);
      if (format === undefined) {
        const known = [...BY_EXTENSION.keys()].join(', ').replace(/, (?!.*,)/, ' and ');
        command.error(`error: ${output}: ${known} are known; --format says it otherwise`);
      }
      const result = await drawGraph({
        ...(await openSize(await programSource(file, terminal, flags), flags)),
        format,
      });
      reportResult(result, terminal);
      const picture = result.picture!; // there is one when all is well
      await writeOutput(output ?? STDOUT, new TextEncoder().encode(picture), terminal);
    });

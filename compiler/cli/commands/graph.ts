import { basename, dirname } from 'node:path';
import { Command, Option } from 'commander';
import { drawGraph, PICTURE_FORMATS, type PictureFormat } from '../../index.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { writeFiles } from '../write-files.ts';

interface GraphFlags {
  readonly output?: string;
  readonly format?: PictureFormat;
}

const BY_EXTENSION: Readonly<Record<string, PictureFormat>> = { dot: 'dot', gv: 'dot', mmd: 'mermaid' };

export const graphCommand = (terminal: Terminal): Command =>
  new Command('graph')
    .summary('a picture of the network')
    .description(
      'Draws the network: blocks and branches, sizes on the arrows, repeats once.\nThe SVG follows the light or dark scheme of its reader; DOT is Graphviz,\n' +
        'Mermaid is what GitHub draws in Markdown.',
    )
    .argument('<file>', FILE_HELP)
    .option('-o, --output <file>', 'where to write it; otherwise to standard output')
    .addOption(
      new Option('--format <format>', "by default what the file's name says, or svg").choices(
        PICTURE_FORMATS,
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cnnc graph examples/models/06-resnet18.cnn -o resnet18.svg\n  cnnc graph net.cnn --format mermaid',
    )
    .action(async (file: string, { output, format }: GraphFlags) => {
      const extension = output?.split('.').at(-1) ?? '';
      const result = await drawGraph({
        ...(await programSource(file, terminal)),
        format: format ?? BY_EXTENSION[extension] ?? 'svg',
      });
      reportResult(result, terminal);
      const picture = result.picture!; // there is one when all is well
      if (output === undefined) terminal.out(picture);
      else
        await writeFiles(dirname(output), new Map([[basename(output), new TextEncoder().encode(picture)]]));
    });

import { Command, Option } from 'commander';
import { exportWeights, LAYOUTS, listWeights, type WeightInfo } from '../../index.ts';
import { formatJson } from '../json.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { openSize, withOpenSizeFlag, type AtFlag } from '../size-flags.ts';
import { formatCount, formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { STDOUT, writeOutput } from '../write-files.ts';

interface Flags extends WeightsFlags, AtFlag, OnnxFlags {
  readonly output?: string;
  readonly to: (typeof LAYOUTS)[number];
  readonly list?: true;
  readonly json?: true;
}

export const weightsCommand = (terminal: Terminal): Command =>
  withOpenSizeFlag(
    withWeightsFlags(
      withOnnxFlags(
        new Command('weights')
          .summary("list a program's weights, or write them as .safetensors")
          .description(
            "Lists the paths and shapes of a program's weights, as a state_dict must have them; needs none.\n" +
              'With -o, reads or draws them and writes a .safetensors file that says its layout.',
          )
          .argument('<file>', FILE_HELP),
      ),
    ),
  )
    .option('-o, --output <file>', 'the .safetensors file to write; - for standard output')
    .addOption(
      new Option('--to <framework>', 'whose layouts the list or the written file has')
        .choices(LAYOUTS)
        .default('torch'),
    )
    .option('--list', 'print paths and shapes; the default without -o')
    .option('--json', 'the list as [{ "path", "shape", "isStatistic" }]')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc weights examples/models/06-resnet18.cnn\n' +
        '  cnnc weights net.cnn --weights keras.npz --layout tf --bind order -o net.safetensors\n' +
        '  cnnc weights net.cnn --random-weights 1 -o random.safetensors',
    )
    .action(async (file: string, { output, to, list, json, ...flags }: Flags, command: Command) => {
      if (output === STDOUT && (list || json))
        command.error('error: -o - writes the weights to standard output, and leaves no place for the list');
      const options = { ...(await openSize(await programSource(file, terminal, flags), flags)), to };
      if (output === undefined) {
        const result = await listWeights(options);
        reportResult(result, terminal, json ? 'json' : 'text');
        terminal.out(showList(result.weights, json));
        return;
      }
      const result = await exportWeights({ ...options, ...(await readWeights(flags)) });
      reportResult(result, terminal, json ? 'json' : 'text');
      const written = result.file!; // there is one when all is well
      await writeOutput(output, written, terminal);
      if (output === STDOUT) return;
      if (list || json) terminal.out(showList(result.weights, json));
      else terminal.out(`${output}  ${formatCount(written.length)} bytes\n`);
    });

function showList(weights: readonly WeightInfo[], json: true | undefined): string {
  if (json) return formatJson(weights);
  return formatTable(
    weights.map(({ path, shape, isStatistic }) => [path, shape.join('×'), isStatistic ? 'statistic' : '']),
    ['left', 'left', 'left'],
  );
}

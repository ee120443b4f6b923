import { basename, dirname } from 'node:path';
import { Command } from 'commander';
import { exportOnnx } from '../../index.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { formatCount } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { writeFiles } from '../write-files.ts';

interface Flags extends WeightsFlags, OnnxFlags {
  readonly onnx: string;
}

export const exportCommand = (terminal: Terminal): Command =>
  withWeightsFlags(
    withOnnxFlags(
      new Command('export')
        .summary('write a program and its weights for other tools')
        .description(
          'Writes a program and its weights as an ONNX model. Its inputs and outputs are channels-first\n' +
            '(N, C, H, W), and N is left open.',
        )
        .argument('<file>', FILE_HELP),
    ),
  )
    .requiredOption('--onnx <file>', 'the .onnx file to write')
    .addHelpText(
      'after',
      '\nExample:\n  cnnc export examples/lenet5.cnn --weights examples/lenet5.safetensors --onnx lenet5.onnx',
    )
    .action(async (file: string, flags: Flags) => {
      const result = await exportOnnx({
        ...(await programSource(file, terminal, flags)),
        ...(await readWeights(flags)),
      });
      reportResult(result, terminal);
      const model = result.model!; // there is one when all is well
      await writeFiles(dirname(flags.onnx), new Map([[basename(flags.onnx), model]]));
      terminal.out(`${flags.onnx}  ${formatCount(model.length)} bytes\n`);
    });

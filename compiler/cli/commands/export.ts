import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { exportOnnx, exportPytorch, type SourceOptions } from '../../index.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, isOnnx, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { oneSize, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import { formatCount } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { readWeights, withWeightsFlags, type WeightsFlags } from '../weights-flags.ts';
import { STDOUT, writeOutput } from '../write-files.ts';

interface Flags extends WeightsFlags, SizeFlags, OnnxFlags {
  readonly onnx?: string;
  readonly pytorch?: string;
}

export const exportCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withWeightsFlags(
      withOnnxFlags(
        new Command('export')
          .summary('write a program and its weights for other tools')
          .description(
            'Writes a program and its weights as an ONNX model, or the program as a torch.nn.Module to train, whose\n' +
              "state_dict has the program's paths. Both are channels-first (N, C, H, W), and N is left open. A model's\n" +
              'weights are written beside its module, as .safetensors.',
          )
          .argument('<file>', FILE_HELP),
      ),
    ),
  )
    .option('--onnx <file>', 'the .onnx file to write, - for standard output; needs weights')
    .option('--pytorch <file>', 'the .py file to write, - for standard output; needs none')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc export examples/lenet5.cnn --weights examples/lenet5.safetensors --onnx lenet5.onnx\n' +
        '  cnnc export examples/lenet5.cnn --pytorch lenet5.py',
    )
    .action(async (file: string, { onnx, pytorch, ...flags }: Flags, command: Command) => {
      if (onnx === undefined && pytorch === undefined)
        command.error('error: say what to write: --onnx FILE or --pytorch FILE');
      if (onnx === STDOUT && pytorch === STDOUT)
        command.error('error: only one of --onnx and --pytorch can go to standard output');
      const source = { ...(await programSource(file, terminal, flags)), ...oneSize(flags) };
      // All is made before anything is written: one may be refused.
      const outputs: Output[] = [];
      if (onnx !== undefined) {
        const result = await exportOnnx({ ...source, ...(await readWeights(flags)) });
        reportResult(result, terminal);
        outputs.push([onnx, result.model!]); // there is one when all is well
      }
      if (pytorch !== undefined) outputs.push(...(await pytorchFiles(file, pytorch, source, terminal)));
      for (const [path, bytes] of outputs) await write(path, bytes, terminal);
    });

type Output = readonly [path: string, bytes: Uint8Array];

/** The module, and beside it the weights of a model. */
async function pytorchFiles(
  file: string,
  path: string,
  source: SourceOptions,
  terminal: Terminal,
): Promise<readonly Output[]> {
  const name = basename(path).replace(/\.py$/, '');
  const isNamed = isOnnx(file) && path !== STDOUT && /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
  const result = await exportPytorch({ ...source, ...(isNamed && { name }) });
  reportResult(result, terminal);
  const module: Output = [path, new TextEncoder().encode(result.text)];
  if (!result.weights || path === STDOUT) return [module];
  return [module, [join(dirname(path), `${name}.safetensors`), result.weights]];
}

async function write(path: string, bytes: Uint8Array, terminal: Terminal): Promise<void> {
  await writeOutput(path, bytes, terminal);
  if (path !== STDOUT) terminal.out(`${path}  ${formatCount(bytes.length)} bytes\n`);
}

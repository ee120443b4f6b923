import { join } from 'node:path';
import { Command } from 'commander';
import { importModel } from '../../index.ts';
import { InputError } from '../failure.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { isOnnx, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import { formatCount } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { writeFiles } from '../write-files.ts';

interface Flags extends OnnxFlags {
  readonly output: string;
  readonly name?: string;
}

export const importCommand = (terminal: Terminal): Command =>
  withOnnxFlags(
    new Command('import')
      .summary('write an ONNX model as a program and its weights')
      .description(
        'Writes an ONNX model as a program, NAME.cnn, and its weights, NAME.safetensors. The program says the same\n' +
          'network: what repeats is said once, and weights keep their names where those are paths.',
      )
      .argument('<model>', 'an .onnx model'),
  )
    .requiredOption('-o, --output <dir>', 'where to write both files')
    .option('--name <name>', "what to call them; by default as the model's file")
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  cnnc import squeezenet.onnx -o nets\n' +
        '  cnnc compile nets/squeezenet.cnn --weights nets/squeezenet.safetensors -o dist',
    )
    .action(async (file: string, { output, name: asked, ...flags }: Flags) => {
      if (!isOnnx(file)) throw new InputError(`${file}: import takes .onnx models`);
      const name = asked ?? file.replace(/^.*[/\\]/, '').slice(0, -'.onnx'.length);
      if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name))
        throw new InputError(`--name ${name}: is no name for files`);
      const source = await programSource(file, terminal, flags);
      const result = await importModel({ ...source, ...(asked !== undefined && { name: asked }) });
      reportResult(result, terminal);
      // Both are there when all is well.
      const files = new Map([
        [`${name}.cnn`, new TextEncoder().encode(result.text)],
        [`${name}.safetensors`, result.weights!],
        ...(result.labels
          ? [[result.labels.file, new TextEncoder().encode(result.labels.text)] as const]
          : []),
      ]);
      await writeFiles(output, files);
      for (const [path, { length }] of files)
        terminal.out(`${join(output, path)}  ${formatCount(length)} bytes\n`);
    });

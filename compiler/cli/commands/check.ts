import { Command, Option } from 'commander';
import { check } from '../../index.ts';
import { InputError, ReportedError } from '../failure.ts';
import { withOnnxFlags, type OnnxFlags } from '../onnx-flags.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { inputDiagnostic, report, reportJson } from '../report.ts';
import { sizeOptions, withSizeFlags, type SizeFlags } from '../size-flags.ts';
import type { Terminal } from '../terminal.ts';

interface Flags extends SizeFlags, OnnxFlags {
  readonly json?: true;
  readonly compact?: true;
}

export const checkCommand = (terminal: Terminal): Command =>
  withSizeFlags(
    withOnnxFlags(
      new Command('check')
        .summary('say what is wrong with a program')
        .description('Checks programs: syntax, names, shapes. Prints nothing when all is well.')
        .argument('<file...>', FILE_HELP),
    ),
  )
    .option('--json', 'print { "ok", "diagnostics" } to standard output')
    .addOption(
      new Option(
        '--compact',
        'one line for each diagnostic: file:line:column: error[code]: message',
      ).conflicts('json'),
    )
    .addHelpText('after', '\nExamples:\n  cnnc check net.cnn\n  echo "INPUT -> CONV -> FC" | cnnc check -')
    .action(async (files: string[], { json, compact, ...flags }: Flags) => {
      const results = [];
      const unreadable: InputError[] = [];
      for (const file of files) {
        try {
          results.push(
            await check({ ...(await programSource(file, terminal, flags)), ...sizeOptions(flags) }),
          );
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          unreadable.push(error);
        }
      }
      const ok = unreadable.length === 0 && results.every((result) => result.ok);
      const diagnostics = results.flatMap((result) => result.diagnostics);
      if (json)
        reportJson({ ok, diagnostics: [...unreadable.map(inputDiagnostic), ...diagnostics] }, terminal);
      else {
        for (const { message } of unreadable) terminal.err(`cnnc: ${message}\n`);
        report(diagnostics, terminal, compact ? 'compact' : 'text');
      }
      if (!ok) throw new ReportedError();
    });

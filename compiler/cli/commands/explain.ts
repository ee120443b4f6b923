import { Command } from 'commander';
import { explain } from '../../index.ts';
import { FILE_HELP, programSource } from '../program-source.ts';
import { reportResult } from '../report.ts';
import type { Terminal } from '../terminal.ts';

export const explainCommand = (terminal: Terminal): Command =>
  new Command('explain')
    .summary('the program with every attribute spelled')
    .description(
      'Prints the program with every attribute of every operator. What nobody wrote is marked: as a default of\n' +
        'the file or the operator, or with the reason why a rule decided so. The text is a program itself, for\n' +
        'the same network with the same names of weights.',
    )
    .argument('<file>', FILE_HELP)
    .option('--plain', 'without the marks')
    .addHelpText('after', '\nExamples:\n  cnnc explain net.cnn\n  cnnc explain net.cnn --plain > spelled.cnn')
    .action(async (file: string, { plain }: { plain?: true }) => {
      const result = await explain({ ...(await programSource(file, terminal)), marks: plain !== true });
      reportResult(result, terminal);
      const text = result.text!; // there is one when all is well
      terminal.out(terminal.color.out ? dimMarks(text) : text);
    });

const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Lines that end with a mark hold what nobody wrote. */
const dimMarks = (text: string): string =>
  text.replaceAll(/^(\s*)(\S.*  # .*|# .*)$/gm, `$1${DIM}$2${RESET}`);

// Prettier's way to the one formatter: `prettier --plugin cnnc/prettier net.cnn`.
import type { AstPath, Parser, ParserOptions, Plugin, Printer, SupportLanguage } from 'prettier';
import { builders } from 'prettier/doc';
import { format, parse, positionAt, sourceFile, type SourceFile } from '../grammar/index.ts';

/** The tree that goes from parser to printer: a program without mistakes, as a whole. */
interface Program {
  readonly source: SourceFile;
}

export const languages: SupportLanguage[] = [
  { name: 'cnn', parsers: ['cnn'], extensions: ['.cnn'], vscodeLanguageIds: ['cnn'] },
];

const parser: Parser<Program> = {
  astFormat: 'cnn',
  locStart: () => 0,
  locEnd: ({ source }) => source.text.length,
  parse(text) {
    const source = sourceFile(text);
    const [mistake] = parse(source).diagnostics;
    if (mistake === undefined) return { source };
    const { span } = mistake.labels[0]!; // those of syntax all have a place
    throw Object.assign(new SyntaxError(`${mistake.code}: ${mistake.message}`), {
      // Prettier shows the lines around it.
      loc: { start: positionAt(source, span.start), end: positionAt(source, span.end) },
    });
  },
};

const printer: Printer<Program> = {
  print({ node }: AstPath<Program>, { printWidth, tabWidth }: ParserOptions<Program>) {
    const result = format(node.source, { width: printWidth, indent: tabWidth });
    // The parser has seen that there are no mistakes.
    const lines = 'text' in result ? result.text.split('\n') : [node.source.text];
    return builders.join(builders.hardline, lines);
  },
};

export const parsers = { cnn: parser };
export const printers = { cnn: printer };

export default { languages, parsers, printers } satisfies Plugin<Program>;

// The one layout of a program. Its words are kept and its comments; its blanks, line ends and synonyms are
// ours. What `cnnc fmt`, the Prettier plugin and editors print.
import type { Block, Default, Program, Statement } from './ast.ts';
import { isError, type Diagnostic } from './diagnostic.ts';
import { formatArguments, formatBody, formatChain, type FormatContext } from './format-chain.ts';
import { Comments } from './format-comments.ts';
import { group, indent, line, printDoc, type Doc } from './layout.ts';
import { parse } from './parse.ts';
import { beginsStatement } from './slips.ts';
import { spanText, type SourceFile, type Span } from './source.ts';

export interface FormatOptions {
  /** Lines are no longer than this, where that is possible. */
  readonly width?: number;
  /** How far the lines of a chain are indented. */
  readonly indent?: number;
}

/** A program in our layout, or what is wrong with it: what cannot be read is not touched. */
export type Formatted = { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] };

export function format(source: SourceFile, { width = 80, indent = 2 }: FormatOptions = {}): Formatted {
  const { program, diagnostics } = parse(source);
  if (diagnostics.some(isError)) return { diagnostics };
  const context = { comments: new Comments(source, program.comments), step: indent };
  const text = printDoc(formatProgram(program, context), width).trim();
  return { text: text === '' ? '' : `${text}\n` };
}

function formatProgram({ version, statements, span }: Program, context: FormatContext): Doc {
  const { comments } = context;
  let end = 0;
  const put = (place: Span, doc: () => Doc): Doc => {
    const gap = { after: end, before: place.start };
    end = place.end;
    return [comments.inGap(gap, comments.lineIn(gap, 'always')), doc()];
  };
  return [
    version ? put(version.span, () => `cnn ${version.value}`) : '',
    statements.map((statement, i) =>
      put(statement.span, () => [
        formatStatement(statement, context),
        joinsLines(statement, statements[i + 1]) ? ';' : '',
      ]),
    ),
    comments.inGap({ after: end, before: span.end + 1 }, ''),
  ];
}

/** Whether the next statement, on a line of its own, would be read as more of this one. */
const joinsLines = ({ kind }: Statement, next: Statement | undefined): boolean =>
  next !== undefined &&
  (kind === 'block' || kind === 'chain-statement') &&
  !beginsStatement(spanText(next.span));

function formatStatement(statement: Statement, context: FormatContext): Doc {
  switch (statement.kind) {
    case 'use':
      return `use ${spanText(statement.path.span)}`;
    case 'default':
      return formatDefault(statement, context);
    case 'block':
      return formatBlock(statement, context);
    case 'chain-statement':
      return formatChain(statement.chain, context);
  }
}

const formatDefault = ({ op, args, span }: Default, context: FormatContext): Doc => [
  `default ${op.text}`,
  formatArguments(args, span, context),
];

function formatBlock({ name, params, body }: Block, context: FormatContext): Doc {
  const { comments, step } = context;
  const last = params.at(-1) ?? name;
  const head = { ...name.span, end: comments.find('=', { after: last.span.end, before: body.span.start }) };
  const gap = { after: head.end, before: body.span.start };
  return group([
    `block ${name.text}`,
    params.length > 0 ? formatArguments(params, head, context) : '',
    ' =',
    indent(step, [comments.inGap(gap, line('broken')), formatBody(body, context)]),
  ]);
}

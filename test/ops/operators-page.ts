import { format, resolveConfig } from 'prettier';
import type { ArgSpec } from '../../compiler/ops/argument.ts';
import { KEYWORDS } from '../../compiler/ops/index.ts';
import { INPUT_ARGS } from '../../compiler/ops/input.ts';
import type { Keyword } from '../../compiler/ops/keyword.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import { OP_NAMES } from '../support/arbitrary.ts';

/** The text of compiler/ops/OPERATORS.md as the tables of words and operators would have it now. */
export async function operatorsPage(): Promise<string> {
  const input = {
    keyword: 'INPUT',
    doc: 'Starts a network, and says how pictures become its numbers.',
    positional: ['shape'],
    args: INPUT_ARGS,
  };
  const text = [
    '<!-- Generated from the tables in this folder by scripts/build-operators.ts. Do not edit. -->',
    '# Operators',
    '## Words of the language',
    ...[input, ...KEYWORDS.values()].flatMap(word),
    '## Operators of the graph',
    'What words are made of, and what every target computes. A *scalar* operator is one formula, alone or at the end of another operator’s kernel; a *view* is no code at all; a *kernel* is one per target.',
    table([
      ['operator', 'kind', 'operands', 'attributes', 'meaning'],
      ...OP_NAMES.map((name) => {
        const { kind, operands, attrs, doc } = operatorOf(name);
        return [`\`${name}\``, kind, names(operands), names(attrs), doc];
      }),
    ]),
  ].join('\n\n');
  const file = 'compiler/ops/OPERATORS.md';
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function word({
  keyword,
  doc,
  positional,
  args,
}: Pick<Keyword, 'keyword' | 'doc' | 'positional' | 'args'>): string[] {
  const rows = Object.entries(args).map(([name, spec]) => [
    positional.includes(name) ? `**${name}**` : name,
    initial(spec),
    meaning(spec),
  ]);
  const title = `### ${keyword}`;
  return rows.length === 0
    ? [title, doc]
    : [title, doc, table([['argument', 'default', 'meaning'], ...rows])];
}

const initial = ({ default: value, rule, show }: ArgSpec<unknown>): string =>
  value === undefined ? (rule ?? '') : `\`${show(value)}\``;

/** With the words to choose from, unless numbers do as well; for truth values they say nothing. */
const meaning = ({ doc, words, default: value, show }: ArgSpec<unknown>): string => {
  const isChoice = words !== undefined && (value === undefined || words.includes(show(value)));
  return isChoice && !words.includes('true') ? `${doc} One of ${words.join(', ')}.` : doc;
};

const names = (record: object): string => Object.keys(record).join(', ');

const table = ([head, ...rows]: readonly (readonly string[])[]): string =>
  [head!, head!.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(escapeBars).join(' | ')} |`)
    .join('\n');

const escapeBars = (cell: string): string => cell.replaceAll('|', '\\|');

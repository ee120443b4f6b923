import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { CODES } from '../../compiler/support/refusal.ts';
import { syntaxCodes } from '../../grammar/index.ts';
import { fixturesIn } from './fixtures.ts';

const folders = [new URL('errors/', import.meta.url), new URL('../frontend/diagnostics/', import.meta.url)];

/** The text of grammar/DIAGNOSTICS.md as the catalogues and the fixtures of messages would have it now. */
export async function diagnosticsPage(): Promise<string> {
  const messages = folders.flatMap((folder) =>
    fixturesIn(folder, '.txt').flatMap(({ title, expected }) =>
      readFileSync(expected, 'utf8')
        .trimEnd()
        .split('\n\n')
        .map((message) => ({ title, message })),
    ),
  );
  const example = (code: string): string => {
    const own = messages.filter(({ message }) => message.includes(`[${code}]:`));
    const isOff = ({ title, message }: (typeof own)[number]): readonly number[] => [
      Number(!title.startsWith(code)),
      Number(!message.includes('^')),
      message.length,
    ];
    // Of the fixtures that are about it, the shortest message that shows a place says most with least.
    const shown = own.toSorted((a, b) => firstDifference(isOff(a), isOff(b)))[0]?.message;
    return shown === undefined ? '' : `\`\`\`text\n${shown}\n\`\`\``;
  };
  const codes = Object.entries({ ...syntaxCodes, ...CODES }).toSorted(([a], [b]) => a.localeCompare(b));
  const text = [
    '<!-- Generated from the catalogues of codes and the fixtures of messages by scripts/build-diagnostics.ts. Do not edit. -->',
    '# Diagnostics',
    'What the compiler may have to say. A code keeps its meaning; E stands for errors, W for warnings. Each has an example.',
    ...codes.flatMap(([code, meaning]) => [`## ${code}`, sentence(meaning), example(code)]),
  ];
  return format(text.join('\n\n'), { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' });
}

const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((each, at) => each - b[at]!).find((difference) => difference !== 0) ?? 0;

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

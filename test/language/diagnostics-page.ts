import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { check, compile, optimize } from '../../compiler/index.ts';
import { CODES } from '../../compiler/support/refusal.ts';
import { renderDiagnostic, syntaxCodes } from '../../grammar/index.ts';
import { model, node, value } from '../support/onnx-writer.ts';
import { fixturesIn } from './fixtures.ts';

const folders = [new URL('errors/', import.meta.url), new URL('../frontend/diagnostics/', import.meta.url)];

/** The text of grammar/DIAGNOSTICS.md as the catalogues and the fixtures of messages would have it now. */
export async function diagnosticsPage(): Promise<string> {
  const messages = folders.flatMap((folder) =>
    fixturesIn(folder, '.txt').flatMap(({ title, expected }) =>
      readFileSync(expected, 'utf8')
        .trimEnd()
        .split('\n\n')
        .map((message) => ({ title, message: withoutInput(message) })),
    ),
  );
  messages.push(...(await withoutPrograms()));
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

/** Some fixtures show beside the program what it is compiled with. */
const withoutInput = (message: string): string => {
  const lines = message.split('\n');
  return lines.slice(lines.findIndex((line) => /(error|warning)\[/.test(line))).join('\n');
};

/** Messages that are about other files than programs, or about options. */
async function withoutPrograms(): Promise<{ title: string; message: string }[]> {
  const lenet5 = readFileSync(new URL('../../examples/lenet5.cnn', import.meta.url), 'utf8');
  const onnx = (op: string, size: number | string) =>
    model({ nodes: [node(op, ['x'], ['y'])], inputs: [value('x', [1, size])], outputs: [value('y')] });
  const mixing = model({
    nodes: [node('ReduceMean', ['x'], ['y'], { axes: [0] })],
    inputs: [value('x', ['N', 8])],
    outputs: [value('y')],
  });
  const results = await Promise.all([
    optimize({ source: 'graph net {\n  %a = foo()\n}\n', path: 'net.cir' }),
    compile({ source: lenet5, weights: { random: 1 }, budgetMemory: 10_000 }),
    check({ onnx: new TextEncoder().encode('hello'), path: 'net.onnx' }),
    check({ onnx: onnx('Hologram', 8), path: 'net.onnx' }),
    check({ onnx: onnx('Relu', 'n'), path: 'net.onnx' }),
    check({ onnx: mixing, path: 'net.onnx' }),
  ]);
  return results.flatMap(({ diagnostics }) =>
    diagnostics.map((each) => ({ title: each.code, message: renderDiagnostic(each, { color: false }) })),
  );
}

const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((each, at) => each - b[at]!).find((difference) => difference !== 0) ?? 0;

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;

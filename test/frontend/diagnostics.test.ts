import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { check, compile, type CompileOptions, type Diagnostic } from '../../compiler/index.ts';
import { CODES } from '../../compiler/support/refusal.ts';
import { renderDiagnostic } from '../../grammar/index.ts';
import { fixturesIn, type Fixture } from '../language/fixtures.ts';
import { safetensors } from './safetensors.ts';

const folder = new URL('diagnostics/', import.meta.url);
const fixtures = fixturesIn(folder, '.txt');

/** What a fixture may say beside its program: options, or weights, by which it is compiled. */
interface Beside extends Pick<CompileOptions, 'name' | 'at' | 'dense' | 'stride' | 'method' | 'bindMap'> {
  /** Sizes by name, any text as the file's bytes, or none at all. */
  readonly weights?: Readonly<Record<string, readonly number[]>> | string | null;
  /** What all weights are; 0 unless said. */
  readonly fill?: 'NaN';
}

async function diagnosticsOf({ text, expected }: Fixture): Promise<readonly Diagnostic[]> {
  const beside = expected.replace(/\.txt$/, '.json');
  // The fixtures are ours, and have this form.
  const { weights, fill, ...settings } = existsSync(beside)
    ? (JSON.parse(readFileSync(beside, 'utf8')) as Beside)
    : ({} as Beside);
  const options: CompileOptions = {
    source: text,
    path: 'net.cnn',
    read: async (path) => endless(path) ?? readFile(new URL(path, folder)),
    ...settings,
  };
  if (weights === undefined) return (await check(options)).diagnostics;
  const bytes =
    typeof weights === 'string'
      ? new TextEncoder().encode(weights)
      : safetensors(weights ?? {}, Number(fill ?? 0));
  return (await compile({ ...options, ...(weights !== null && { weights: bytes }) })).diagnostics;
}

/** `endless/7.cnn` uses `endless/8.cnn`, and so on. */
function endless(path: string): Uint8Array | undefined {
  const number = /^endless\/(\d+)\.cnn$/.exec(path)?.[1];
  return number === undefined ? undefined : new TextEncoder().encode(`use "${Number(number) + 1}.cnn"\n`);
}

const render = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic, { color: false })}\n`).join('\n');

describe('a message says what is wrong with the network, where, and what to do', () => {
  test.each(fixtures)('$title', async (fixture) => {
    await expect(render(await diagnosticsOf(fixture))).toMatchFileSnapshot(fixture.expected);
  });
});

test('every code about programs and their weights has a fixture', async () => {
  const shown = new Set((await Promise.all(fixtures.map(diagnosticsOf))).flat().map(({ code }) => code));
  const ours = Object.keys(CODES).filter((code) => /^(E0[2-6]|E071|W10[1-579])/.test(code));
  expect(ours.filter((code) => !shown.has(code))).toEqual([]);
});

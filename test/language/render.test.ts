import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import {
  compactDiagnostic,
  jsonDiagnostic,
  parse,
  renderDiagnostic,
  sourceFile,
  type Diagnostic,
} from '../../grammar/index.ts';

function onlyMessage(text: string): Diagnostic {
  const { diagnostics } = parse(sourceFile(text, 'net.cnn'));
  expect(diagnostics).toHaveLength(1);
  return diagnostics[0]!;
}

const render = (text: string): string => renderDiagnostic(onlyMessage(text), { color: false });

test('the compact form is one line', () => {
  expect(compactDiagnostic(onlyMessage('INPUT -> CONV POOL'))).toBe(
    "net.cnn:1:15: error[E010]: missing '->' before 'POOL'",
  );
});

test('the form for programs has lines, columns and offsets', () => {
  expect(jsonDiagnostic(onlyMessage('INPUT\n-> [CONV')).labels).toEqual([
    { path: 'net.cnn', start: { line: 2, column: 9, offset: 14 }, end: { line: 2, column: 9, offset: 14 } },
    {
      path: 'net.cnn',
      start: { line: 2, column: 4, offset: 9 },
      end: { line: 2, column: 5, offset: 10 },
      text: "'[' opened here",
    },
  ]);
});

test('colour changes nothing but the colour', () => {
  const message = onlyMessage('INPUT -> [CONV -> POOL');
  const painted = renderDiagnostic(message, { color: true });
  expect(painted).toContain('\u001b[1;31m');
  expect(stripVTControlCharacters(painted)).toBe(renderDiagnostic(message, { color: false }));
});

test('the caret stands under its place behind tabs', () => {
  expect(render('INPUT\n\t->\tCONV POOL').split('\n').slice(1, 3)).toEqual([
    '  2 | \t->\tCONV POOL',
    '    | \t  \t     ^^^^',
  ]);
});

test('the caret stands under its place behind wide characters', () => {
  expect(render('INPUT -> SOFTMAX(labels="猫") POOL').split('\n')[2]).toBe(`    | ${' '.repeat(30)}^^^^`);
});

test('of a long line only the part around the place is shown', () => {
  const text = render(`INPUT${' -> CONV'.repeat(1000)} POOL${' -> CONV'.repeat(1000)}`);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
  expect(text).toContain('CONV POOL ->');
});

test('a message about a file as a whole has no place', () => {
  const message: Diagnostic = {
    code: 'E100',
    severity: 'error',
    message: 'weights.bin is missing',
    labels: [],
  };
  expect(renderDiagnostic(message, { color: false })).toBe('error[E100]: weights.bin is missing');
});

test('nothing in a text turns the direction in which a terminal writes', () => {
  const message: Diagnostic = { ...onlyMessage('INPUT -> CONV POOL'), message: 'a \u202etensor\u001b[31m' };
  expect(renderDiagnostic(message, { color: false })).toContain('a \ufffdtensor\ufffd[31m');
});

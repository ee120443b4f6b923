import { describe, expect, test } from 'vitest';
import { parse, renderDiagnostic, sourceFile, syntaxCodes } from '../../grammar/index.ts';
import { examples, fixturesIn } from './fixtures.ts';
import { printTree } from './print-tree.ts';

const errors = fixturesIn(new URL('errors/', import.meta.url), '.txt');
const trees = fixturesIn(new URL('trees/', import.meta.url), '.ast');

const messagesOf = (text: string): string =>
  parse(sourceFile(text, 'net.cnn'))
    .diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic, { color: false })}\n`)
    .join('\n');

const treeOf = (text: string): string => printTree(parse(sourceFile(text)).program);

const withCrLf = (text: string): string => text.replaceAll('\n', '\r\n');

describe('a message says what is wrong, where, and what to do', () => {
  test.each(errors)('$title', async ({ text, expected }) => {
    await expect(messagesOf(text)).toMatchFileSnapshot(expected);
  });
});

describe('a tree shows what was written', () => {
  test.each(trees)('$title', async ({ text, expected }) => {
    await expect(treeOf(text)).toMatchFileSnapshot(expected);
  });
});

test.each(examples)('the example $title has nothing wrong with it', ({ text }) => {
  expect(messagesOf(text)).toBe('');
});

test('every code of the catalogue has a fixture', () => {
  const shown = new Set(
    errors.flatMap(({ text }) => parse(sourceFile(text)).diagnostics.map(({ code }) => code)),
  );
  expect([...shown].toSorted()).toEqual(Object.keys(syntaxCodes));
});

describe('CRLF makes no difference', () => {
  test.each([...trees, ...examples])('to the tree of $title', ({ text }) => {
    expect(treeOf(withCrLf(text))).toBe(treeOf(text));
  });
  test.each(errors)('to the messages about $title', ({ text }) => {
    expect(messagesOf(withCrLf(text))).toBe(messagesOf(text));
  });
});

import { describe, expect, test } from 'vitest';
import { format, parse, sourceFile } from '../../grammar/index.ts';
import { examples, fixturesIn } from '../language/fixtures.ts';
import { printTree } from '../language/print-tree.ts';

const cases = fixturesIn(new URL('cases/', import.meta.url), '.formatted');
const trees = fixturesIn(new URL('../language/trees/', import.meta.url), '.ast');
const errors = fixturesIn(new URL('../language/errors/', import.meta.url), '.txt');
const readable = [...cases, ...trees, ...examples].filter(
  ({ text }) => parse(sourceFile(text)).diagnostics.length === 0,
);

function formatted(text: string): string {
  const result = format(sourceFile(text));
  if ('text' in result) return result.text;
  throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
}

const treeOf = (text: string): string => printTree(parse(sourceFile(text)).program);

test.each(cases)('$title', async ({ text, expected }) => {
  await expect(formatted(text)).toMatchFileSnapshot(expected);
});

describe('whatever is formatted', () => {
  test.each(readable)('has the tree and comments it had: $title', ({ text }) => {
    expect(treeOf(formatted(text))).toBe(treeOf(text));
  });

  test.each(readable)('stays as it is the second time: $title', ({ text }) => {
    expect(formatted(formatted(text))).toBe(formatted(text));
  });

  test.each(readable)('ends its lines with LF: $title', ({ text }) => {
    expect(formatted(text.replaceAll('\n', '\r\n'))).toBe(formatted(text));
  });

  test.each(readable)('has no blanks at the ends of lines: $title', ({ text }) => {
    expect(formatted(text)).not.toMatch(/[ \t]\n|\n\n\n/);
  });
});

test.each(errors)('a program with mistakes gives their messages: $title', ({ text }) => {
  const source = sourceFile(text);
  expect(format(source)).toEqual({ diagnostics: parse(source).diagnostics });
});

test('lines are as wide and as indented as asked for', () => {
  const source = sourceFile('INPUT -> CONV(64, 3) -> POOL -> FC');
  expect(format(source, { width: 20, indent: 4 })).toEqual({
    text: 'INPUT\n    -> CONV(64, 3)\n    -> POOL\n    -> FC\n',
  });
});

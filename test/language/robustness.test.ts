import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format, parse, sourceFile, type Parsed } from '../../grammar/index.ts';
import { examples } from './fixtures.ts';

const read = (text: string): Parsed => parse(sourceFile(text));

/** Parses; fails unless the answer is a program with messages that point into the text. */
function expectAnAnswer(text: string): void {
  const { program, diagnostics } = read(text);
  expect(program.kind).toBe('program');
  for (const { labels, message } of diagnostics) {
    expect(message).not.toBe('');
    const { start, end } = labels[0]!.span;
    expect(start >= 0 && end >= start && end <= text.length).toBe(true);
  }
}

const words = [
  'INPUT CONV ADD Two d1 x x2 _ in cnn use default block as with',
  '-> → ——> => - -- * × ( ) [ ] { } | , ; = . + / ^ 3 1.5 3x3 3abc "s" "s @ ， （ #',
].flatMap((line) => line.split(' '));
words.push('3 x 3', '\n', '\r\n', '\t');

const example = fc.constantFrom(...examples.map(({ text }) => text));

describe('whatever the text, the answer is a program or messages', () => {
  const reading = (texts: fc.Arbitrary<string>) => (): void =>
    fc.assert(fc.property(texts, expectAnAnswer), { numRuns: 200 });

  test('for random characters', () => {
    expect(reading(fc.string({ unit: 'binary', maxLength: 200 }))).not.toThrow();
  });

  test('for random words of the language', () => {
    const sentence = fc.array(fc.constantFrom(...words), { maxLength: 60 });
    const texts = fc.tuple(sentence, fc.constantFrom('', ' ')).map(([tokens, blank]) => tokens.join(blank));
    expect(reading(texts)).not.toThrow();
  });

  test('for examples with a piece replaced', () => {
    const mutation = fc.tuple(example, fc.nat(), fc.nat(10), fc.constantFrom('', ...words));
    const texts = mutation.map(([text, at, length, word]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + word + text.slice(start + length);
    });
    expect(reading(texts)).not.toThrow();
  });

  test('for the beginning of an example', () => {
    const texts = fc.tuple(example, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
    expect(reading(texts)).not.toThrow();
  });
});

describe('one slip gives one message', () => {
  const line = 'INPUT -> [CONV(64, 3) -> POOL]*2 -> {CONV(8) as a | SKIP} -> ADD -> FC(10)';
  const tokens = line.match(/->|\w+|\S/g)!;
  test.each(tokens.map((token, at) => ({ token, at })))('when $token, token $at, is left out', ({ at }) => {
    const { diagnostics } = read(tokens.toSpliced(at, 1).join(' '));
    expect(diagnostics.length).toBeLessThanOrEqual(1);
  });
});

describe('large and hostile texts are answered at once', () => {
  const MiB = 1024 * 1024;
  // Generous, for machines that are busy; each takes a second or two alone.
  const timeout = 60_000;
  const codesOf = (text: string): string[] => read(text).diagnostics.map(({ code }) => code);

  test('a chain of 100,000 items', { timeout }, () => {
    const { program, diagnostics } = read(`INPUT${' -> CONV'.repeat(99_999)}`);
    expect(diagnostics).toEqual([]);
    const [statement] = program.statements;
    expect(statement?.kind === 'chain-statement' && statement.chain.items.length).toBe(100_000);
  });

  test('a chain of 100,000 items with arguments, counts and names', { timeout }, () => {
    const items = Array.from({ length: 99_999 }, (_, i) => ` -> CONV(64, 3, stride=1)*2 as c${i}`);
    const { program, diagnostics } = read(`INPUT${items.join('')}`);
    expect(diagnostics).toEqual([]);
    const [statement] = program.statements;
    expect(statement?.kind === 'chain-statement' && statement.chain.items.at(-1)?.as?.text).toBe('c99998');
  });

  test('a mistake far down a long chain has its place', () => {
    const { diagnostics } = read(
      `INPUT${' -> CONV(3)'.repeat(1000)} -> POOL FC${' -> CONV'.repeat(1000)} ->`,
    );
    expect(diagnostics.map(({ labels, message }) => [labels[0]!.span.start, message])).toEqual([
      [11_014, "missing '->' before 'FC'"],
      [19_017, 'this arrow leads nowhere'],
    ]);
  });

  test.each([' POOL(1)', '"a'])(
    '100,000 times %s: reading ends where enough was said',
    { timeout },
    (piece) => {
      const { program, diagnostics } = read(`INPUT${piece.repeat(100_000)}`);
      expect(diagnostics).toHaveLength(101);
      const [statement] = program.statements;
      expect(statement?.kind === 'chain-statement' && statement.chain.items.length).toBeLessThan(1000);
    },
  );

  test('operators within many parentheses are counted together', { timeout }, () => {
    const sums = `${'1+'.repeat(400)}1)`;
    expect(codesOf(`INPUT(${'('.repeat(90)}${`${sums}+`.repeat(90)}1)`)).toEqual(['E005']);
  });

  test.each([
    ['items', 'INPUT -> CONV(64, 3) # c\n', '-> CONV(64, 3) -> POOL # c\n'],
    ['statements', '', 'INPUT -> { CONV -> BN | SKIP } -> ADD\n\n'],
    ['comments', 'INPUT -> CONV( # c\n', '# c\n'],
  ])('formatting 20,000 %s', { timeout }, (_, start, piece) => {
    const text = start + piece.repeat(20_000) + (start.includes('( ') ? ')' : '');
    const result = format(sourceFile(text));
    expect('text' in result && result.text.length).toBeGreaterThan(100_000);
  });

  test.each(['(', '[', '{', 'A(', '{A|['])('100,000 times %s', { timeout }, (bracket) => {
    expect(codesOf(`INPUT -> CONV${bracket.repeat(100_000)}`)).toContain('E005');
  });

  test.each([
    ['(', ['E005']],
    [')', ['E009']],
    ['[', ['E005']],
    ['{', ['E005']],
  ])('a thousand times %s, and nothing else, is one mistake', (bracket, codes) => {
    expect(codesOf(bracket.repeat(1000))).toEqual(codes);
  });

  test('100,000 minus signs in a row', { timeout }, () => {
    expect(codesOf(`INPUT(${'-'.repeat(100_000)}1)`)).toEqual(['E005']);
  });

  test('a mebibyte of bytes that are no text', { timeout }, () => {
    expect(codesOf('\0\u0001ab'.repeat(MiB / 4))).toEqual(['E004']);
  });

  test.each(['1', '?x', '.5x', '1x.5', '1e1x', '1 x 1x'])('100,000 times %s', { timeout }, (piece) => {
    expect(codesOf(`INPUT -> CONV(${piece.repeat(100_000)})`)).not.toEqual([]);
  });

  test.each(['\\', '"\\"', '1 x ', '(-', '— ', '= ', 'é'])('a mebibyte of %s', { timeout }, (piece) => {
    expect(codesOf(piece.repeat(MiB / piece.length)).length).toBeGreaterThan(0);
  });

  test('after 100 messages the rest is summed up', () => {
    const codes = codesOf('@ '.repeat(150));
    expect(codes).toHaveLength(101);
    expect(codes.at(-1)).toBe('E004');
  });

  test('a file of more than 4 MB is not read', () => {
    expect(codesOf('A'.repeat(4_000_001))).toEqual(['E004']);
  });
});

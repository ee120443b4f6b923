// Whatever a program asks for, the answer comes soon: these would otherwise take hours, or all memory.
import { describe, expect, test } from 'vitest';
import { summarize } from '../../compiler/index.ts';

const blockName = (i: number): string => `B${String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26))}x`;
const doubling = (body: (inner: string) => string): string =>
  Array.from({ length: 60 }, (_, i) => `block ${blockName(i + 1)}(p=1) = ${body(blockName(i))}`).join('\n');

/** Twenty blocks, the last parameter of each computed from ninety others, one after the other. */
const computed = Array.from({ length: 20 }, (_, i) => {
  const params = Array.from({ length: 90 }, (_, k) => `p${k + 1}=p${k}+p${k}-p${k}`).join(', ');
  return `block ${blockName(i + 1)}(p0=1, ${params}) = ${blockName(i)}(p90)`;
}).join('\n');

const cases: readonly (readonly [title: string, text: string, code: string])[] = [
  ['a repeat without end', 'INPUT -> [CONV]*1000000000 -> FC', 'E026'],
  ['repeats within repeats', 'INPUT -> [[[[[[CONV*0]*100]*100]*100]*100]*100]*100 -> FC', 'E026'],
  ['100,000 open brackets', `INPUT -> ${'['.repeat(100_000)}`, 'E005'],
  ['100,000 open braces', `INPUT -> ${'{'.repeat(100_000)}`, 'E005'],
  ['100,000 open parentheses', `INPUT -> CONV(${'('.repeat(100_000)}`, 'E005'],
  ['an endless input', 'INPUT(1000000000x1000000000x3) -> [CONV]*100000', 'E046'],
  [
    'blocks that double',
    `block Baax = CONV\n${doubling((inner) => `${inner}*2`)}\nINPUT -> ${blockName(60)}`,
    'E026',
  ],
  [
    'parameters that double',
    `block Baax(p) = CONV(p, 0)\n${doubling((inner) => `${inner}((p+p)/2)`)}\nINPUT -> ${blockName(60)}`,
    'E037',
  ],
  ['a block that uses itself', 'block Self = Self -> Self\nINPUT -> Self', 'E048'],
  [
    'blocks 600 deep',
    `${Array.from({ length: 600 }, (_, i) => `block ${blockName(i)} = ${blockName(i + 1)}`).join('\n')}
block ${blockName(600)} = CONV\nINPUT -> Baax`,
    'E026',
  ],
  [
    'a block of 100,000 parameters',
    `block Aa(${Array.from({ length: 100_000 }, (_, i) => `p${i}=1`).join(', ')}) = CONV\nINPUT -> Aa -> FC`,
    'E026',
  ],
  [
    'values computed from each other',
    `block Baax(p0) = CONV(p0)\n${computed}\nINPUT -> ${blockName(20)}`,
    'E026',
  ],
  ['200,000 sizes', `INPUT(${Array.from({ length: 200_000 }, () => 3).join('x')}) -> FC`, 'E037'],
  ['an unknown word 100,000 times', 'Lrn4096*100000', 'E030'],
  ['10,000 words that are wrong in more than one way', 'x y z '.repeat(10_000), 'E004'],
  ['30,000 unknown words', `INPUT${' -> POL'.repeat(30_000)}`, 'E030'],
  [
    '20,000 unknown values',
    `INPUT${Array.from({ length: 20_000 }, (_, i) => ` -> CONV as n${i} -> ADD(m${i}, _)`).join('\n')}`,
    'E022',
  ],
  ['a file of 100 MB', '#'.repeat(100_000_000), 'E004'],
];

describe('an answer comes soon for', () => {
  // About a second on an idle machine; the bound is loose because tests share theirs.
  test.each(cases)('%s', { timeout: 20_000 }, async (_, source, code) => {
    const { diagnostics } = await summarize({ source });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  });
});

test('a program of 100,000 layers is no trouble', { timeout: 120_000 }, async () => {
  const { summary } = await summarize({ source: 'INPUT(8x8x3) -> [CONV(8)]*100000 -> FC' });
  expect(summary!.layers).toHaveLength(100_001);
});

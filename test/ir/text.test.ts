import { describe, expect, test } from 'vitest';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { Refusal } from '../../compiler/support/refusal.ts';
import { randomGraph } from '../support/random-graph.ts';

describe('the text form', () => {
  test('read and printed again it is the same', () => {
    for (let seed = 0; seed < 100; seed++) {
      const text = printGraph(randomGraph(seed));
      expect(printGraph(parseGraph(text))).toBe(text);
    }
  });

  test('weights may have numbers', () => {
    const graph = parseGraph('graph g { @w : f32[2] = [1, -0.5] return w=@w }');
    expect(graph.nodes).toMatchObject([{ name: 'w', data: new Float32Array([1, -0.5]) }]);
  });

  test('names that are no words stand in quotes', () => {
    const text = 'graph "a b" {\n  %"/conv 1/out" = input : f32[1,2]\n  return "out put"=%"/conv 1/out"\n}\n';
    expect(printGraph(parseGraph(text))).toBe(text);
  });
});

describe('a text that is wrong', () => {
  test.each([
    ['graph g {\n  %x = input : f32[1,2]\n  return y=%z\n}', 'line 3: %z is not known here'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = rely(%x) : f32[1,2]',
      'there is no operator rely; did you mean relu?',
    ],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) : f32[1,3]',
      '%y is f32[1,3] here, but relu gives f32[1,2]',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  %x = relu(%x) : f32[1,2]', '%x stands here twice'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) {slope=1} : f32[1,2]',
      'relu has no attribute slope',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = add(%x) : f32[1,2]', 'add lacks its operand b'],
    ['graph g {\n  @w : f32[2] = [1]', '@w has 1 values; f32[2] needs 2'],
    ['graph g {\n  %x = input : f32[1,2]', 'expected %value, @weight or return'],
    [
      'graph g {\n  @w : f32[2,3]\n  %x = input : f32[1,2]\n  %y = fc(%x, weight=@w) : f32[1,2]',
      'FC has weights for 3 inputs',
    ],
  ])('%# is refused with its line', (text, message) => {
    expect(() => parseGraph(text)).toThrow(Refusal);
    expect(() => parseGraph(text)).toThrow(message);
    expect(() => parseGraph(text)).toThrow(/^line \d+: /);
  });
});

import { describe, expect, test } from 'vitest';
import { optimize } from '../../compiler/index.ts';
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

  test.each(['2', '-0.1', '-0', '1e-7', '16777216', 'NaN', '-Infinity'])(
    'a number of the program is %s',
    (number) => {
      const text =
        'graph g {\n  %x = input : f32[1,2]\n' +
        `  @y.1 : f32[1] = ${number}\n  %y = mul(%x, b=@y.1) : f32[1,2]\n  return y=%y\n}\n`;
      const graph = parseGraph(text);
      expect(graph.nodes[1]).toMatchObject({ init: 'literal', data: new Float32Array([Number(number)]) });
      expect(printGraph(graph)).toBe(text);
    },
  );

  test('as the program wrote it', async () => {
    const { text } = await optimize({ source: 'INPUT(2) -> MUL(_, 0.1) -> FC(2)', passes: '' });
    expect(text).toContain('  @mul1.1 : f32[1] = 0.1\n');
    expect(printGraph(parseGraph(text!))).toBe(text);
  });

  test('names that are no words stand in quotes', () => {
    const text = 'graph "a b" {\n  %"/conv 1/out" = input : f32[1,2]\n  return "out put"=%"/conv 1/out"\n}\n';
    expect(printGraph(parseGraph(text))).toBe(text);
  });
});

/** One convolution with these attributes. */
const CONV = (attrs: string) =>
  'graph g {\n  %x = input : f32[1,4,4,1]\n  @w : f32[2,1,3,3]\n' +
  `  %y = conv(%x, weight=@w) {${attrs}} : f32[1,2,2,2]\n  return y=%y\n}`;

describe('a text that is wrong', () => {
  test.each([
    ['graph g {\n  %x = input : f32[1,2]\n  return y=%z\n}', 'line 3: %z is not known here'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = rely(%x) : f32[1,2]',
      'there is no operator rely; did you mean relu?',
    ],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) : f32[1,3]',
      'y is f32[1,3], its operator infers f32[1,2]',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  %x = relu(%x) : f32[1,2]', '%x stands here twice'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) {slope=1} : f32[1,2]',
      'relu has no attribute slope',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = add(%x) : f32[1,2]', 'add lacks its operand b'],
    ['graph g {\n  @w : f32[2] = 1', '@w has 1 values; f32[2] needs 2'],
    ['graph g {\n  @w : f32[1] = one', 'expected a number, found one'],
    ['graph g {\n  @w : f32[2] = [1]', '@w has 1 values; f32[2] needs 2'],
    ['graph g {\n  %x = input : f32[1,2]', 'expected %value, @weight or return'],
    [
      'graph g {\n  @w : f32[2,3]\n  %x = input : f32[1,2]\n  %y = fc(%x, weight=@w) : f32[1,2]',
      'FC has weights for 3 inputs',
    ],
    ['graph g {\n  %x = input : f32[1,-2]', 'f32[1,-2] is no type: sizes are whole numbers'],
    ['graph g {\n  %x = input : f32[1,0.5]', 'f32[1,0.5] is no type'],
    ['graph g {\n  %x = input : f32[]', 'f32[] is no type'],
    ['graph g {\n  %x = input : f32[1,0]', 'a value has sizes of 1 or more'],
    [
      'graph g {\n  %x = input : f32[1,4]\n  %s = slice(%x) {axes=[1], size=[0]} : f32[1,0]',
      'a value has sizes of 1 or more',
    ],
    ['graph g {\n  %x = input : f32[1,65536,65536]', 'more than 2^31 elements'],
    ['graph g {\n  %x = input : f32[1,4,4,1]\n  %y = pool(%x) {mode=7} : f32[1,2,2,1]', 'pool has no mode=7'],
    [CONV('lowering=winograd9'), 'conv has no lowering=winograd9; there is auto, direct, im2col'],
    [CONV('pad=[1]'), 'conv has pad=[1]; here it takes 4 numbers'],
    [CONV('stride=[0,0]'), 'conv has stride=[0,0]; the least is 1'],
    [CONV('dilation=[0.5,1]'), 'conv has dilation=[0.5,1]; it takes whole numbers'],
    [CONV('groups=0'), 'conv has groups=0; the least is 1'],
    [CONV('__proto__=[1]'), 'conv has no attribute __proto__'],
    [CONV('constructor=1'), 'conv has no attribute constructor'],
    [CONV('groups=1, groups=1'), 'conv gets its attribute groups twice'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = reshape(%x) {shape=[1,2]} then relu : f32[1,1,2]',
      'reshape y stores nothing, and so has no epilogue',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  return y=%x, y=%x\n}', 'there are two outputs y'],
    ['graph g {\n  %x = input : f32[1,2]\n  return\n}', 'a graph has an output'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  return y=%x\n}\nrest',
      'nothing comes after the graph, but here is rest',
    ],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x, %x) : f32[1,2]', 'relu gets its operand x twice'],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x, x=%x) : f32[1,2]', 'relu gets its operand x twice'],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = relu([%x]) : f32[1,2]', 'expected a name, found %'],
    ['graph g {\n  %x = input : f32[1,2]\n  %y = concat([]) : f32[1,2]', 'concat y has its operand x'],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) then concat : f32[1,2]',
      'concat in the epilogue of y is element-wise',
    ],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = relu(%x) then add(a=%x, b=%x) : f32[1,2]',
      'add has no operand a',
    ],
    [
      'graph g {\n  %x = input : f32[1,2]\n  %y = slice(%x) {axes=[5]} : f32[1,2]',
      'slice has axes=[5]; there are 2 axes',
    ],
    ['graph "g {', '" is no text in quotes'],
    ['graph "\\x" {', 'is no text in quotes'],
    ['', 'expected graph, found the end of the text'],
  ])('%# is refused with its line', (text, message) => {
    expect(() => parseGraph(text)).toThrow(Refusal);
    expect(() => parseGraph(text)).toThrow(message);
    expect(() => parseGraph(text)).toThrow(/^line \d+: /);
  });
});

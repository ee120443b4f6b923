// Models made to break an importer. Whatever they ask for, the answer comes soon, within little memory, and is a
// network or a diagnostic.
import { describe, expect, test } from 'vitest';
import { compile, type CompileResult } from '../../compiler/index.ts';
import {
  bools,
  encode,
  floats,
  graph,
  ints,
  model,
  node,
  rawTensor,
  TYPE,
  value,
  type GraphParts,
  type Message,
} from '../support/onnx-writer.ts';

/** Of the processor, for the clock counts what else the machine does. */
const now = (): number => process.cpuUsage().user / 1000;

async function answerTo(onnx: Uint8Array, options = {}, longest = 1000): Promise<CompileResult> {
  const start = now();
  const result = await compile({ onnx, path: 'net.onnx', targets: ['js', 'webgpu'], ...options });
  expect(now() - start).toBeLessThan(longest);
  expect(result.ok).toBe(result.diagnostics.every(({ severity }) => severity !== 'error'));
  for (const { message, help = '' } of result.diagnostics)
    expect(message.length + help.length).toBeLessThan(4000);
  return result;
}

const codesOf = ({ ok, diagnostics }: CompileResult): string =>
  ok ? 'ok' : [...new Set(diagnostics.map(({ code }) => code))].join();

const x = value('x', [1, 4, 8, 8]);
const y = value('y');
const BIG = 2n ** 60n;

/** A model of one node, of x and constants, that gives y. */
const one = (
  op: string,
  {
    attributes = {},
    constants = [],
    inputs = ['x'],
    outputs = ['y'],
    input = x,
    opset = 13,
  }: Partial<{
    attributes: Parameters<typeof node>[3];
    constants: readonly Message[];
    inputs: readonly string[];
    outputs: readonly string[];
    input: Message;
    opset: number;
  }> = {},
): Uint8Array =>
  model(
    {
      nodes: [node(op, inputs, outputs, attributes)],
      initializers: constants,
      inputs: [input],
      outputs: [y],
    },
    opset,
  );

type Case = readonly [title: string, onnx: () => Uint8Array, codes: string];

const w = floats('w', [4, 4, 1, 1], Array<number>(16).fill(1));
const conv = (attributes: Parameters<typeof node>[3], constants: readonly Message[] = [w]): Uint8Array =>
  one('Conv', { attributes, constants, inputs: constants.length > 1 ? ['x', 'w', 'b'] : ['x', 'w'] });
const resized = (attributes: Parameters<typeof node>[3], constant: Message, place: 'scales' | 'sizes') =>
  one('Resize', {
    attributes,
    constants: [constant],
    inputs: place === 'scales' ? ['x', '', 'c'] : ['x', '', '', 'c'],
  });
/** y is what one node makes of constants alone. */
const ofConstants = (op: string, constants: readonly Message[], attributes = {}): Uint8Array =>
  one(op, { constants, inputs: constants.map((_, i) => 'abcd'[i]!), attributes });
const parts = (more: Partial<GraphParts>): Uint8Array =>
  model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [x], outputs: [y], ...more });

const chain = (links: number): Message[] =>
  Array.from({ length: links }, (_, i) => node('Relu', [`v${i}`], [`v${i + 1}`]));

const relu = graph({ nodes: [node('Relu', ['x'], ['r'])], outputs: [value('r')] });

/** `If`s within each other, from the innermost: no stack is deep enough for the other way. */
function nested(depth: number): Uint8Array {
  let inner = encode(relu);
  for (let left = depth; left > 0; left--) {
    const branches = { then_branch: { graph: inner }, else_branch: { graph: relu } };
    inner = encode(graph({ nodes: [node('If', ['c'], ['r'], branches)], outputs: [value('r')] }));
  }
  return inner;
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  files: [
    ['nothing', () => new Uint8Array(), 'E090'],
    ['text', () => new TextEncoder().encode('INPUT -> CONV'), 'E090'],
    ['zeros', () => new Uint8Array(1000), 'E090'],
    [
      'a length of 2^60',
      () => Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f),
      'E090',
    ],
    ['groups within groups', () => new Uint8Array(200_000).fill(0x0b), 'E090'],
    [
      'no operator set',
      () => encode([[7, graph({ nodes: [node('Relu', ['x'], ['y'])], inputs: [x], outputs: [y] })]]),
      'E090',
    ],
    ['operators of the year 3000', () => one('Relu', { opset: 2 ** 50 }), 'E091'],
  ],
  graphs: [
    [
      'a cycle',
      () =>
        parts({
          nodes: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])],
        }),
      'E090',
    ],
    ['a node that reads itself', () => parts({ nodes: [node('Add', ['x', 'y'], ['y'])] }), 'E090'],
    [
      'nodes in the wrong order',
      () => parts({ nodes: [node('Relu', ['a'], ['y']), node('Relu', ['x'], ['a'])] }),
      'ok',
    ],
    ['no outputs', () => parts({ outputs: [] }), 'E090'],
    ['an output that nothing gives', () => parts({ outputs: [value('z')] }), 'E090'],
    ['an input that nothing gives', () => parts({ inputs: [] }), 'E090'],
    [
      'two nodes that give one value',
      () => parts({ nodes: [node('Relu', ['x'], ['y']), node('Tanh', ['x'], ['y'])] }),
      'E090',
    ],
    [
      'a node that gives an input',
      () => parts({ nodes: [node('Relu', ['x'], ['x']), node('Relu', ['x'], ['y'])] }),
      'E090',
    ],
    ['two inputs of one name', () => parts({ inputs: [x, x] }), 'E090'],
    ['two initializers of one name', () => parts({ initializers: [w, w] }), 'E090'],
    ['one output twice', () => parts({ outputs: [y, y] }), 'ok'],
    ['a node without inputs', () => parts({ nodes: [node('Relu', [], ['y'])] }), 'E090'],
    ['a node without outputs', () => parts({ nodes: [node('Relu', ['x'], [])] }), 'E090'],
    ['a node without an operator', () => parts({ nodes: [node('', ['x'], ['y'])] }), 'E091'],
    [
      'a node of 200,000 inputs',
      () => parts({ nodes: [node('Concat', Array<string>(200_000).fill('x'), ['y'], { axis: 1 })] }),
      'E091',
    ],
    [
      '1,000 branches within each other',
      () =>
        parts({
          initializers: [bools('c', [], [1])],
          nodes: [
            node('If', ['c'], ['y'], {
              then_branch: { graph: nested(1000) },
              else_branch: { graph: relu },
            }),
          ],
        }),
      'E090',
    ],
    [
      '10 branches within each other',
      () =>
        parts({
          initializers: [bools('c', [], [1])],
          nodes: [
            node('If', ['c'], ['y'], {
              then_branch: { graph: nested(10) },
              else_branch: { graph: relu },
            }),
          ],
        }),
      'ok',
    ],
    [
      'a branch of 50,000 nodes',
      () =>
        parts({
          initializers: [bools('c', [], [0])],
          nodes: [
            node('If', ['c'], ['y'], {
              then_branch: { graph: graph({ nodes: chain(50_000), outputs: [value('v0')] }) },
              else_branch: { graph: relu },
            }),
          ],
        }),
      'E090,ok',
    ],
    [
      'a condition that depends on the data',
      () =>
        parts({
          nodes: [
            node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
            node('Cast', ['m'], ['c'], { to: 9 }),
            node('If', ['c'], ['y'], {
              then_branch: { graph: relu },
              else_branch: { graph: relu },
            }),
          ],
        }),
      'E092',
    ],
  ],
  shapes: [
    ['2^60 elements', () => one('Relu', { input: value('x', [1, BIG]) }), 'E046'],
    [
      'sizes whose product overflows',
      () => one('Relu', { input: value('x', [1, 2n ** 32n, 2n ** 32n]) }),
      'E046',
    ],
    ['a size below zero', () => one('Relu', { input: value('x', [1, -7]) }), 'E090'],
    ['an axis without a size', () => one('Relu', { input: value('x', [1, 'n']) }), 'E092'],
    ['no shape', () => one('Relu', { input: value('x') }), 'E092'],
    ['100,000 axes', () => one('Relu', { input: value('x', Array<number>(200_000).fill(1)) }), 'E091'],
    [
      'an initializer of 2^60 elements',
      () =>
        one('Add', {
          constants: [
            floats('a', [1], [1]),
            [
              [1, BIG],
              [2, 1],
              [8, 'w'],
              [9, new Uint8Array(4)],
            ],
          ],
          inputs: ['x', 'a'],
        }),
      'E046',
    ],
    [
      'an initializer of sizes below zero',
      () =>
        one('Add', {
          constants: [
            [
              [1, -1],
              [1, -1],
              [2, 1],
              [8, 'w'],
              [9, new Uint8Array(4)],
            ],
          ],
          inputs: ['x', 'w'],
        }),
      'E090',
    ],
    [
      'an initializer with too few numbers',
      () => one('Add', { constants: [floats('w', [3], [1])], inputs: ['x', 'w'] }),
      'E090',
    ],
    [
      'an initializer of 200,000 axes',
      () => one('Add', { constants: [floats('w', Array<number>(200_000).fill(1), [1])], inputs: ['x', 'w'] }),
      'E091',
    ],
    ['strings', () => one('Relu', { input: value('x', [1, 4], TYPE.string) }), 'E091'],
    [
      '8-bit floats',
      () => one('Add', { constants: [rawTensor('w', [4], 17, new Uint8Array(4))], inputs: ['x', 'w'] }),
      'E091',
    ],
    [
      '4-bit whole numbers',
      () => one('Add', { constants: [rawTensor('w', [4], 22, new Uint8Array(2))], inputs: ['x', 'w'] }),
      'E091',
    ],
    ['elements of a type that nobody knows', () => one('Relu', { input: value('x', [1, 4], 99) }), 'E091'],
    [
      'an input that is no tensor',
      () =>
        one('Relu', {
          input: [
            [1, 'x'],
            [2, [[4, []]]],
          ],
        }),
      'E091',
    ],
  ],
  'sizes of results': [
    ['ConstantOfShape of 2^40', () => ofConstants('ConstantOfShape', [ints('a', [2 ** 40])]), 'E046'],
    ['ConstantOfShape of −1', () => ofConstants('ConstantOfShape', [ints('a', [-1, -8])]), 'E090'],
    [
      'ConstantOfShape of 200,000 axes',
      () => ofConstants('ConstantOfShape', [ints('a', Array<number>(200_000).fill(1))]),
      'E090',
    ],
    ['ConstantOfShape of nothing', () => ofConstants('ConstantOfShape', [ints('a', [0])]), 'E046,E090,ok'],
    [
      'a thousand of 2^26',
      () =>
        parts({
          initializers: [ints('a', [2 ** 26])],
          nodes: [
            ...Array.from({ length: 1000 }, (_, i) => node('ConstantOfShape', ['a'], [`b${i}`])),
            node(
              'Sum',
              Array.from({ length: 1000 }, (_, i) => `b${i}`),
              ['s'],
            ),
            node('Add', ['x', 's'], ['y']),
          ],
        }),
      'E046',
    ],
    [
      'Expand to 2^40',
      () => one('Expand', { constants: [ints('s', [2 ** 40, 1, 1, 1, 1])], inputs: ['x', 's'] }),
      'E046',
    ],
    [
      'Expand of a constant to 2^28',
      () => ofConstants('Expand', [floats('a', [1], [1]), ints('b', [2 ** 28])]),
      'E046',
    ],
    [
      'Expand to sizes below zero',
      () => ofConstants('Expand', [floats('a', [1], [1]), ints('b', [-4, -4])]),
      'E090',
    ],
    [
      'Tile of 2^40',
      () => one('Tile', { constants: [ints('r', [1, 1, 2 ** 20, 2 ** 20])], inputs: ['x', 'r'] }),
      'E046',
    ],
    [
      'Tile of a constant to 2^28',
      () => ofConstants('Tile', [floats('a', [2], [1, 2]), ints('b', [2 ** 27])]),
      'E046',
    ],
    [
      'Tile below zero',
      () => one('Tile', { constants: [ints('r', [1, 1, -1, -1])], inputs: ['x', 'r'] }),
      'E090',
    ],
    [
      'Tile to nothing',
      () => one('Tile', { constants: [ints('r', [1, 1, 0, 1])], inputs: ['x', 'r'] }),
      'E090,E091,ok',
    ],
    [
      'Pad by 2^40',
      () => one('Pad', { constants: [ints('p', [0, 0, 0, 0, 0, 0, 2 ** 40, 0])], inputs: ['x', 'p'] }),
      'E046',
    ],
    [
      'Pad of a constant to 2^28',
      () => ofConstants('Pad', [floats('a', [1], [1]), ints('b', [2 ** 28, 0])]),
      'E046',
    ],
    [
      'Pad that cuts off everything',
      () => one('Pad', { constants: [ints('p', [0, 0, -20, 0, 0, 0, 0, 0])], inputs: ['x', 'p'] }),
      'E043',
    ],
    [
      'Pad, mirrored further than there is anything',
      () =>
        one('Pad', {
          attributes: { mode: 'reflect' },
          constants: [ints('p', [0, 0, 100, 0, 0, 0, 0, 0])],
          inputs: ['x', 'p'],
        }),
      'E040,E091,ok',
    ],
    [
      'Pad of the same axis twice',
      () =>
        one('Pad', {
          constants: [ints('p', [1, 2, 3, 4]), floats('v', [], [0]), ints('a', [2, 2])],
          inputs: ['x', 'p', 'v', 'a'],
          opset: 18,
        }),
      'E090',
    ],
    [
      'Range of 2^50',
      () => ofConstants('Range', [floats('a', [], [0]), floats('b', [], [2 ** 50]), floats('c', [], [1])]),
      'E046',
    ],
    [
      'Range that gets nowhere',
      () => ofConstants('Range', [floats('a', [], [0]), floats('b', [], [4]), floats('c', [], [0])]),
      'E046,E090',
    ],
    [
      'Range of no numbers',
      () => ofConstants('Range', [floats('a', [0], []), floats('b', [], [4]), floats('c', [], [1])]),
      'E090,E046',
    ],
    ['Resize by 2^30', () => resized({}, floats('c', [4], [1, 1, 2 ** 30, 2 ** 30]), 'scales'), 'E040,E046'],
    [
      'Resize to 2^20 × 2^20',
      () => resized({ mode: 'cubic' }, ints('c', [1, 4, 2 ** 20, 2 ** 20]), 'sizes'),
      'E046',
    ],
    [
      'Resize of channels to 2^20, by a matrix',
      () => resized({ mode: 'cubic' }, ints('c', [1, 2 ** 20, 8, 8]), 'sizes'),
      'E046,ok',
    ],
    ['Resize by less than nothing', () => resized({}, floats('c', [4], [1, 1, -1, NaN]), 'scales'), 'E040'],
    ['Resize to infinity', () => resized({}, floats('c', [4], [1, 1, Infinity, 1]), 'scales'), 'E040'],
    [
      'Resize to almost nothing, antialiased',
      () => resized({ mode: 'linear', antialias: 1 }, floats('c', [4], [1, 1, 1e-30, 1]), 'scales'),
      'E040',
    ],
    ['Resize of three scales', () => resized({}, floats('c', [3], [1, 1, 2]), 'scales'), 'E090'],
    [
      'Upsample by 2^40',
      () => one('Upsample', { attributes: { scales: { floats: [1, 1, 2 ** 40, 1] } }, opset: 7 }),
      'E040,E046',
    ],
    [
      'crop and resize, with 2^28 positions outside',
      () =>
        one('Resize', {
          attributes: { coordinate_transformation_mode: 'tf_crop_and_resize', mode: 'nearest' },
          constants: [floats('r', [8], [0, 0, 0, 0, 1, 1, 9, 9]), ints('c', [1, 4, 8192, 8192])],
          inputs: ['x', 'r', '', 'c'],
        }),
      'E046',
    ],
    [
      'Dropout with a mask of 2^30',
      () => parts({ inputs: [value('x', [1, 2 ** 30])], nodes: [node('Dropout', ['x'], ['d', 'y'])] }),
      'E046',
    ],
    [
      'Split into 2^40',
      () => one('Split', { attributes: { num_outputs: 2 ** 40, axis: 1 }, opset: 18 }),
      'E090',
    ],
    [
      'a product of constants of 2^36 steps',
      () =>
        parts({
          initializers: [ints('s', [4096, 4096])],
          nodes: [node('ConstantOfShape', ['s'], ['c']), node('MatMul', ['c', 'c'], ['y'])],
        }),
      'E046',
    ],
    [
      'a convolution of constants of 2^36 steps',
      () =>
        parts({
          initializers: [ints('s', [1, 4, 4096, 4096]), ints('t', [64, 4, 3, 3])],
          nodes: [
            node('ConstantOfShape', ['s'], ['c']),
            node('ConstantOfShape', ['t'], ['k']),
            node('Conv', ['c', 'k'], ['y']),
          ],
        }),
      'E046',
    ],
    [
      'a pool of constants of 2^36 steps',
      () =>
        parts({
          initializers: [ints('s', [1, 1, 1024, 1024])],
          nodes: [
            node('ConstantOfShape', ['s'], ['c']),
            node('MaxPool', ['c'], ['y'], { kernel_shape: [256, 256] }),
          ],
        }),
      'E046',
    ],
    [
      'a thousand sums of constants',
      () =>
        parts({
          initializers: [ints('s', [2 ** 20])],
          nodes: [
            node('ConstantOfShape', ['s'], ['v0']),
            ...Array.from({ length: 1000 }, (_, i) => node('Exp', [`v${i}`], [`v${i + 1}`])),
            node('Identity', ['v1000'], ['y']),
          ],
        }),
      'E046',
    ],
  ],
  attributes: [
    ['an attribute of another sort', () => one('Softmax', { attributes: { axis: 'one' } }), 'E090'],
    ['a fraction for a whole number', () => one('Softmax', { attributes: { axis: { float: 0.5 } } }), 'E090'],
    ['an axis beyond the last', () => one('Softmax', { attributes: { axis: 9 } }), 'E090'],
    ['a word that is none', () => conv({ auto_pad: 'MAYBE' }), 'E091'],
    ['a tensor for a word', () => conv({ auto_pad: { tensor: w } }), 'E090'],
    ['a graph that is missing', () => one('If', { constants: [bools('c', [], [1])], inputs: ['c'] }), 'E090'],
    ['strides of zero', () => conv({ strides: [0, 0] }), 'E090'],
    ['strides of 2^60', () => conv({ strides: [2 ** 60, 1] }), 'E090,E091'],
    ['dilations of 2^60', () => conv({ dilations: [2 ** 60, 1] }), 'E090,E091'],
    ['pads of 2^60', () => conv({ pads: [2 ** 60, 0, 0, 0], strides: [2 ** 60, 1] }), 'E090,E091'],
    ['pads below zero', () => conv({ pads: [-1, 0, 0, 0] }), 'E091'],
    ['three strides for two axes', () => conv({ strides: [1, 1, 1] }), 'E090'],
    ['no groups', () => conv({ group: 0 }), 'E041'],
    ['groups below zero', () => conv({ group: -4 }), 'E041'],
    ['a bias of the wrong length', () => conv({}, [w, floats('b', [3], [1, 2, 3])]), 'E041'],
    ...[1, 3].map((length): Case => [
      `a bias of the wrong length, ${length}, for filters that are computed`,
      () =>
        parts({
          initializers: [w, floats('b', [length], Array<number>(length).fill(1))],
          nodes: [
            node('ReduceMean', ['x'], ['mean'], { keepdims: 0 }),
            node('Add', ['w', 'mean'], ['filters']),
            node('Conv', ['x', 'filters', 'b'], ['y']),
          ],
        }),
      'E041',
    ]),
    ['weights of the wrong rank', () => conv({}, [floats('w', [4, 4], Array<number>(16).fill(1))]), 'E090'],
    [
      'a convolution of a vector',
      () => one('Conv', { input: value('x', [1, 4]), constants: [w], inputs: ['x', 'w'] }),
      'E091',
    ],
    [
      'a convolution of numbers',
      () => one('Conv', { input: value('x', []), constants: [w], inputs: ['x', 'w'] }),
      'E091',
    ],
    [
      '3D',
      () =>
        one('Conv', {
          input: value('x', [1, 4, 8, 8, 8]),
          constants: [floats('w', [4, 4, 1, 1, 1], Array<number>(16).fill(1))],
          inputs: ['x', 'w'],
        }),
      'E091',
    ],
    ['weights that are the data itself', () => one('Conv', { inputs: ['x', 'x'] }), 'ok'],
    [
      'a transposed convolution with groups below zero',
      () => one('ConvTranspose', { attributes: { group: -4 }, constants: [w], inputs: ['x', 'w'] }),
      'E041,E043,E090',
    ],
    [
      'a transposed convolution without groups',
      () => one('ConvTranspose', { attributes: { group: 0 }, constants: [w], inputs: ['x', 'w'] }),
      'E041',
    ],
    [
      'a transposed convolution to 2^60',
      () =>
        one('ConvTranspose', {
          attributes: { output_shape: [2 ** 60, 8] },
          constants: [w],
          inputs: ['x', 'w'],
        }),
      'E040,E046,E090',
    ],
    [
      'a transposed convolution to sizes below zero',
      () =>
        one('ConvTranspose', { attributes: { output_shape: [-2, -2] }, constants: [w], inputs: ['x', 'w'] }),
      'E040,E090',
    ],
    [
      'a transposed convolution to one size',
      () => one('ConvTranspose', { attributes: { output_shape: [8] }, constants: [w], inputs: ['x', 'w'] }),
      'E090',
    ],
    [
      'a transposed convolution with more padding than result',
      () => one('ConvTranspose', { attributes: { pads: [9, 9, 9, 9] }, constants: [w], inputs: ['x', 'w'] }),
      'E040',
    ],
    [
      'a transposed convolution with one output_padding',
      () => one('ConvTranspose', { attributes: { output_padding: [0] }, constants: [w], inputs: ['x', 'w'] }),
      'E090',
    ],
    [
      'statistics of the wrong length',
      () =>
        one('BatchNormalization', {
          constants: [floats('s', [3], [1, 1, 1])],
          inputs: ['x', 's', 's', 's', 's'],
        }),
      'E041',
    ],
    ['a pool without a kernel', () => one('MaxPool'), 'E090'],
    [
      'a pool of 2^60',
      () => one('MaxPool', { attributes: { kernel_shape: [2 ** 60, 2 ** 60] } }),
      'E040,E090,E091',
    ],
    ['a pool of nothing', () => one('MaxPool', { attributes: { kernel_shape: [0, 0] } }), 'E090'],
    ['LRN of size −1', () => one('LRN', { attributes: { size: -1 } }), 'E037,E090'],
    ['LRN of size 2^53 − 1', () => one('LRN', { attributes: { size: 2 ** 53 - 1 } }), 'E090,E091,ok'],
    [
      'a slope that is no number',
      () => one('LeakyRelu', { attributes: { alpha: { float: NaN } } }),
      'E090,E091,ok',
    ],
    [
      'a slope of infinity',
      () => one('LeakyRelu', { attributes: { alpha: { float: Infinity } } }),
      'E090,E091,ok',
    ],
    [
      'Clip between numbers that are none',
      () => one('Clip', { attributes: { min: { float: NaN }, max: { float: -Infinity } }, opset: 6 }),
      'E090,E091,ok',
    ],
    [
      'an epsilon that is no number',
      () =>
        one('InstanceNormalization', {
          attributes: { epsilon: { float: NaN } },
          constants: [floats('s', [4], [1, 1, 1, 1])],
          inputs: ['x', 's', 's'],
        }),
      'E090,E091,ok',
    ],
    [
      'Reshape to −1 × −1',
      () => one('Reshape', { constants: [ints('s', [-1, -1])], inputs: ['x', 's'] }),
      'E043',
    ],
    [
      'Reshape to fractions',
      () => one('Reshape', { constants: [floats('s', [2], [0.5, 512])], inputs: ['x', 's'] }),
      'E043,E090',
    ],
    [
      'Reshape to −2',
      () => one('Reshape', { constants: [ints('s', [-2, -128])], inputs: ['x', 's'] }),
      'E043',
    ],
    [
      'Reshape to 200,000 axes',
      () =>
        one('Reshape', {
          constants: [ints('s', [...Array<number>(200_000).fill(1), 256])],
          inputs: ['x', 's'],
        }),
      'E090',
    ],
    [
      'Reshape to what depends on the data',
      () => parts({ nodes: [node('Cast', ['x'], ['s'], { to: 7 }), node('Reshape', ['x', 's'], ['y'])] }),
      'E092',
    ],
    ['Flatten at axis −99', () => one('Flatten', { attributes: { axis: -99 } }), 'E090'],
    ['Flatten at axis 99', () => one('Flatten', { attributes: { axis: 99 } }), 'E090'],
    [
      'Transpose by a list that is no order',
      () => one('Transpose', { attributes: { perm: [0, 1, 1, 2] } }),
      'E090',
    ],
    [
      'Transpose by a list that is too long',
      () => one('Transpose', { attributes: { perm: [0, 1, 2, 3, 3] } }),
      'E090',
    ],
    [
      'Squeeze of what is larger than one',
      () => one('Squeeze', { attributes: { axes: [1] }, opset: 11 }),
      'E043',
    ],
    [
      'Squeeze of a fraction',
      () => one('Squeeze', { constants: [floats('a', [1], [0.5])], inputs: ['x', 'a'] }),
      'E090',
    ],
    [
      'Unsqueeze of the same axis twice',
      () => one('Unsqueeze', { attributes: { axes: [0, 0] }, opset: 11 }),
      'E090',
    ],
    [
      'Unsqueeze by 200,000 axes',
      () =>
        one('Unsqueeze', {
          constants: [
            ints(
              'a',
              Array.from({ length: 200_000 }, (_, i) => i),
            ),
          ],
          inputs: ['x', 'a'],
        }),
      'E090',
    ],
    [
      'Concat of different ranks',
      () =>
        one('Concat', {
          attributes: { axis: 0 },
          constants: [floats('w', [4], [1, 2, 3, 4])],
          inputs: ['x', 'w'],
        }),
      'E043',
    ],
    [
      'Concat of different sizes',
      () => one('Concat', { attributes: { axis: 1 }, constants: [w], inputs: ['x', 'w'] }),
      'E043',
    ],
    ['Concat of nothing', () => one('Concat', { attributes: { axis: 1 }, inputs: [] }), 'E090'],
    [
      'Split in parts below zero',
      () => one('Split', { attributes: { axis: 1, split: [-4, 8] }, opset: 11 }),
      'E043',
    ],
    [
      'Split in fractions',
      () =>
        one('Split', {
          attributes: { axis: 1 },
          constants: [floats('s', [2], [1.5, 2.5])],
          inputs: ['x', 's'],
          outputs: ['y', 'z'],
        }),
      'E090',
    ],
    [
      'Split in fewer parts than are asked for',
      () => one('Split', { attributes: { axis: 1, split: [4] }, outputs: ['z', 'y'], opset: 11 }),
      'E091,E090',
    ],
    [
      'Slice by fractions',
      () => one('Slice', { constants: [floats('s', [1], [0.5]), ints('e', [3])], inputs: ['x', 's', 'e'] }),
      'E090',
    ],
    [
      'Slice from NaN',
      () => one('Slice', { constants: [floats('s', [1], [NaN]), ints('e', [3])], inputs: ['x', 's', 'e'] }),
      'E090',
    ],
    [
      'Slice by steps of zero',
      () =>
        one('Slice', {
          constants: [ints('s', [0]), ints('e', [3]), ints('a', [1]), ints('t', [0])],
          inputs: ['x', 's', 'e', 'a', 't'],
        }),
      'E090',
    ],
    [
      'Slice of the same axis twice',
      () =>
        one('Slice', {
          constants: [ints('s', [0, 1]), ints('e', [3, 4]), ints('a', [1, 1])],
          inputs: ['x', 's', 'e', 'a'],
        }),
      'E090',
    ],
    [
      'Slice from and to the ends of int64',
      () =>
        one('Slice', {
          constants: [ints('s', [-(2n ** 63n)]), ints('e', [2n ** 63n - 1n]), ints('a', [2])],
          inputs: ['x', 's', 'e', 'a'],
        }),
      'ok',
    ],
    [
      'Slice backwards, from and to the ends of int64',
      () =>
        one('Slice', {
          constants: [
            ints('s', [2n ** 63n - 1n]),
            ints('e', [-(2n ** 63n)]),
            ints('a', [2]),
            ints('t', [-1]),
          ],
          inputs: ['x', 's', 'e', 'a', 't'],
        }),
      'ok',
    ],
    [
      'Gather beyond the end',
      () => one('Gather', { constants: [ints('i', [99])], inputs: ['x', 'i'] }),
      'E090',
    ],
    [
      'Gather of fractions',
      () => one('Gather', { constants: [floats('i', [1], [0.5])], inputs: ['x', 'i'] }),
      'E090',
    ],
    [
      'DepthToSpace with blocks of zero',
      () => one('DepthToSpace', { attributes: { blocksize: 0 } }),
      'E043,E090',
    ],
    [
      'DepthToSpace with blocks of −2',
      () => one('DepthToSpace', { attributes: { blocksize: -2 } }),
      'E043,E090',
    ],
    ['DepthToSpace with blocks of 3', () => one('DepthToSpace', { attributes: { blocksize: 3 } }), 'E090'],
    [
      'SpaceToDepth with blocks of −2',
      () => one('SpaceToDepth', { attributes: { blocksize: -2 } }),
      'E043,E090',
    ],
    [
      'GroupNormalization without groups',
      () =>
        one('GroupNormalization', {
          attributes: { num_groups: 0 },
          constants: [floats('s', [4], [1, 1, 1, 1])],
          inputs: ['x', 's', 's'],
          opset: 21,
        }),
      'E043,E090',
    ],
    [
      'GroupNormalization with groups below zero',
      () =>
        one('GroupNormalization', {
          attributes: { num_groups: -2 },
          constants: [floats('s', [4], [1, 1, 1, 1])],
          inputs: ['x', 's', 's'],
          opset: 21,
        }),
      'E043,E090',
    ],
    [
      'GroupNormalization of a number',
      () =>
        one('GroupNormalization', {
          input: value('x', [4]),
          attributes: { num_groups: 2 },
          constants: [floats('s', [4], [1, 1, 1, 1])],
          inputs: ['x', 's', 's'],
          opset: 21,
        }),
      'E043,E090',
    ],
    [
      'InstanceNormalization with too many scales',
      () =>
        one('InstanceNormalization', {
          constants: [floats('s', [5], [1, 1, 1, 1, 1])],
          inputs: ['x', 's', 's'],
        }),
      'E043',
    ],
    [
      'sums over the same axis twice',
      () => one('ReduceSum', { constants: [ints('a', [1, -3])], inputs: ['x', 'a'] }),
      'E090',
    ],
    [
      'sums over fractions',
      () => one('ReduceSum', { constants: [floats('a', [1], [0.5])], inputs: ['x', 'a'] }),
      'E090',
    ],
    ['ArgMax of a number', () => one('ArgMax', { input: value('x', []) }), 'E090,ok'],
    ['Gemm of maps', () => one('Gemm', { constants: [w], inputs: ['x', 'w'] }), 'E043'],
    [
      'Gemm of vectors',
      () =>
        one('Gemm', {
          input: value('x', [4]),
          attributes: { transA: 1, transB: 1 },
          constants: [floats('w', [4], [1, 1, 1, 1])],
          inputs: ['x', 'w'],
        }),
      'E043',
    ],
    ['MatMul of numbers', () => one('MatMul', { input: value('x', []), inputs: ['x', 'x'] }), 'E043'],
    [
      'MatMul of nothing',
      () =>
        one('MatMul', {
          input: value('x', [2, 4]),
          constants: [floats('w', [0, 3], [])],
          inputs: ['x', 'w'],
        }),
      'E043',
    ],
    [
      'MatMul of sizes that do not go together',
      () =>
        one('MatMul', {
          input: value('x', [2, 4]),
          constants: [floats('w', [3, 3], Array<number>(9).fill(1))],
          inputs: ['x', 'w'],
        }),
      'E043',
    ],
    [
      'Add of sizes that do not go together',
      () => one('Add', { constants: [floats('w', [3], [1, 2, 3])], inputs: ['x', 'w'] }),
      'E043,E044',
    ],
    ['Pow of a missing exponent', () => one('Pow'), 'E090'],
    [
      'Clip with bounds of several numbers',
      () => one('Clip', { constants: [floats('w', [3], [1, 2, 3])], inputs: ['x', 'w'] }),
      'E043,E090',
    ],
    ['Cast to strings', () => one('Cast', { attributes: { to: TYPE.string } }), 'E091'],
    ['Constant without a value', () => parts({ nodes: [node('Constant', [], ['y'])] }), 'E090'],
    [
      'Dropout as in training',
      () =>
        one('Dropout', { constants: [floats('r', [], [0.5]), bools('t', [], [1])], inputs: ['x', 'r', 't'] }),
      'E091',
    ],
  ],
};

describe.each(Object.entries(cases))('%s', (_, list) => {
  test.each(list)('%s', async (_title, onnx, codes) => {
    const result = await answerTo(onnx());
    expect(codes.split(',').concat(result.diagnostics.map(({ message }) => message))).toContain(
      codesOf(result),
    );
  });
});

test('a file of nothing but empty nodes is refused before they fill the memory', async () => {
  const nodes = new Uint8Array(4_000_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
  expect(codesOf(await answerTo(encode([[7, nodes]]), {}, 4000))).toBe('E091');
});

test('operators that are not known are told all at once, with counts and names', async () => {
  const strange = (op: string, i: number, domain = '') =>
    node(op, [`v${i}`], [`v${i + 1}`], {}, { name: `/strange/${i}`, domain });
  const nodes = [
    strange('Foo', 0),
    strange('Bar', 1, 'com.microsoft'),
    ...[2, 3, 4, 5].map((i) => strange('Foo', i)),
  ];
  const { diagnostics } = await answerTo(
    model({ nodes, inputs: [value('v0', [1, 4])], outputs: [value('v6')] }),
  );
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'E091 net.onnx: the model uses operators that are not supported: Foo ×5 ("/strange/0", "/strange/2", "/strange/3", …); com.microsoft.Bar ×1 ("/strange/1"), not of ONNX',
  ]);
});

test('none of these took a GiB of memory', () => {
  const KIB_PER_GIB = 2 ** 20;
  expect(process.resourceUsage().maxRSS).toBeLessThan(KIB_PER_GIB);
});

// Corners of operators, where ONNX Runtime and a plain reading of the formula part: shapes and numbers of both.
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../../compiler/import/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import {
  bools,
  floats,
  ints,
  model,
  node,
  rawTensor,
  TYPE,
  value,
  type Message,
} from '../support/onnx-writer.ts';
import { mismatch } from '../support/tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';

interface Case {
  readonly title: string;
  readonly opset?: number;
  readonly x: readonly number[];
  /** Numbers of x; 0, 1, 2 … where nothing is said. */
  readonly data?: readonly number[];
  readonly initializers?: readonly Message[];
  readonly nodes: readonly Message[];
}

/** Dimensions and numbers of y, by us and by ONNX Runtime. */
async function bothOf({ opset = 18, x, data, initializers = [], nodes }: Case) {
  const file = model({ nodes, initializers, inputs: [value('x', x)], outputs: [value('y')] }, opset);
  const numbers = Float32Array.from(data ?? Array.from({ length: sizeOf(x) }, (_, i) => i));
  const { graph, complaints } = await importOnnx(file, { name: 'case' }, undefined);
  if (!graph) throw new Error(complaints.map(({ message }) => message).join('\n'));
  const [{ dims, name }] = graph.outputs as [(typeof graph.outputs)[number]];
  const session = await ort.InferenceSession.create(file);
  const { y } = await session.run({ x: new ort.Tensor('float32', numbers, x) });
  await session.release();
  return {
    ours: { dims, data: interpret(graph, { x: numbers })[name]! },
    theirs: { dims: y!.dims, data: y!.data as Float32Array }, // all of these give float32
  };
}

const cast = (from: string, to: keyof typeof TYPE, output = `${from}_${to}`): Message =>
  node('Cast', [from], [output], { to: TYPE[to] });

const resized = (
  title: string,
  x: readonly number[],
  scales: readonly number[],
  attributes: Parameters<typeof node>[3],
): Case => ({
  title: `Resize ${title}`,
  x,
  initializers: [floats('scales', [x.length], scales)],
  nodes: [node('Resize', ['x', '', 'scales'], ['y'], attributes)],
});

const row = (length: number): readonly number[] => [1, 1, 1, length];
const asymmetric = { coordinate_transformation_mode: 'asymmetric' };
const halfPixel = { coordinate_transformation_mode: 'half_pixel' };

const RESIZES: readonly Case[] = [
  resized('by a third, rounded in single precision', row(12), row(1 / 3), {
    ...asymmetric,
    nearest_mode: 'floor',
  }),
  resized('by a third from the middle of pixels', row(12), row(1 / 3), {
    ...halfPixel,
    nearest_mode: 'floor',
  }),
  resized('to as many positions as single precision makes of it', row(10), row(0.7), {
    ...asymmetric,
    nearest_mode: 'floor',
  }),
  resized('by a scale that changes no size', row(4), row(1.1), { ...asymmetric, mode: 'linear' }),
  ...(['nearest', 'linear'] as const).map((mode) =>
    resized(`of a map with tf_half_pixel_for_nn leaves its channels alone, ${mode}`, [1, 2, 1, 4], row(2), {
      coordinate_transformation_mode: 'tf_half_pixel_for_nn',
      mode,
      nearest_mode: 'ceil',
    }),
  ),
  ...(['int32', 'uint8'] as const).map((type): Case => ({
    title: `Resize of ${type} cuts fractions off`,
    x: row(3),
    data: [4, 5, 9],
    initializers: [floats('scales', [4], row(2))],
    nodes: [
      cast('x', type),
      node('Resize', [`x_${type}`, '', 'scales'], ['r'], { mode: 'linear', ...asymmetric }),
      cast('r', 'float', 'y'),
    ],
  })),
];

/** Backwards, with ends that ONNX means as "up to the last": INT_MAX in old versions, INT_MIN in newer ones. */
const SLICES: readonly Case[] = [2n ** 31n - 1n, 2n ** 63n - 1n, -(2n ** 31n), -(2n ** 63n), -5n, 1n].map(
  (end): Case => ({
    title: `Slice backwards to ${end}`,
    x: [1, 4],
    initializers: [ints('starts', [-1]), ints('ends', [end]), ints('axes', [1]), ints('steps', [-1])],
    nodes: [node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['y'])],
  }),
);

const einsum = (equation: string, x: readonly number[], second?: readonly number[]): Case => {
  const numbers = Array.from({ length: sizeOf(second ?? []) }, (_, i) => (i % 7) - 2);
  return {
    title: `Einsum ${equation} of ${[x, second ?? []].map((dims) => dims.join('×')).join(' ')}`,
    x,
    initializers: second ? [floats('b', second, numbers)] : [],
    nodes: [node('Einsum', second ? ['x', 'b'] : ['x'], ['y'], { equation })],
  };
};

const EINSUMS: readonly Case[] = [
  einsum('ii', [3, 3]),
  einsum('iij', [3, 3, 2]),
  einsum('ba', [2, 3]),
  einsum('...ij,...jk', [2, 3, 4], [2, 4, 2]),
  einsum('...,...', [2, 3], [2, 3]),
  einsum('...', [2, 3]),
  einsum('...a', [2, 3, 4]),
  einsum('a...', [2, 3, 4]),
  einsum('ij,jk', [2, 1], [4, 2]),
  einsum('ij,ij', [1, 2], [3, 2]),
  einsum('ij,ij->ij', [3, 2], [1, 2]),
  einsum('ij,ij->j', [3, 1], [1, 2]),
];

const grown = (title: string, kernel: number, attributes: Parameters<typeof node>[3]): Case => ({
  title: `ConvTranspose ${title}`,
  x: [1, 1, 3, 3],
  initializers: [
    floats(
      'w',
      [1, 1, kernel, kernel],
      Array.from({ length: kernel ** 2 }, (_, i) => i + 1),
    ),
  ],
  nodes: [node('ConvTranspose', ['x', 'w'], ['y'], attributes)],
});

const GROWN: readonly Case[] = [
  grown('to more than its windows reach', 1, { strides: [3, 3], output_shape: [9, 9] }),
  grown('to more on one axis, less on the other', 2, { strides: [3, 3], output_shape: [9, 7] }),
  ...['SAME_UPPER', 'SAME_LOWER'].map((auto) =>
    grown(`to an odd rest, ${auto}`, 4, { strides: [2, 2], output_shape: [7, 5], auto_pad: auto }),
  ),
];

const shapeOf = (name: string): readonly Message[] => [node('Shape', [name], ['s']), cast('s', 'float', 'y')];

const SHAPES: readonly Case[] = [
  {
    title: 'Squeeze of axes that are none drops all of one element',
    x: [1, 3, 1],
    initializers: [ints('axes', [])],
    nodes: [node('Squeeze', ['x', 'axes'], ['y'])],
  },
  {
    title: 'Concat of what is empty is as long as its operands',
    x: [2, 3],
    initializers: [ints('zero', [0])],
    nodes: [
      node('Slice', ['x', 'zero', 'zero', 'zero'], ['e']),
      node('Concat', ['e', 'e'], ['c'], { axis: 1 }),
      ...shapeOf('c'),
    ],
  },
];

/** An operator of whole numbers. */
const whole = (op: string, data: readonly number[], ...initializers: readonly Message[]): Case => ({
  title: `${op} of whole numbers ${data.slice(0, 4).join(', ')}${initializers.length > 0 ? ', by another' : ''}`,
  opset: 13,
  x: [data.length],
  data,
  initializers,
  nodes: [
    cast('x', 'int32'),
    node(
      op,
      ['x_int32', ...initializers.map(() => 'b')],
      ['r'],
      op.startsWith('Reduce') ? { axes: [0] } : {},
    ),
    cast('r', 'float', 'y'),
  ],
});

const WHOLE: readonly Case[] = [
  whole('Pow', [2, 4, 8, 10], floats('b', [], [0.5])),
  whole('Pow', [-2, 4, 1, -10], floats('b', [], [-1])),
  whole('Pow', [-3, 2, 7, -10], floats('b', [], [5])),
  whole('Pow', [2, 4, 8, 10], floats('b', [4], [-1, 0.4, 1.7, 3])),
  whole('ReduceLogSum', [3, 1, 2, 1]),
  whole('ReduceLogSumExp', [0, 0, 0, 0, 0, 0, 0]),
  whole('ReduceLogSumExp', [1, ...Array.from({ length: 20 }, () => 0)]),
  whole('ReduceMean', [3, 1, -9, 1]),
];

/** What comes out of an operator on uint8 is still uint8: its complement is counted from 255. */
const narrow = (
  op: string,
  inputs: readonly string[],
  attributes: Parameters<typeof node>[3] = {},
): Case => ({
  title: `${op} of uint8 gives uint8`,
  x: [1, 4, 2, 2],
  data: Array.from({ length: 16 }, (_, i) => i * 13),
  initializers: [
    ints('sizes', [16]),
    ints('twice', [1, 1, 2, 2]),
    ints('zero', [0]),
    ints('one', [1]),
    ints('pads', [0, 0, 0, 0, 0, 0, 1, 1]),
    ints('places', [0, 3, 1, 2], [1, 4, 1, 1]),
    ints('at', [0, 0], [1, 2]),
    bools('isFirst', [2], [1, 0]),
    rawTensor(
      'more',
      [1, 4, 2, 2],
      TYPE.uint8,
      Uint8Array.from({ length: 16 }, (_, i) => 200 - 9 * i),
    ),
    rawTensor('updates', [1, 2, 2], TYPE.uint8, Uint8Array.of(1, 2, 3, 4)),
  ],
  nodes: [
    cast('x', 'uint8', 'u'),
    node(op, inputs, ['r'], attributes),
    node('BitwiseNot', ['r'], ['n']),
    cast('n', 'float', 'y'),
  ],
});

const number = (type: number, value: number): Message => [
  [1, 1],
  [2, type],
  [9, Uint8Array.of(value)],
];

const NARROW: readonly Case[] = [
  narrow('Max', ['u', 'more']),
  narrow('Min', ['more', 'u']),
  narrow('Concat', ['u', 'more'], { axis: 2 }),
  narrow('ConstantOfShape', ['sizes'], { value: { tensor: number(TYPE.uint8, 7) } }),
  narrow('Where', ['isFirst', 'u', 'more']),
  narrow('Reshape', ['u', 'sizes']),
  narrow('Transpose', ['u'], { perm: [0, 2, 3, 1] }),
  narrow('Slice', ['u', 'zero', 'one', 'one']),
  narrow('Gather', ['u', 'one'], { axis: 1 }),
  narrow('GatherElements', ['u', 'places'], { axis: 1 }),
  narrow('ScatterND', ['u', 'at', 'updates']),
  narrow('Tile', ['u', 'twice']),
  narrow('Pad', ['u', 'pads'], { mode: 'edge' }),
  narrow('DepthToSpace', ['u'], { blocksize: 2 }),
  narrow('MaxPool', ['u'], { kernel_shape: [2, 1] }),
  narrow('Add', ['u', 'more']),
  narrow('Sub', ['u', 'more']),
  narrow('Mul', ['u', 'more']),
  ...(['int8', 'uint8'] as const).map((type): Case => ({
    title: `QuantizeLinear by a zero point of ${type} that is computed`,
    x: [3],
    data: [3, -100, 250],
    initializers: [ints('sizes', []), floats('scale', [], [1])],
    nodes: [
      node('ConstantOfShape', ['sizes'], ['zero'], { value: { tensor: number(TYPE[type], 0) } }),
      node('QuantizeLinear', ['x', 'scale', 'zero'], ['q']),
      cast('q', 'float', 'y'),
    ],
  })),
  {
    title: 'CastLike to a sum of int8',
    x: [3],
    data: [300, -5, 100],
    initializers: [rawTensor('a', [3], TYPE.int8, Uint8Array.of(1, 2, 3))],
    nodes: [
      node('Add', ['a', 'a'], ['sum']),
      cast('x', 'int32'),
      node('CastLike', ['x_int32', 'sum'], ['c']),
      cast('c', 'float', 'y'),
    ],
  },
];

describe('ONNX Runtime gives the same', () => {
  test.each([...RESIZES, ...SLICES, ...EINSUMS, ...GROWN, ...SHAPES, ...WHOLE, ...NARROW])(
    '$title',
    async (each) => {
      const { ours, theirs } = await bothOf(each);
      expect(ours.dims).toEqual(theirs.dims);
      expect(mismatch(ours.data, theirs.data, 'operator')).toBeUndefined();
    },
  );
});

test.each([
  ['SAME_UPPER', [6, 6]],
  ['SAME_LOWER', [6, 6]],
])(
  'ConvTranspose %s grows by its stride where windows are smaller, as the specification says',
  async (auto_pad, size) => {
    const { nodes, initializers = [] } = grown('', 1, { strides: [2, 2], auto_pad });
    const file = model(
      { nodes, initializers, inputs: [value('x', [1, 1, 3, 3])], outputs: [value('y')] },
      18,
    );
    const { graph } = await importOnnx(file, { name: 'case' }, undefined);
    expect(graph!.outputs[0]!.dims).toEqual([1, 1, ...size]);
  },
);

test.each([
  ['beyond the far side', [1, 3], [0, 4, 0, 0]],
  ['of one element', [1, 1], [0, 1, 0, 0]],
])('Pad does not reflect %s, as in ONNX Runtime', async (_, dims, pads) => {
  const nodes = [node('Pad', ['x', 'pads'], ['y'], { mode: 'reflect' })];
  const parts = {
    nodes,
    initializers: [ints('pads', pads)],
    inputs: [value('x', dims)],
    outputs: [value('y')],
  };
  const { complaints } = await importOnnx(model(parts, 18), { name: 'case' }, undefined);
  expect(complaints.map(({ code, message }) => `${code} ${message}`)).toEqual([
    expect.stringMatching(/^E040 Pad "y": its pads of .* reflect more than .* has$/),
  ]);
});

type OpenCase = [
  title: string,
  dims: readonly number[],
  nodes: readonly Message[],
  initializers?: readonly Message[],
];

describe('an open batch', () => {
  const warnings = async (
    dims: readonly number[],
    nodes: readonly Message[],
    initializers: readonly Message[] = [],
  ) => {
    const parts = { nodes, initializers, inputs: [value('x', ['N', ...dims])], outputs: [value('y')] };
    const result = await importOnnx(model(parts, 14), { name: 'case' }, undefined);
    if (!result.graph) throw new Error(result.complaints.map(({ message }) => message).join('\n'));
    return (result.warnings ?? []).map(({ code }) => code);
  };

  test.each<OpenCase>([
    ['shares of a list of open length', [], [node('Softmax', ['x'], ['y'], { axis: 0 })]],
    ['its sum', [], [node('ReduceSum', ['x'], ['s']), node('Add', ['x', 's'], ['y'])]],
    [
      'how many items there are',
      [4],
      [node('Size', ['x'], ['n']), cast('n', 'float', 'c'), node('Div', ['x', 'c'], ['y'])],
    ],
    ['a number for each item', [4], [node('EyeLike', ['x'], ['e']), node('Add', ['x', 'e'], ['y'])]],
    ['a triangle over the items', [4], [node('Trilu', ['x'], ['y'])]],
    ['a constant of three items', [4], [node('Add', ['x', 'p'], ['y'])], [floats('p', [3, 1], [1, 2, 3])]],
    [
      'items behind each other as features',
      [4],
      [node('Flatten', ['x'], ['f'], { axis: 0 }), node('Softmax', ['f'], ['y'])],
    ],
    ['a batch that ends up behind', [4], [node('Transpose', ['x'], ['y'])]],
    [
      'elements that name an item',
      [4],
      [node('ArgMax', ['x'], ['at'], { axis: 0 }), node('GatherElements', ['x', 'at'], ['y'], { axis: 0 })],
    ],
    [
      'products of items',
      [4],
      [node('Transpose', ['x'], ['t']), node('MatMul', ['x', 't'], ['p']), node('MatMul', ['p', 'x'], ['y'])],
    ],
  ])('W106 for %s', async (_, dims, nodes, initializers) => {
    expect(await warnings(dims, nodes, initializers)).toEqual(['W106']);
  });

  test.each<OpenCase>([
    ['a list, number by number', [], [node('Relu', ['x'], ['y'])]],
    [
      'products of rows',
      [4, 3],
      [node('Einsum', ['x', 'w'], ['y'], { equation: 'bij,jk->bik' })],
      [floats('w', [3, 2], [1, 2, 3, 4, 5, 6])],
    ],
    ['the largest of each item', [4], [node('TopK', ['x', 'k'], ['y', ''])], [ints('k', [2])]],
    [
      'copies within each item',
      [4],
      [node('Unsqueeze', ['x', 'at'], ['u']), node('Tile', ['u', 'by'], ['y'])],
      [ints('at', [1]), ints('by', [1, 3, 1])],
    ],
    [
      'maps behind each other as channels',
      [4, 3, 5],
      [
        node('DepthToSpace', ['x'], ['t'], { blocksize: 2 }),
        node('Concat', ['t', 't', 't'], ['y'], { axis: 1 }),
      ],
    ],
    [
      'columns side by side',
      [4, 3],
      [
        node('MatMul', ['x', 'w'], ['m']),
        node('Reshape', ['m', 'sizes'], ['r']),
        node('Concat', ['r', 'r'], ['y'], { axis: 2 }),
      ],
      [floats('w', [3, 1], [1, 2, 3]), ints('sizes', [0, -1, 1])],
    ],
    [
      'elements that each item names by itself',
      [4],
      [node('ArgMax', ['x'], ['at'], { axis: 1 }), node('GatherElements', ['x', 'at'], ['y'], { axis: 1 })],
    ],
    [
      'positions within each item',
      [2, 4],
      [
        node('Reshape', ['x', 'rows'], ['r']),
        node('Add', ['r', 'p'], ['s']),
        node('Reshape', ['s', 'items'], ['y']),
      ],
      [ints('rows', [-1, 4]), floats('p', [4], [1, 2, 3, 4]), ints('items', [-1, 2, 4])],
    ],
  ])('no warning for %s', async (_, dims, nodes, initializers) => {
    expect(await warnings(dims, nodes, initializers)).toEqual([]);
  });
});

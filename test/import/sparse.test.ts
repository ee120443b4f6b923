// Sparse tensors of a model, which are constants like others.
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../../compiler/import/index.ts';
import { fillElements } from '../../compiler/import/sparse.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import {
  external,
  floats,
  graph,
  ints,
  model,
  node,
  rawTensor,
  sparse,
  TYPE,
  value,
  type GraphParts,
  type Message,
} from '../support/onnx-writer.ts';

ort.env.wasm.numThreads = 1;

const SHAPE = [2, 3, 4];
const X = Float32Array.from({ length: 24 }, (_, i) => i);

const adding = (more: Partial<GraphParts>): Uint8Array =>
  model({
    nodes: [node('Add', ['x', 'w'], ['y'])],
    inputs: [value('x', SHAPE)],
    outputs: [value('y')],
    ...more,
  });

const imported = (onnx: Uint8Array, files: Readonly<Record<string, Uint8Array>> = {}) =>
  importOnnx(
    onnx,
    { name: 'case' },
    async (path) => files[path] ?? Promise.reject(new Error('no such file')),
  );

async function outputOf(onnx: Uint8Array, files?: Readonly<Record<string, Uint8Array>>): Promise<number[]> {
  const { graph: network, complaints } = await imported(onnx, files);
  if (!network) throw new Error(complaints.map(({ message }) => message).join('\n'));
  return [...interpret(network, { x: X })[network.outputs[0]!.name]!];
}

async function outputOfOnnxRuntime(onnx: Uint8Array): Promise<number[]> {
  const session = await ort.InferenceSession.create(onnx, { logSeverityLevel: 4 });
  const { y } = await session.run({ x: new ort.Tensor('float32', X, SHAPE) });
  return Array.from(y!.data as Float32Array);
}

/** x with these elements added. */
const withAdded = (elements: Readonly<Record<number, number>>): number[] =>
  Array.from(X, (each, i) => each + (elements[i] ?? 0));

const VALUES = floats('w', [3], [0.5, -2, 7]);
const EXPECTED = withAdded({ 1: 0.5, 14: -2, 23: 7 });
const places = ints('', [1, 14, 23]);
const coordinates = ints('', [0, 0, 1, 1, 0, 2, 1, 2, 3], [3, 3]);

describe('a few elements, the others zeros', () => {
  test.each([
    ['by their places, row by row', places],
    ['by one coordinate per axis', coordinates],
  ])('%s', async (_, indices) => {
    const onnx = adding({ sparse: [sparse(SHAPE, VALUES, indices)] });
    expect(await outputOf(onnx)).toEqual(EXPECTED);
    expect(await outputOfOnnxRuntime(onnx)).toEqual(EXPECTED);
  });

  test('by a Constant', async () => {
    const constant = node('Constant', [], ['w'], { sparse_value: { sparse: sparse(SHAPE, VALUES, places) } });
    const onnx = adding({ nodes: [constant, node('Add', ['x', 'w'], ['y'])] });
    expect(await outputOf(onnx)).toEqual(EXPECTED);
    expect(await outputOfOnnxRuntime(onnx)).toEqual(EXPECTED);
  });

  test('by a graph within a node', async () => {
    const branch = graph({
      nodes: [node('Add', ['x', 'w'], ['r'])],
      sparse: [sparse(SHAPE, VALUES, places)],
      outputs: [value('r', SHAPE)],
    });
    const constant = rawTensor('c', [], TYPE.bool, Uint8Array.of(1));
    const choice = node('If', ['c'], ['y'], {
      then_branch: { graph: branch },
      else_branch: { graph: branch },
    });
    expect(await outputOf(adding({ nodes: [choice], initializers: [constant] }))).toEqual(EXPECTED);
  });

  test('by other files', async () => {
    const files = {
      'values.bin': new Uint8Array(Float32Array.of(0.5, -2, 7).buffer),
      'places.bin': new Uint8Array(BigInt64Array.of(1n, 14n, 23n).buffer),
    };
    const values = external('w', [3], { location: 'values.bin' });
    const indices: Message = [
      [1, 3],
      [2, TYPE.int64],
      [
        13,
        [
          [1, 'location'],
          [2, 'places.bin'],
        ],
      ],
      [14, 1],
    ];
    expect(await outputOf(adding({ sparse: [sparse(SHAPE, values, indices)] }), files)).toEqual(EXPECTED);
  });

  test('or no element at all', async () => {
    expect(await outputOf(adding({ sparse: [sparse(SHAPE, floats('w', [0], []))] }))).toEqual(withAdded({}));
  });
});

test('a place is exact where float32 would round it', () => {
  const zeros = new Float32Array(2 ** 24 + 3);
  const indices = { name: '', type: TYPE.int64, dims: [1], numbers: [2 ** 24 + 1] };
  const values = { name: '', type: TYPE.float, dims: [1], numbers: [5] };
  const tensor = {
    name: '',
    type: TYPE.float,
    dims: [zeros.length],
    numbers: [],
    sparse: { values, indices },
  };
  fillElements(tensor, zeros);
  expect([...zeros.subarray(-3)]).toEqual([0, 5, 0]);
});

describe('elements of any type', () => {
  test.each<[keyof typeof TYPE, { readonly buffer: ArrayBuffer }, readonly number[]]>([
    ['float16', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['float64', Float64Array.of(1.5, -3), [1.5, -3]],
    ['int8', Int8Array.of(-1, 5), [-1, 5]],
    ['uint8', Uint8Array.of(200, 5), [200, 5]],
    ['int16', Int16Array.of(-300, 5), [-300, 5]],
    ['uint16', Uint16Array.of(60_000, 5), [60_000, 5]],
    ['int32', Int32Array.of(-70_000, 5), [-70_000, 5]],
    ['uint32', Uint32Array.of(70_000, 5), [70_000, 5]],
    ['int64', BigInt64Array.of(-70_000n, 5n), [-70_000, 5]],
    ['bool', Uint8Array.of(1, 1), [1, 1]],
  ])('%s', async (type, data, [first, second]) => {
    const values = rawTensor('w', [2], TYPE[type], new Uint8Array(data.buffer));
    const nodes = [node('Cast', ['w'], ['f'], { to: TYPE.float }), node('Add', ['x', 'f'], ['y'])];
    const onnx = adding({ nodes, sparse: [sparse(SHAPE, values, ints('', [2, 3]))] });
    expect(await outputOf(onnx)).toEqual(withAdded({ 2: first!, 3: second! }));
  });

  test('and their bits, where BitCast asks for them', async () => {
    const values = rawTensor('w', [1], TYPE.int32, new Uint8Array(Int32Array.of(0x5f3759df).buffer));
    const nodes = [node('BitCast', ['w'], ['f'], { to: TYPE.float }), node('Mul', ['x', 'f'], ['y'])];
    const onnx = model(
      {
        nodes,
        sparse: [sparse(SHAPE, values, ints('', [1]))],
        inputs: [value('x', SHAPE)],
        outputs: [value('y')],
      },
      26,
    );
    const [bits] = new Float32Array(Int32Array.of(0x5f3759df).buffer);
    expect(await outputOf(onnx)).toEqual(Array.from(X, (_, i) => (i === 1 ? bits : 0)));
  });
});

describe('what is none is a message', () => {
  const said = (message: string) => [expect.stringMatching(message)];
  const big = 2n ** 60n;
  test.each<[title: string, tensor: Message, message: string]>([
    [
      'too few indices',
      sparse(SHAPE, VALUES, ints('', [1, 2])),
      'E090 the tensor "w.indices" is 2; for 3 values in a tensor of 2×3×4 it is 3 or 3×3',
    ],
    [
      'coordinates of another rank',
      sparse(SHAPE, VALUES, ints('', [0, 1, 0, 2, 0, 3], [3, 2])),
      'E090 the tensor "w.indices" is 3×2; for 3 values',
    ],
    [
      'indices of three axes',
      sparse(SHAPE, VALUES, ints('', [1, 2, 3], [3, 1, 1])),
      'E090 the tensor "w.indices" is 3×1×1; for 3 values',
    ],
    ['no indices', sparse(SHAPE, VALUES), 'E090 the tensor "w.values" has no indices'],
    ['no values', [[3, 4]], 'E090 a sparse tensor has no values'],
    [
      'indices that are not all there',
      sparse(SHAPE, VALUES, ints('', [1, 2], [3])),
      'E090 the tensor "w.indices" is 3 of int64, 24 bytes, but has 16',
    ],
    [
      'values that are not all there',
      sparse(SHAPE, floats('w', [3], [1, 2]), places),
      'E090 the tensor "w.values" is 3 of float32, 12 bytes, but has 8',
    ],
    [
      'values of two axes',
      sparse(SHAPE, floats('w', [3, 1], [1, 2, 3]), places),
      'E090 the tensor "w.values" is 3×1; the values of a sparse tensor have one axis',
    ],
    [
      'a place behind the end',
      sparse(SHAPE, VALUES, ints('', [1, 2, 24])),
      'E090 the tensor "w.indices" has place 3 at 24 of 24 elements',
    ],
    [
      'a place before the beginning',
      sparse(SHAPE, VALUES, ints('', [-1, 2, 3])),
      'E090 the tensor "w.indices" has place 1 at -1 of 24 elements',
    ],
    [
      'a coordinate behind the end of its axis',
      sparse(SHAPE, VALUES, ints('', [0, 0, 1, 0, 3, 0, 1, 2, 3], [3, 3])),
      'E090 the tensor "w.indices" has place 2 at 3 of axis 1, which has 3',
    ],
    [
      'places in no order',
      sparse(SHAPE, VALUES, ints('', [1, 14, 3])),
      'E090 the tensor "w.indices" is not in ascending order: place 3 comes before the one before it',
    ],
    [
      'a place twice',
      sparse(SHAPE, VALUES, ints('', [1, 14, 14])),
      'E090 the tensor "w.indices" is not in ascending order: place 3 repeats the one before it',
    ],
    [
      'places that are fractions',
      sparse(SHAPE, VALUES, floats('', [3], [1, 2, 3])),
      'E090 the tensor "w.indices" holds no whole numbers',
    ],
    ['no axes', sparse([], VALUES, places), 'E090 the tensor "w" is sparse and has no axes'],
    ['an axis below zero', sparse([-2, 3], VALUES, places), 'E090 the tensor "w" would have the shape -2×3'],
    [
      'more elements than a model may fill up',
      sparse([2 ** 28], VALUES, places),
      'E046 the tensor "w" would be a constant of 268435456',
    ],
    [
      '2^60 elements',
      sparse([big], VALUES, places),
      'E046 the tensor "w" would be a constant of 1152921504606847000',
    ],
    [
      'sizes that overflow',
      sparse([big, big, big], VALUES, places),
      'E046 the tensor "w" would be a constant of',
    ],
    [
      '2^60 values',
      sparse(SHAPE, rawTensor('w', [big], TYPE.float, new Uint8Array()), places),
      'E046 the tensor "w.values" is',
    ],
    [
      'a thousand axes',
      sparse(Array<number>(1000).fill(1), VALUES, places),
      'E091 the tensor "w" has 1000 axes',
    ],
    [
      'texts',
      sparse(SHAPE, rawTensor('w', [3], TYPE.string, new Uint8Array()), places),
      'E091 the initializer "w" has elements of type string',
    ],
    [
      'values outside of the folder',
      sparse(SHAPE, external('w', [3], { location: '../../etc/passwd' }), places),
      'E090 the tensor "w.values" is said to be in "../../etc/passwd"',
    ],
    [
      'values in a file that is not there',
      sparse(SHAPE, external('w', [3], { location: 'w.bin' }), places),
      'E090 the file "w.bin", which holds the tensor "w.values", cannot be read: no such file',
    ],
  ])('%s', async (_, tensor, message) => {
    const { graph: network, complaints } = await imported(adding({ sparse: [tensor] }));
    expect(network).toBeUndefined();
    expect(complaints.map(({ code, message: text }) => `${code} ${text}`)).toEqual(said(message));
  });

  test('of the Constant that says it', async () => {
    const tensor = sparse([4], floats('', [1], [1]), ints('', [4]));
    const constant = node('Constant', [], ['w'], { sparse_value: { sparse: tensor } }, { name: 'few' });
    const { complaints } = await imported(adding({ nodes: [constant, node('Add', ['x', 'w'], ['y'])] }));
    expect(complaints.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'E090 Constant "few": the tensor "sparse_value.indices" has place 1 at 4 of 4 elements',
    ]);
  });

  test('many large ones do not fill the memory', async () => {
    const large = (i: number) => sparse([2 ** 22], floats(`w${i}`, [1], [1]), ints('', [i]));
    const onnx = adding({ sparse: Array.from({ length: 1000 }, (_, i) => large(i)) });
    const { complaints } = await imported(onnx);
    expect(complaints.map(({ code, message }) => `${code} ${message}`)).toEqual(
      said('E046 the tensor "w36" would be a constant of 4194304'),
    );
  });
});

// BitCast, by what typed arrays of JavaScript make of the same bytes.
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../../compiler/import/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { model, node, rawTensor, TYPE, value, type Message } from '../support/onnx-writer.ts';

type TypeName = keyof typeof TYPE;

const bitCast = (from: string, to: TypeName, output: string) =>
  node('BitCast', [from], [output], { to: TYPE[to] });
const cast = (from: string, to: TypeName, output: string) => node('Cast', [from], [output], { to: TYPE[to] });

const imported = (nodes: readonly Message[], initializers: readonly Message[], dims: readonly number[]) =>
  importOnnx(
    model({ nodes, initializers, inputs: [value('x', dims)], outputs: [value('y')] }, 26),
    { name: 'case' },
    undefined,
  );

async function numbersOf(nodes: readonly Message[], initializers: readonly Message[], x: readonly number[]) {
  const { graph, complaints } = await imported(nodes, initializers, [x.length]);
  if (!graph) throw new Error(complaints.map(({ message }) => message).join('\n'));
  return [...interpret(graph, { x: Float32Array.from(x) })[graph.outputs[0]!.name]!];
}

async function complaintsOf(nodes: readonly Message[], initializers: readonly Message[] = []) {
  const { complaints } = await imported(nodes, initializers, [2]);
  return complaints.map(({ code, message }) => `${code} ${message}`);
}

/** What is known is added to the input, zeros. */
const known = (tensor: Message, to: TypeName, count: number) =>
  numbersOf(
    [bitCast('t', to, 'bits'), cast('bits', 'float', 'f'), node('Add', ['x', 'f'], ['y'])],
    [tensor],
    Array<number>(count).fill(0),
  );

const bytes = (array: { readonly buffer: ArrayBuffer }) => new Uint8Array(array.buffer);
const magic = Int32Array.of(0x5f3759df, 0x3f800001, -1082130432);

describe('of a tensor of the file', () => {
  test('bits of int32 that float32 would round are kept', async () => {
    const tensor = rawTensor('t', [3], TYPE.int32, bytes(magic));
    expect(await known(tensor, 'float', 3)).toEqual([...new Float32Array(magic.buffer)]);
  });
  test('numbers one by one are as good as bytes', async () => {
    const tensor: Message = [
      [1, 3],
      [2, TYPE.int32],
      ...[...magic].map((each) => [5, each] as const),
      [8, 't'],
    ];
    expect(await known(tensor, 'float', 3)).toEqual([...new Float32Array(magic.buffer)]);
  });
  test.each<[TypeName, TypeName, { readonly buffer: ArrayBuffer }, readonly number[]]>([
    ['float16', 'int16', Uint16Array.of(0x3c00, 0xc000), [0x3c00, 0xc000 - 2 ** 16]],
    ['uint16', 'float16', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['float64', 'int64', Float64Array.of(5e-324, 0), [1, 0]],
    ['int64', 'float64', BigInt64Array.of(0x3ff8n << 48n, 0n), [1.5, 0]],
    ['int8', 'uint8', Int8Array.of(-1, 5), [255, 5]],
  ])('%s as %s', async (from, to, array, expected) => {
    expect(await known(rawTensor('t', [2], TYPE[from], bytes(array)), to, 2)).toEqual(expected);
  });
  test('and turned, its axes are where they were', async () => {
    const nodes = [
      node('Transpose', ['t'], ['turned']),
      bitCast('turned', 'float', 'bits'),
      node('Flatten', ['bits'], ['flat'], { axis: 0 }),
      node('Add', ['x', 'flat'], ['y']),
    ];
    const ints = new Int32Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    const tensor = rawTensor('t', [2, 3], TYPE.int32, bytes(ints));
    expect(await numbersOf(nodes, [tensor], [0, 0, 0, 0, 0, 0])).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

test('small whole numbers that are computed from the file have exact bits', async () => {
  const tensor = rawTensor('t', [2], TYPE.int32, bytes(Int32Array.of(3, 1)));
  const nodes = [
    node('Add', ['t', 't'], ['sum']),
    bitCast('sum', 'float', 'tiny'),
    bitCast('tiny', 'int32', 'back'),
    cast('back', 'float', 'f'),
    node('Add', ['x', 'f'], ['y']),
  ];
  expect(await numbersOf(nodes, [tensor], [0, 0])).toEqual([6, 2]);
});

describe('of data', () => {
  const between = (from: TypeName, to: TypeName) => [
    cast('x', from, 'a'),
    bitCast('a', to, 'b'),
    cast('b', 'float', 'y'),
  ];
  test.each<[TypeName, TypeName, readonly number[], readonly number[]]>([
    ['float', 'float', [1.5, -2], [1.5, -2]],
    ['bool', 'uint8', [7, 0], [1, 0]],
    ['uint8', 'int8', [255, 3], [-1, 3]],
    ['int8', 'uint8', [-1, 3], [255, 3]],
    ['int16', 'uint16', [-2, 3], [65534, 3]],
    ['uint32', 'int32', [9, 3], [9, 3]],
  ])('%s as %s', async (from, to, x, y) => {
    expect(await numbersOf(between(from, to), [], x)).toEqual(y);
  });
  test.each<[TypeName, TypeName]>([
    ['float', 'int32'],
    ['int32', 'float'],
    ['int32', 'uint32'],
    ['float16', 'uint16'],
  ])('%s as %s is refused', async (from, to) => {
    const name = from === 'float' ? 'float32' : from;
    expect(await complaintsOf(between(from, to))).toEqual([
      expect.stringContaining(
        `E091 BitCast "b": it takes the bits of ${name} as ${to === 'float' ? 'float32' : to}`,
      ),
    ]);
  });
});

test('why the bits of what is computed are not at hand is said for both ways', async () => {
  expect(await complaintsOf([bitCast('x', 'int32', 'y')])).toEqual([
    'E091 BitCast "y": it takes the bits of float32 as int32, but they make larger whole numbers than 2^24, up to which float32 holds them, and all is computed in float32',
  ]);
  expect(await complaintsOf([cast('x', 'int32', 'n'), bitCast('n', 'float', 'y')])).toEqual([
    'E091 BitCast "y": it takes the bits of int32 as float32, but these are computed in float32, which has other bits',
  ]);
});

test('types of other widths, and none, are errors', async () => {
  expect(await complaintsOf([bitCast('x', 'int64', 'y')])).toEqual([
    'E090 BitCast "y": its input of float32 has 32 bits, int64 64',
  ]);
  expect(await complaintsOf([node('BitCast', ['x'], ['y'])])).toEqual([
    'E090 BitCast "y": it does not say of which type its result is',
  ]);
  const wrong: Message = [
    [1, 1],
    [2, TYPE.int64],
    [4, { float: 0.5 }],
    [8, 't'],
  ];
  expect(await complaintsOf([bitCast('t', 'float64', 'y')], [wrong])).toEqual([
    'E090 BitCast "y": 0.5 is no whole number of int64',
  ]);
});

test('a large tensor taken back and forth a hundred times does not fill the memory', async () => {
  const count = 2 ** 22;
  const tensor = rawTensor('b0', [count], TYPE.int32, bytes(new Int32Array(count).fill(1)));
  const nodes = Array.from({ length: 100 }, (_, i) =>
    bitCast(`b${i}`, i % 2 === 0 ? 'float' : 'int32', i === 99 ? 'y' : `b${i + 1}`),
  );
  expect(await complaintsOf(nodes, [tensor])).toEqual([
    expect.stringMatching(/^E046 BitCast "b\d+": it would be a constant of 4194304/),
  ]);
});

// What operators meant in earlier operator sets, by small models; where ONNX Runtime runs them, it says the same.
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import { bools, floats, graph, ints, model, node, value, type Message } from '../support/onnx-writer.ts';
import { openGraph } from '../support/targets.ts';
import { expectClose } from '../support/tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** What a model makes of x: by its definitions, by JavaScript, and by ONNX Runtime. */
async function outputsOf(
  onnx: Uint8Array,
  x: readonly number[],
  dims: readonly number[],
): Promise<number[][]> {
  const { graph: imported, complaints } = await importOnnx(onnx, { name: 'test' }, undefined);
  expect(complaints).toEqual([]);
  const input = Float32Array.from(x);
  const expected = interpret(imported!, { x: input });
  const actual = await (await openGraph(imported!, 'js'))({ x: input });
  for (const [name, numbers] of Object.entries(expected)) expectClose(actual[name]!, numbers, 'operator');

  const session = await ort.InferenceSession.create(onnx);
  const theirs = await session.run({ x: new ort.Tensor('float32', input, dims) });
  await session.release();
  for (const [name, numbers] of Object.entries(expected))
    expectClose(numbers, Float32Array.from(theirs[name]!.data as Float32Array, Number), 'imported');
  return Object.values(expected).map((numbers) => [...numbers]);
}

interface Small {
  readonly nodes: readonly Message[];
  readonly dims: readonly number[];
  readonly constants?: readonly Message[];
  readonly outputs?: readonly Message[];
}

const small = ({ nodes, dims, constants = [], outputs = [value('y')] }: Small, opset: number): Uint8Array =>
  model({ nodes, initializers: constants, inputs: [value('x', dims)], outputs }, opset);

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** The first output of a small model for 0, 1, 2, …, or other numbers. */
async function y(parts: Small, opset: number, x?: readonly number[]): Promise<number[]> {
  const size = parts.dims.reduce((a, b) => a * b, 1);
  return (await outputsOf(small(parts, opset), x ?? count(size), parts.dims))[0]!;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('Softmax', () => {
  const zeros = Array<number>(6).fill(0);
  test.each([
    [11, {}, 1 / 6],
    [12, { axis: 2 }, 1 / 3],
    [13, {}, 1 / 3],
    [13, { axis: 1 }, 1 / 2],
  ])(
    'of operator set %i with %j goes over all axes from there on, or over one',
    async (opset, attributes, share) => {
      const nodes = [node('Softmax', ['x'], ['y'], attributes)];
      expect((await y({ nodes, dims: [1, 2, 3] }, opset, zeros))[0]).toBeCloseTo(share);
    },
  );
});

describe('Upsample and Resize', () => {
  const scales = floats('s', [4], [1, 1, 2, 2]);
  const none = floats('r', [0], []);
  const dims = [1, 1, 2, 2];
  const doubled = [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3];
  test.each([
    [7, 'Upsample', [], { scales: { floats: [1, 1, 2, 2] } }, []],
    [9, 'Upsample', ['s'], {}, [scales]],
    [10, 'Resize', ['s'], {}, [scales]],
    [11, 'Resize', ['r', 's'], {}, [none, scales]],
    [13, 'Resize', ['', 's'], {}, [scales]],
    [18, 'Resize', ['', 's'], { axes: [2, 3] }, [floats('s', [2], [2, 2])]],
    [19, 'Resize', ['', '', 'n'], {}, [ints('n', [1, 1, 4, 4])]],
  ] as const)('of operator set %i: %s doubles', async (opset, op, more, attributes, constants) => {
    expect(await y({ nodes: [node(op, ['x', ...more], ['y'], attributes)], dims, constants }, opset)).toEqual(
      doubled,
    );
  });

  test('from 11 on, positions are centres of pixels; before, they were corners', async () => {
    const mode = { mode: 'linear' };
    const old = await y({ nodes: [node('Resize', ['x', 's'], ['y'], mode)], dims, constants: [scales] }, 10);
    const now = await y(
      { nodes: [node('Resize', ['x', 'r', 's'], ['y'], mode)], dims, constants: [none, scales] },
      11,
    );
    expect(old.slice(0, 4)).toEqual([0, 0.5, 1, 1]);
    expect(now.slice(0, 4)).toEqual([0, 0.25, 0.75, 1]);
  });
});

describe('Dropout', () => {
  test.each([7, 10, 12, 13])(
    'of operator set %i keeps everything; since 12, its mask says so',
    async (opset) => {
      const nodes = [node('Dropout', ['x'], ['y', 'mask'])];
      const outputs = [value('y'), ...(opset < 12 ? [] : [value('mask', undefined, 9)])];
      const results = await outputsOf(small({ nodes, dims: [1, 4], outputs }, opset), count(4), [1, 4]);
      expect(results).toEqual(opset < 12 ? [count(4)] : [count(4), [1, 1, 1, 1]]);
    },
  );
});

describe('BatchNormalization', () => {
  const statistics = [
    floats('g', [2], [2, 3]),
    floats('b', [2], [1, 1]),
    floats('m', [2], [1, 0]),
    floats('v', [2], [4, 9]),
  ];
  test.each([
    [7, {}],
    [9, {}],
    [14, {}],
    [15, { training_mode: 0 }],
  ])('of operator set %i', async (opset, attributes) => {
    const nodes = [
      node('BatchNormalization', ['x', 'g', 'b', 'm', 'v'], ['y'], { ...attributes, epsilon: { float: 0 } }),
    ];
    expect(await y({ nodes, dims: [1, 2, 2], constants: statistics }, opset)).toEqual([0, 1, 3, 4]);
  });

  test('with spatial=0 has parameters for each element of an item', async () => {
    const each = (name: string, numbers: readonly number[]) => floats(name, [2, 2], numbers);
    const constants = [
      each('g', [2, 3, 1, 1]),
      each('b', [1, 1, 0, 0]),
      each('m', [0, 1, 0, 2]),
      each('v', [4, 9, 1, 4]),
    ];
    const attributes = { spatial: 0, epsilon: { float: 0 } };
    const nodes = [node('BatchNormalization', ['x', 'g', 'b', 'm', 'v'], ['y'], attributes)];
    const onnx = model(
      { nodes, initializers: constants, inputs: [value('x', [1, 2, 2])], outputs: [value('y')] },
      7,
    );
    const { graph: imported, complaints } = await importOnnx(onnx, { name: 'test' }, undefined);
    expect(complaints).toEqual([]);
    const x = Float32Array.of(2, 4, 6, 8);
    for (const results of [interpret(imported!, { x }), await (await openGraph(imported!, 'js'))({ x })])
      expect([...results['y']!]).toEqual([3, 4, 6, 3]);
  });
});

describe('what were attributes became inputs', () => {
  const dims = [1, 4];
  test.each([
    [6, [], { min: { float: 1 }, max: { float: 2 } }],
    [11, [floats('a', [], [1]), floats('b', [], [2])], {}],
  ])('Clip of operator set %i', async (opset, constants, attributes) => {
    const nodes = [node('Clip', ['x', ...(constants.length > 0 ? ['a', 'b'] : [])], ['y'], attributes)];
    expect(await y({ nodes, dims, constants }, opset)).toEqual([1, 1, 2, 2]);
  });

  test('Clip without a lower bound', async () => {
    const nodes = [node('Clip', ['x', '', 'b'], ['y'])];
    expect(await y({ nodes, dims, constants: [floats('b', [], [2])] }, 13)).toEqual([0, 1, 2, 2]);
  });

  test.each([
    [2, ['x'], { pads: [0, 1, 0, 2], value: { float: 9 } }],
    [11, ['x', 'p', 'v'], {}],
  ])('Pad of operator set %i', async (opset, inputs, attributes) => {
    const constants = opset < 11 ? [] : [ints('p', [0, 1, 0, 2]), floats('v', [], [9])];
    const nodes = [node('Pad', inputs, ['p0'], attributes), node('Neg', ['p0'], ['y'])];
    const result = await y({ nodes, dims, constants }, Math.max(opset, 7));
    expect(result.map((number) => -number)).toEqual([9, 0, 1, 2, 3, 9, 9]);
  });

  test.each([
    [7, ['x'], { starts: [1], ends: [-1], axes: [1] }],
    [10, ['x', 's', 'e', 'a'], {}],
  ])('Slice of operator set %i', async (opset, inputs, attributes) => {
    const constants = opset < 10 ? [] : [ints('s', [1]), ints('e', [-1]), ints('a', [1])];
    expect(await y({ nodes: [node('Slice', inputs, ['y'], attributes)], dims, constants }, opset)).toEqual([
      1, 2,
    ]);
  });

  test.each([
    [11, [], {}],
    [13, [ints('a', [0, 3]), ints('b', [0])], {}],
  ])('Unsqueeze and Squeeze of operator set %i', async (opset, constants) => {
    const isOld = constants.length === 0;
    const nodes = [
      node('Unsqueeze', ['x', ...(isOld ? [] : ['a'])], ['u'], isOld ? { axes: [0, 3] } : {}),
      node('Squeeze', ['u', ...(isOld ? [] : ['b'])], ['s'], isOld ? { axes: [0] } : {}),
      node('Transpose', ['s'], ['y'], { perm: [2, 1, 0] }),
    ];
    expect(await y({ nodes, dims, constants }, opset)).toEqual(count(4));
  });

  test.each([
    [11, [], { split: [1, 3], axis: 1 }],
    [13, [ints('s', [1, 3])], { axis: 1 }],
  ])('Split of operator set %i', async (opset, constants, attributes) => {
    const nodes = [
      node('Split', ['x', ...(constants.length > 0 ? ['s'] : [])], ['a', 'b'], attributes),
      node('Concat', ['b', 'a'], ['y'], { axis: 1 }),
    ];
    expect(await y({ nodes, dims, constants }, opset)).toEqual([1, 2, 3, 0]);
  });

  test('Split without sizes is even, the last part smaller', async () => {
    const nodes = [
      node('Split', ['x'], ['a', 'b', 'c'], { axis: 1, num_outputs: 3 }),
      node('Concat', ['c', 'b', 'a'], ['y'], { axis: 1 }),
    ];
    expect(await y({ nodes, dims: [1, 5] }, 18)).toEqual([4, 2, 3, 0, 1]);
  });
});

describe('shapes', () => {
  test('0 keeps a size, −1 is the rest', async () => {
    const nodes = [node('Reshape', ['x', 's'], ['r']), node('Softmax', ['r'], ['y'], { axis: 1 })];
    const result = await y(
      { nodes, dims: [2, 3, 2], constants: [ints('s', [0, -1])] },
      13,
      Array<number>(12).fill(0),
    );
    expect(sum(result)).toBeCloseTo(2);
  });

  test('with allowzero, 0 is a size', async () => {
    const nodes = [node('Reshape', ['x', 's'], ['r'], { allowzero: 1 }), node('Add', ['r', 'r'], ['y'])];
    const constants = [ints('s', [0, 3])];
    const empty = model(
      { nodes, initializers: constants, inputs: [value('x', [0, 3])], outputs: [value('y')] },
      14,
    );
    expect((await importOnnx(empty, { name: 'test' }, undefined)).complaints).toEqual([]);
    const full = model(
      { nodes, initializers: constants, inputs: [value('x', [2, 3])], outputs: [value('y')] },
      14,
    );
    const { complaints } = await importOnnx(full, { name: 'test' }, undefined);
    expect(complaints.map(({ code }) => code)).toEqual(['E043']);
  });

  test('arithmetic with them is done when the network is compiled', async () => {
    const nodes = [
      node('Shape', ['x'], ['whole']),
      node('Gather', ['whole', 'first'], ['n'], { axis: 0 }),
      node('Gather', ['whole', 'last'], ['w'], { axis: 0 }),
      node('Mul', ['w', 'two'], ['w2']),
      node('Unsqueeze', ['n', 'zero'], ['n1']),
      node('Unsqueeze', ['w2', 'zero'], ['w1']),
      node('Concat', ['n1', 'w1', 'rest'], ['shape'], { axis: 0 }),
      node('Cast', ['shape'], ['f'], { to: 1 }),
      node('Floor', ['f'], ['g']),
      node('Cast', ['g'], ['s'], { to: 7 }),
      node('Reshape', ['x', 's'], ['y']),
    ];
    const constants = [
      ints('first', [0], []),
      ints('last', [-1], []),
      ints('two', [2], []),
      ints('zero', [0]),
      ints('rest', [-1]),
    ];
    const parts = { nodes, dims: [1, 4, 6], constants };
    expect(await y(parts, 13)).toEqual(count(24));
    const { graph: imported } = await importOnnx(small(parts, 13), { name: 'test' }, undefined);
    expect(imported!.nodes.map(({ op }) => op)).toEqual(['input', 'reshape']);
    expect(imported!.outputs[0]!.node.type.shape).toEqual([1, 12, 2]);
  });

  test('a condition on them chooses a branch', async () => {
    const branch = (op: string): Message => graph({ nodes: [node(op, ['x'], ['r'])], outputs: [value('r')] });
    const nodes = [
      node('Shape', ['x'], ['s']),
      node('Gather', ['s', 'one'], ['width'], { axis: 0 }),
      node('Equal', ['width', 'four'], ['c']),
      node('If', ['c'], ['y'], {
        then_branch: { graph: branch('Neg') },
        else_branch: { graph: branch('Exp') },
      }),
    ];
    const constants = [ints('one', [1], []), ints('four', [4], [])];
    expect(await y({ nodes, dims: [1, 4], constants }, 13, [1, 2, 3, 4])).toEqual([-1, -2, -3, -4]);
    expect((await y({ nodes, dims: [1, 1], constants }, 13, [0]))[0]).toBe(1);
  });
});

describe('Cast', () => {
  test.each([
    [7, [-2.5, -0.5, 0, 2.5], [-2, 0, 0, 2]],
    [9, [-2.5, 0, 0.5, 1], [1, 0, 1, 1]],
    [1, [-2.5, 0, 0.5, 1], [-2.5, 0, 0.5, 1]],
  ])('to type %i', async (to, x, expected) => {
    const nodes = [node('Cast', ['x'], ['c'], { to }), node('Cast', ['c'], ['y'], { to: 1 })];
    expect((await y({ nodes, dims: [1, 4] }, 13, x)).map((number) => number + 0)).toEqual(expected);
  });
});

test('constants of a branch are read too', async () => {
  const branch = graph({
    nodes: [node('Add', ['x', 'w'], ['r'])],
    initializers: [floats('w', [1], [5])],
    outputs: [value('r')],
  });
  const nodes = [
    node('If', ['c'], ['y'], { then_branch: { graph: branch }, else_branch: { graph: branch } }),
  ];
  expect(await y({ nodes, dims: [1, 2], constants: [bools('c', [], [1])] }, 13)).toEqual([5, 6]);
});

// What a model leaves open is asked for, and given.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFiles } from '../../compiler/cli/open-model.ts';
import { compile, importModel, type CompileOptions } from '../../compiler/index.ts';
import { cnnc } from '../cli/capture.ts';
import { floats, ints, model, node, TYPE, value } from '../support/onnx-writer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Upsampling by scales that are an input; the sizes of x are open, but for its channels. */
const onnx = model({
  nodes: [node('Resize', ['x', '', 'by/scales'], ['y'])],
  inputs: [value('x', ['N', 2, 'H', 'W']), value('by/scales', [4])],
  outputs: [value('y')],
});
const scales = [1, 1, 2, 2];
const shape = [1, 2, 1, 2];

const messages = async (options: CompileOptions): Promise<string[]> =>
  (await compile(options)).diagnostics.map(({ code, message, help }) => `${code} ${message}; ${help}`);

test('sizes that are left open are asked for', async () => {
  expect(await messages({ onnx, path: 'up.onnx' })).toEqual([
    'E092 up.onnx: the input "x" is Nx2xHxW: its size "H" is left open; give its sizes: --shape x=1x2x…x…',
  ]);
});

test('an input that is really a parameter is asked for, by the name that the file has for it', async () => {
  expect(await messages({ onnx, path: 'up.onnx', shapes: { x: shape } })).toEqual([
    'E092 up.onnx: Resize "y": its scales must be known when the network is compiled; give it: --constant by/scales=…',
  ]);
});

test.each([
  ['sizes that clash', { shapes: { x: [1, 3, 4, 4] } }, 'the input "x" is Nx2xHxW in the model, not 1x3x4x4'],
  [
    'batches of nothing',
    { shapes: { x: [0, 2, 4, 4] } },
    'the input "x" cannot be 0x2x4x4: there would be nothing in it',
  ],
  ['too few sizes', { shapes: { x: [1, 2] } }, 'the input "x" is Nx2xHxW in the model, not 1x2'],
  ['an input that is none', { shapes: { x: shape, z: [1] } }, 'the model has no input "z"'],
  ['an input that is none, where others are open', { shapes: { z: [1] } }, 'the model has no input "z"'],
  [
    'too few numbers',
    { shapes: { x: shape }, constants: { 'by/scales': [2] } },
    '4 numbers, but 1 are given',
  ],
])('%s are refused', async (_, options, expected) => {
  const [message] = await messages({ onnx, ...options });
  expect(message).toContain('E092');
  expect(message).toContain(expected);
});

test('given both, the model runs', async () => {
  const { files, diagnostics } = await compile({
    onnx,
    targets: ['js'],
    shapes: { x: shape },
    constants: { 'by/scales': Float32Array.from(scales) },
  });
  expect(diagnostics).toEqual([]);
  const up = await openFiles(files);
  expect(await up.run(Float32Array.of(1, 2, 3, 4))).toEqual({
    y: Float32Array.of(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4),
  });
});

test('the command takes them as flags', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'up.onnx');
  await writeFile(path, onnx);
  const asked = await cnnc(['check', path]);
  expect(asked.code).toBe(1);
  expect(asked.err).toContain('--shape x=1x2x…x…');
  const flags = ['--shape', 'x=1x2x1x2', '--constant', 'by/scales=1,1,2,2'];
  const { code, out, err } = await cnnc(['summary', path, ...flags]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('2×4×2');
});

test.each([
  [
    '-1x2x4x4',
    '"-1" is no size; write it as in x=1x3x224x224; the batch is 1, and run takes any number of items',
  ],
  ['1x2xHx4', '"H" is no size; write it as in x=1x3x224x224'],
  ['1x2', 'the input "x" is Nx2xHxW in the model, not 1x2'],
  ['', 'there are no sizes; write it as in x=1x3x224x224'],
])('--shape x=%s is refused', async (sizes, message) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'up.onnx');
  await writeFile(path, onnx);
  const { code, err } = await cnnc(['check', path, '--shape', `x=${sizes}`]);
  expect(code).toBe(1);
  expect(err.split('\n')[0]!.endsWith(message)).toBe(true);
});

test('what is given twice is refused', async () => {
  const { code, err } = await cnnc(['check', 'up.onnx', '--constant', 's=1', '--constant', 's=2']);
  expect(code).toBe(2);
  expect(err).toContain('s is given twice');
});

test('numbers that are none are no sizes', async () => {
  const scales = floats('scales', [4], [1, 1, Infinity, 1]);
  const reshaped = model({
    nodes: [node('Reshape', ['x', 'scales'], ['y'])],
    initializers: [scales],
    inputs: [value('x', [1, 2])],
    outputs: [value('y')],
  });
  expect(await messages({ onnx: reshaped, path: 'net.onnx' })).toEqual([
    'E090 net.onnx: Reshape "y": Infinity among its shape is no whole number; undefined',
  ]);
});

test('a batch that is left open may be any', async () => {
  const doubled = model({
    nodes: [node('Mul', ['x', 'two'], ['y'])],
    initializers: [floats('two', [], [2])],
    inputs: [value('x', ['batch', 2])],
    outputs: [value('y')],
  });
  const { files } = await compile({ onnx: doubled, targets: ['js'] });
  const bundle = await openFiles(files);
  expect(await bundle.run(Float32Array.of(1, 2, 3, 4, 5, 6))).toEqual({
    y: Float32Array.of(2, 4, 6, 8, 10, 12),
  });
});

test('constants may be numbers of any type', async () => {
  const sliced = model({
    nodes: [node('Slice', ['x', 'start', 'end'], ['y'])],
    inputs: [value('x', [1, 4]), value('start', [2], TYPE.int64), value('end', [2], TYPE.int32)],
    outputs: [value('y')],
  });
  const constants = { start: BigInt64Array.of(0n, 1n), end: Int32Array.of(1, 3) };
  const { files, diagnostics } = await compile({ onnx: sliced, constants, targets: ['js'] });
  expect(diagnostics).toEqual([]);
  const bundle = await openFiles(files);
  expect(await bundle.run(Float32Array.of(1, 2, 3, 4))).toEqual({ y: Float32Array.of(2, 3) });
});

test('a model that looks at several items of an open batch is warned about, others are not', async () => {
  const reducing = (axis: number) =>
    model({
      nodes: [node('ReduceMean', ['x'], ['y'], { axes: [axis] })],
      inputs: [value('x', ['N', 3, 4])],
      outputs: [value('y')],
    });
  expect(await messages({ onnx: reducing(0), path: 'mean.onnx' })).toEqual([
    'W106 mean.onnx: the batch is left open, but ReduceMean "y" looks at several of its items; here each item is computed by itself; say what a batch of one is meant to be: --shape with a size for every axis',
  ]);
  expect(await messages({ onnx: reducing(1) })).toEqual([]);
});

test('sizes that are 7 by chance hide no mixing of items', async () => {
  const mixing = model({
    nodes: [node('Reshape', ['x', 'shape'], ['rows']), node('ReduceMax', ['rows'], ['y'], { axes: [1] })],
    initializers: [ints('shape', [7, -1])],
    inputs: [value('x', ['N', 7, 4])],
    outputs: [value('y')],
  });
  expect((await messages({ onnx: mixing })).map((message) => message.slice(0, 4))).toEqual(['W106']);
});

test('a source and a model are one too many, and constants in a Map are not silently left out', async () => {
  expect(await messages({ onnx, source: 'INPUT -> CONV' })).toEqual([
    'E047 there are a source and an ONNX model; give one of them; undefined',
  ]);
  const constants = new Map([['by/scales', scales]]) as unknown as CompileOptions['constants'] & object;
  expect(await messages({ onnx, shapes: { x: shape }, constants })).toEqual([
    'E047 constants is a Map; it must be { input: numbers }; undefined',
  ]);
});

test('labels are lines, a list, or a record by number', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'net.onnx');
  const nodes = [node('Relu', ['x'], ['y'])];
  await writeFile(file, model({ nodes, inputs: [value('x', [1, 2])], outputs: [value('y')] }));
  for (const [name, text, code] of [
    ['lines', 'a\nb\n\n', 0],
    ['list', '["a", "b"]', 0],
    ['record', '{ "1": "b", "0": "a" }', 0],
    ['from one', '{ "1": "a", "2": "b" }', 1],
    ['numbers', '{ "0": 1, "1": 2 }', 1],
  ] as const) {
    await writeFile(join(folder, name), text);
    expect((await cnnc(['check', file, '--labels', join(folder, name)])).code).toBe(code);
  }
});

test('an input that nothing reads is one of the program too', async () => {
  const unread = model({
    nodes: [node('Relu', ['x'], ['y'])],
    inputs: [value('x', [1, 2]), value('left', [1, 2])],
    outputs: [value('y')],
  });
  const { text } = await importModel({ onnx: unread });
  expect(text).toBe('cnn 1\n\nINPUT(2) as x -> RELU -> OUTPUT(name="y")\n\nINPUT(2) as left\n');
});

test('a kernel without sizes and steps of 0 are named', async () => {
  const flat = model({
    nodes: [node('Conv', ['x', 'w'], ['y'])],
    initializers: [floats('w', [1, 1], [1])],
    inputs: [value('x', [1, 1, 2, 2])],
    outputs: [value('y')],
  });
  expect((await messages({ onnx: flat }))[0]).toContain('its kernel has 0 axes, its input 2 beside');
  const still = model({
    nodes: [node('Range', ['a', 'b', 'c'], ['r']), node('Add', ['x', 'r'], ['y'])],
    initializers: [ints('a', [0], []), ints('b', [1], []), ints('c', [0], [])],
    inputs: [value('x', [1, 1], TYPE.int64)],
    outputs: [value('y')],
  });
  expect((await messages({ onnx: still }))[0]).toContain('its delta is 0');
});

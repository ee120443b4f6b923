// Imported models, exported again: with the model's names, and with any batch where the model leaves it open.
import { expect, test } from 'vitest';
import * as ort from 'onnxruntime-web';
import { compile, exportOnnx, importModel, type SourceOptions } from '../../compiler/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { floats, ints, model, node, value } from '../support/onnx-writer.ts';
import { modelBytes, modelPath, MODELS } from '../support/onnx-models.ts';
import { describeWithShared } from '../support/shared.ts';
import { expectClose } from '../support/tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

type Run = Readonly<Record<string, ort.Tensor>>;

async function session(file: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(file);
}

const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(1 + i));

/** Runs items together, and each by itself: pairs of results that should be equal. */
async function together(file: Uint8Array, batch: number): Promise<[Float32Array, Float32Array][]> {
  const net = await session(file);
  const shapes = net.inputMetadata.map((input) => (input as { shape: readonly (number | string)[] }).shape);
  const feeds = (items: number, from: number): Run =>
    Object.fromEntries(
      shapes.map(([first, ...item], i) => {
        expect(first, 'the batch is open').toBe('N');
        const size = sizeOf(item as number[]);
        const data = numbers(batch * size).slice(from * size, (from + items) * size);
        return [net.inputNames[i]!, new ort.Tensor(data, [items, ...(item as number[])])] as const;
      }),
    );
  const all = await net.run(feeds(batch, 0));
  const pairs: [Float32Array, Float32Array][] = [];
  for (let item = 0; item < batch; item++)
    for (const [name, { data, dims }] of Object.entries(await net.run(feeds(1, item)))) {
      const { length } = data;
      expect(all[name]!.dims).toEqual([batch, ...dims.slice(1)]);
      pairs.push([
        (all[name]!.data as Float32Array).slice(item * length, (item + 1) * length),
        data as Float32Array,
      ]);
    }
  await net.release();
  return pairs;
}

const NAMES = ['a/b:0', '"; process.exit() //', '*/', 'größe 🦆', 'x'] as const;

/** A convolution, a head behind a reshape, and a second output. */
const small = (batch: string | number, [input, weight, output]: readonly string[] = ['x', 'w', 'y']) =>
  model({
    nodes: [
      node('Conv', [input!, weight!], ['map'], { kernel_shape: [3, 3] }),
      node('Relu', ['map'], ['positive']),
      node('Reshape', ['positive', 'sizes'], ['flat']),
      node('MatMul', ['flat', 'head'], [output!]),
    ],
    initializers: [
      floats(weight!, [2, 3, 3, 3], [...numbers(54)]),
      ints('sizes', [-1, 8]),
      floats('head', [8, 4], [...numbers(32)]),
    ],
    inputs: [value(input!, [batch, 3, 4, 4])],
    outputs: [value(output!), value('positive')],
  });

async function exported(options: SourceOptions): Promise<Uint8Array> {
  const result = await exportOnnx(options);
  expect(result.diagnostics).toEqual([]);
  return result.model!;
}

test('a batch that a model leaves open stays open, one that it fixes stays fixed', async () => {
  for (const [one, each] of await together(await exported({ onnx: small('batch') }), 3))
    expectClose(one, each, 'imported');
  const fixed = await session(await exported({ onnx: small(1) }));
  expect(fixed.inputMetadata).toMatchObject([{ shape: [1, 3, 4, 4] }]);
  expect(fixed.outputMetadata).toMatchObject([{ shape: [1, 4] }, { shape: [1, 2, 2, 2] }]);
  const asked = await session(await exported({ onnx: small('batch'), shapes: { x: [1, 3, 4, 4] } }));
  expect(asked.inputMetadata).toMatchObject([{ shape: [1, 3, 4, 4] }]);
});

test('a program that was imported leaves it open too, its channels first as callers have them', async () => {
  const { text, weights } = await importModel({ onnx: small('batch') });
  const { model: file } = await exportOnnx({ source: text!, weights: weights! });
  const net = await session(file!);
  expect(net.inputMetadata).toMatchObject([{ name: 'x', shape: ['N', 3, 4, 4] }]);
  for (const [one, each] of await together(file!, 2)) expectClose(one, each, 'imported');
});

test('items that a reshape puts in a row stay in a row', async () => {
  const onnx = model({
    nodes: [node('Reshape', ['x', 'sizes'], ['y'])],
    initializers: [ints('sizes', [-1])],
    inputs: [value('x', ['N', 6])],
    outputs: [value('y')],
  });
  const net = await session(await exported({ onnx }));
  expect(net.outputMetadata).toMatchObject([{ shape: ['6*N'] }]);
  const { y } = await net.run({ x: new ort.Tensor(numbers(18), [3, 6]) });
  expect([...(y!.data as Float32Array)]).toEqual([...numbers(18)]);
});

test('an axis of one element beside the batch leaves it open', async () => {
  const onnx = model({
    nodes: [
      node('Unsqueeze', ['x', 'axes'], ['u']),
      node('ReduceMean', ['u'], ['y'], { axes: [2], keepdims: 1 }),
    ],
    initializers: [ints('axes', [2])],
    inputs: [value('x', ['N', 5])],
    outputs: [value('y')],
  });
  const { diagnostics, model: file } = await exportOnnx({ onnx });
  expect(diagnostics).toEqual([]);
  const net = await session(file!);
  expect(net.outputMetadata).toMatchObject([{ shape: ['N', 5, 1] }]);
  const { y } = await net.run({ x: new ort.Tensor(numbers(15), [3, 5]) });
  expect([...(y!.data as Float32Array)]).toEqual([...numbers(15)]);
});

test('a model that looks at several items takes one', async () => {
  const onnx = model({
    nodes: [node('Transpose', ['x'], ['y'], { perm: [1, 0] })],
    inputs: [value('x', ['N', 6])],
    outputs: [value('y')],
  });
  const { ok, diagnostics, model: file } = await exportOnnx({ onnx });
  expect(ok).toBe(true);
  expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning W106']);
  const net = await session(file!);
  expect(net.inputMetadata).toMatchObject([{ shape: [1, 6] }]);
});

test('an operator that joins the batch with other axes is named, and the batch is one', async () => {
  const source = 'INPUT(2x3) -> TRANSPOSE((1, 0, 2)) as turned -> RESHAPE((2, 3), batch=1)';
  const { diagnostics, model: file } = await exportOnnx({ source });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'the exported model takes batches of one: TRANSPOSE "turned" joins the batch with other axes',
  ]);
  const net = await session(file!);
  expect(net.inputMetadata).toMatchObject([{ shape: [1, 3, 2] }]);
});

test('a map of another size between values with channels last loads as well', async () => {
  const onnx = model({
    nodes: [
      node('Resize', ['x', '', 'by'], ['y'], {
        nearest_mode: 'floor',
        coordinate_transformation_mode: 'asymmetric',
      }),
    ],
    initializers: [floats('by', [4], [1, 1, 1, 0.5])],
    inputs: [value('x', [1, 1, 1, 4])],
    outputs: [value('y')],
  });
  const net = await session(await exported({ onnx }));
  const { y } = await net.run({ x: new ort.Tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 1, 4]) });
  expect([...(y!.data as Float32Array)]).toEqual([1, 3]);
});

test('an output that transposes bring back to what it was is still made', async () => {
  const source = 'INPUT(2x3x4) -> TRANSPOSE((0, 2, 1, 3)) -> TRANSPOSE((0, 2, 1, 3))';
  const { model: file } = await exportOnnx({ source });
  const net = await session(file!);
  const { output } = await net.run({ input: new ort.Tensor(numbers(24), [1, 4, 2, 3]) });
  expect(output).toMatchObject({ dims: [1, 4, 2, 3], data: numbers(24) });
});

test('an output that is a constant has its axes in their order', async () => {
  const onnx = model({
    nodes: [node('CumSum', ['x', 'axis'], ['y'], { exclusive: 1 })],
    initializers: [ints('axis', [2], [])],
    inputs: [value('x', [1, 2, 1, 3])],
    outputs: [value('y')],
  });
  const net = await session(await exported({ onnx }));
  const { y } = await net.run({ x: new ort.Tensor(numbers(6), [1, 2, 1, 3]) });
  expect(y!.dims).toEqual([1, 2, 1, 3]);
});

test.each([
  ['none are taken', node('Slice', ['x', 'at', 'at', 'axis'], ['y']), [1, 2, 0, 4]],
  ['borders take all', node('Pad', ['x', 'pads'], ['y']), [1, 2, 0, 4]],
] as const)('an output without elements, because %s, has its sizes', async (_, nothing, dims) => {
  const onnx = model({
    nodes: [nothing, node('Relu', ['x'], ['z'])],
    initializers: [ints('at', [1]), ints('axis', [2]), ints('pads', [0, 0, -3, 0, 0, 0, 0, 0])],
    inputs: [value('x', [1, 2, 3, 4])],
    outputs: [value('y'), value('z')],
  });
  const net = await session(await exported({ onnx }));
  const { y } = await net.run({ x: new ort.Tensor(numbers(24), [1, 2, 3, 4]) });
  expect(y!.dims).toEqual(dims);
});

test('values without a batch keep their one axis', async () => {
  const onnx = model({
    nodes: [
      node('Reshape', ['x', 'sizes'], ['flat']),
      node('Softmax', ['flat'], ['shares'], { axis: 0 }),
      node('Concat', ['shares', 'more'], ['y'], { axis: 0 }),
    ],
    initializers: [ints('sizes', [-1]), floats('more', [2], [3, 4])],
    inputs: [value('x', [1, 6])],
    outputs: [value('y')],
  });
  const { graph } = await compile({ onnx, targets: ['js'] });
  const net = await session(await exported({ onnx }));
  const { y } = await net.run({ x: new ort.Tensor(numbers(6), [1, 6]) });
  expect(y!.dims).toEqual([8]);
  expectClose(y!.data as Float32Array, interpret(graph!, { x: numbers(6) })['y']!, 'imported');
});

test.each(NAMES)('%j is what inputs and outputs are called, everywhere', async (name) => {
  const names = [name, `${name}.w`, `${name} out`];
  const onnx = small('N', names);
  const { files, graph } = await compile({ onnx, targets: ['js'], name: 'net' });
  const manifest: unknown = JSON.parse(new TextDecoder().decode(files.get('net.json')));
  expect(manifest).toMatchObject({ inputs: [{ name }], outputs: [{ name: names[2] }, { name: 'positive' }] });
  const net = await session(await exported({ onnx }));
  expect(net.inputNames).toEqual([name]);
  expect(net.outputNames).toEqual([names[2], 'positive']);
  const data = numbers(48);
  const right = interpret(graph!, { [name]: data });
  const results = await net.run({ [name]: new ort.Tensor(data, [1, 3, 4, 4]) });
  expectClose(results[names[2]!]!.data as Float32Array, right[names[2]!]!, 'imported');
  const { text } = await importModel({ onnx });
  const said = await compile({ source: text!, weights: { random: 1 }, targets: ['js'] });
  expect(said.graph!.inputs.map((each) => each.name)).toEqual([name]);
  expect(new Set(said.graph!.outputs.map((each) => each.name))).toEqual(new Set([names[2], 'positive']));
});

const OPEN = ['cifar10-winml', 'super-resolution-10', 'tract-keras-example'] as const;

describeWithShared('trained models', MODELS.map(modelPath), () => {
  test.each(OPEN)('%s takes three items', { timeout: 120_000 }, async (name) => {
    const pairs = await together(await exported({ onnx: modelBytes(name) }), 3);
    expect(pairs).toHaveLength(3);
    for (const [one, each] of pairs) expectClose(one, each, 'imported');
  });
});

test.each([
  ['a tab and a line', 'in\tput', 'in\nput'],
  ['the same beginning', `${'a'.repeat(300)}1`, `${'a'.repeat(300)}2`],
  ['what is an input already', 'y', 'y_'],
])('an input and an output that differ in %s keep apart', async (_, input, output) => {
  const onnx = model({
    nodes: [node('Relu', [input], [output])],
    inputs: [value(input, [1, 3])],
    outputs: [value(output)],
  });
  const { graph } = await compile({ onnx });
  const names = [graph!.inputs[0]!.name, graph!.outputs[0]!.name];
  expect(new Set(names).size).toBe(2);
  const exported = await exportOnnx({ onnx });
  expect(exported.diagnostics).toEqual([]);
  const again = await session(exported.model!);
  const results = await again.run({ [names[0]!]: new ort.Tensor(Float32Array.of(-1, 0, 2), [1, 3]) });
  expect([...(results[names[1]!]!.data as Float32Array)]).toEqual([0, 0, 2]);
});

test('an input that is an output as well is one of each', async () => {
  const onnx = model({ nodes: [], inputs: [value('x', [1, 3])], outputs: [value('x')] });
  const { graph } = await compile({ onnx });
  expect([...graph!.inputs, ...graph!.outputs].map(({ name }) => name)).toEqual(['x', 'x_2']);
});

// ONNX models as programs of the language: readable, laid out as `cnnc fmt` does it, and the same network.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, compile, drawGraph, explain, importModel } from '../../compiler/index.ts';
import { openFiles } from '../../compiler/cli/open-model.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import type { Node } from '../../compiler/ir/graph.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import type { Pick } from '../../compiler/ops/define.ts';
import { leaky } from '../../compiler/ops/activation.ts';
import { OPS, type OpName } from '../../compiler/ops/index.ts';
import { raise } from '../../compiler/raise/index.ts';
import { f32, sizeOf, type Shape } from '../../compiler/tensor/types.ts';
import { format, sourceFile } from '../../grammar/index.ts';
import { As, Block, Cnn, Default, Use, With } from '../../grammar/tokens.ts';
import { modelBytes, modelPath, MODELS, modelShapes, wrongOutputs } from '../support/onnx-models.ts';
import { floats, ints, model, node, value } from '../support/onnx-writer.ts';
import { pickFrom } from '../support/arbitrary.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { mulberry32 } from '../../runtime/random-inputs.ts';

/** A model as a program and its weights; it must have no mistakes. */
async function imported(options: Parameters<typeof importModel>[0]) {
  const { text, weights, diagnostics } = await importModel(options);
  if (text === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { text, weights: weights! }; // both or none
}

/** The bundle of such a program, opened. */
async function opened({ text, weights }: { readonly text: string; readonly weights: Uint8Array }) {
  const { files, diagnostics } = await compile({ source: text, weights, name: 'net', targets: ['js'] });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return openFiles(files, { target: 'js' });
}

const formatted = (text: string): unknown => format(sourceFile(text, 'net.cnn'));

describeWithShared('a model as a program', MODELS.map(modelPath), () => {
  test.each(MODELS)('%s gives what ONNX Runtime gave, and is laid out', async (name) => {
    const program = await imported({
      onnx: modelBytes(name),
      path: `${name}.onnx`,
      shapes: modelShapes(name),
    });
    expect(formatted(program.text)).toEqual({ text: program.text });
    expect((await check({ source: program.text })).diagnostics).toEqual([]);
    expect(await wrongOutputs(name, await opened(program))).toEqual([]);
  });

  test.each(['mnist-8', 'squeezenet-fp32', 'person-detector', 'yunet-n-320'] as const)(
    '%s reads well',
    async (name) => {
      const { text } = await imported({ onnx: modelBytes(name), path: `${name}.onnx` });
      await expect(text).toMatchFileSnapshot(`programs/${name}.cnn`);
    },
  );
});

const LIGHT = ['light_resnet50', 'light_vgg19', 'light_inception_v1'];
const lightPath = (name: string): string => `data/light/${name}/model.onnx`;

describeWithShared('an architecture as a program', LIGHT.map(lightPath), () => {
  test.each(LIGHT)('%s reads well', async (name) => {
    const { text } = await imported({
      onnx: readFileSync(sharedPath(lightPath(name))),
      path: `${name}.onnx`,
    });
    expect((await check({ source: text })).diagnostics).toEqual([]);
    await expect(text).toMatchFileSnapshot(`programs/${name}.cnn`);
  });
});

/** y = relu(x + w) · 0.5, 1 − y beside it, with everything named so. */
const small = (name = '') => {
  const [x, w, half, one, sum, y, z] = ['', 'w', 'h', 'o', 's', 'y', 'z'].map((end) => name + end) as [
    string,
    ...string[],
  ] as [string, string, string, string, string, string, string];
  return model({
    nodes: [
      node('Add', [x, w], [sum], {}, { name }),
      node('Mul', [sum, half], [y], {}, { name: `${name}m` }),
      node('Sub', [one, y], [z], {}, { name: `${name}t` }),
    ],
    initializers: [floats(w, [4], [1, -2, 3, -4]), floats(half, [], [0.5]), floats(one, [], [1])],
    inputs: [value(x, [1, 4])],
    outputs: [value(y), value(z)],
  });
};

test('numbers are said in their place, and learned values that no layer owns are weights', async () => {
  const program = await imported({ onnx: small('v') });
  expect(program.text).toBe(
    [
      'cnn 1',
      '',
      'INPUT(4) as v',
      '  -> { SKIP | WEIGHT(1x4) as vw } -> ADD',
      '  -> MUL(_, 0.5)',
      '  -> OUTPUT(name="vy")',
      '  -> SUB(1, _)',
      '  -> OUTPUT(name="vz")',
      '',
    ].join('\n'),
  );
  const net = await opened(program);
  expect(await net.run(Float32Array.of(1, 1, 1, 1))).toEqual({
    vy: Float32Array.of(1, -0.5, 2, -1.5),
    vz: Float32Array.of(0, 1.5, -1, 2.5),
  });
});

describe('a name in a model can do nothing in its program', () => {
  test.each([
    '"; process.exit() //',
    '*/ x',
    '__proto__',
    'a\nb -> FC',
    '${x}`',
    'as',
    'INPUT',
    '../../etc',
    '🦆',
    '',
  ])('%j', async (name) => {
    const program = await imported({ onnx: small(name === '' ? 'x' : name) });
    expect(formatted(program.text)).toEqual({ text: program.text });
    const net = await opened(program);
    const outputs = Object.values(await net.run(Float32Array.of(1, 1, 1, 1)));
    expect(outputs).toEqual([Float32Array.of(1, -0.5, 2, -1.5), Float32Array.of(0, 1.5, -1, 2.5)]);
  });
});

/** `x` → conv → tanh → two convolutions, the second over what the first one gives; all three are outputs. */
const layersCalled = (names: readonly [string, string, string]) => {
  const kernel = (name: string, scale: number) =>
    floats(
      `${name}.weight`,
      [2, 2, 1, 1],
      [1, -1, 0.5, 2].map((value) => scale * value),
    );
  const conv = (name: string, x: string) => node('Conv', [x, `${name}.weight`], [`${name} out`]);
  return model({
    nodes: [
      conv(names[0], 'x'),
      node('Tanh', [`${names[0]} out`], ['t']),
      conv(names[1], 't'),
      conv(names[2], 't'),
      node('Add', [`${names[0]} out`, 't'], ['sum']),
    ],
    initializers: names.map((name, i) => kernel(name, i + 1)),
    inputs: [value('x', [1, 2, 1, 1])],
    outputs: [value(`${names[1]} out`), value(`${names[2]} out`), value('sum')],
  });
};

describe('layers of a model that are called what no layer of a program can be', () => {
  const words = [Cnn, Use, Default, Block, With, As].map(({ name }) => name.toLowerCase());
  test.each([
    ...words.map((word) => [word, `${word}.0`, `${word}.1`] as const),
    ...words.map((word) => [`a.${word}.b`, `b.${word}.b`, `c.${word}.b`] as const),
    ['in', 'a.in', 'b.in'] as const,
    ['_', 'a._', 'b._'] as const,
    ['In.0', 'In.1', 'In.2'] as const,
    ['x1', 'x2', 'x3'] as const,
    ['x2', 'x', 'input'] as const,
  ])('%s, %s, %s', async (...names) => {
    const net = await opened(await imported({ onnx: layersCalled(names) }));
    const plain = await opened(await imported({ onnx: layersCalled(['a', 'b', 'c']) }));
    const x = Float32Array.of(0.25, -0.5);
    expect(Object.values(await net.run(x))).toEqual(Object.values(await plain.run(x)));
  });
});

/** Operands that are weights wherever they occur. */
const WEIGHTS = new Set(['weight', 'bias', 'mean', 'variance', 'slope', 'indices']);

/** A graph of one random use of an operator. */
function useOf(name: OpName, pick: Pick) {
  const { operands, attrs } = operatorOf(name).sample(pick);
  const builder = new GraphBuilder('net');
  const origin = { path: 'use', keyword: name, blocks: [] };
  const make = (operand: string, shape: Shape): Node => {
    const path = `${operand}${builder.finish().nodes.length}`;
    if (!WEIGHTS.has(operand)) return builder.input(path, f32(1, ...shape.slice(1)), origin);
    const data = new Float32Array(sizeOf(shape)).fill(1.5);
    return builder.constant(path, f32(...shape), { origins: [origin], init: 'zero', data });
  };
  const shapes = Object.entries<Shape | readonly Shape[] | undefined>({ ...operands });
  const made = shapes.map(([operand, shape]) => {
    const isMany = operatorOf(name).operands[operand] === 'many';
    const many = (isMany ? shape : shape && [shape]) as readonly Shape[] | undefined; // as its multiplicity says
    const nodes = many?.map((each) => make(operand, each));
    return [operand, isMany ? nodes : nodes?.[0]] as const;
  });
  const node = builder.op(operatorOf(name) as never, Object.fromEntries(made) as never, attrs as never, {
    name: 'use',
    origins: [origin],
  });
  builder.output('y', node);
  return builder.finish();
}

describe('every operator can be said', () => {
  test.each(Object.keys(OPS) as OpName[])('%s', async (name) => {
    const pick = pickFrom(mulberry32(1));
    const wrong: string[] = [];
    for (let i = 0; i < 12; i++) {
      const raised = await raise(useOf(name, pick));
      if ('message' in raised) wrong.push(raised.message);
    }
    expect(wrong).toEqual([]);
  });
});

const x3 = { inputs: [value('x', [3])], outputs: [value('y')] };

test.each([
  [
    'values without a batch',
    model({ ...x3, nodes: [node('Relu', ['x'], ['y'])] }),
    [
      'INPUT(3) as x',
      '  -> RESHAPE(batch=all)',
      '  -> RELU',
      '  -> RESHAPE(3, batch=1)',
      '  -> OUTPUT(name="y")',
    ],
  ],
  [
    'outputs that depend on nothing',
    model({ ...x3, nodes: [node('Shape', ['x'], ['y'])] }),
    ['INPUT(3) as x', '', 'WEIGHT(1x1) as shape -> OUTPUT(name="y")'],
  ],
  [
    'outputs without elements',
    model({ ...x3, nodes: [node('Slice', ['x'], ['y'], { starts: [3], ends: [9] })] }, 9),
    ['INPUT(3) as x', '', 'WEIGHT(1x0) as y -> OUTPUT(name="y")'],
  ],
  [
    'inputs of many axes',
    model({ ...x3, nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [2, 3, 4, 5])] }),
    ['INPUT(2x3x4x5) as x', '  -> RESHAPE(3x4x5, batch=2)', '  -> RELU', '  -> RESHAPE(2x3x4x5, batch=1)'],
  ],
  [
    'a number beside a weight',
    model({
      ...x3,
      nodes: [node('Greater', ['x', 'zero'], ['c']), node('Where', ['c', 'w', 'zero'], ['y'])],
      initializers: [floats('w', [3], [1, 2, 3]), floats('zero', [], [0])],
    }),
    ['WEIGHT(3) as w', '', '-> LESS(0, _)', '-> WHERE(_, w, 0)'],
  ],
  [
    'a list that is repeated, and bordered by what is no number',
    model({
      ...x3,
      nodes: [node('Tile', ['x', 'n'], ['t']), node('Pad', ['t', 'p', 'low'], ['y'])],
      initializers: [ints('n', [2]), ints('p', [0, 1]), floats('low', [], [-Infinity])],
    }),
    ['TILE(batch=2)', 'EXTEND(batch=(0, 1), value=minus_infinity)'],
  ],
])('%s', async (_, onnx, lines) => {
  const raised = await imported({ onnx });
  for (const line of lines) expect(raised.text).toContain(line);
  expect(formatted(raised.text)).toEqual({ text: raised.text });
  const { files } = await compile({ onnx, name: 'net', targets: ['js'] });
  const itself = await openFiles(files, { target: 'js' });
  const x = Float32Array.from({ length: sizeOf(itself.inputs[0]!.shape) }, (_, i) => i - 1);
  const program = await opened(raised);
  expect(await program.run({ x })).toEqual(await itself.run({ x }));
});

test('a number that no text says is a diagnostic', async () => {
  const builder = new GraphBuilder('net');
  const origin = { path: 'x', keyword: 'Input', blocks: [] };
  const x = builder.input('x', f32(1, 3), origin);
  const bent = builder.op(leaky, { x }, { slope: NaN }, { name: 'y', origins: [origin] });
  builder.output('y', bent);
  expect(await raise(builder.finish())).toMatchObject({
    code: 'E047',
    message: expect.stringContaining('no number NaN'),
  });
});

test('explain and graph take models by way of their programs', async () => {
  const { text } = await explain({ onnx: small('v'), marks: false });
  expect(text).toContain('-> MUL(_, 0.5)');
  expect((await drawGraph({ onnx: small('v'), format: 'mermaid' })).picture).toContain('WEIGHT');
});

test('a program is no model', async () => {
  expect((await importModel({ source: 'INPUT -> FC' })).diagnostics).toMatchObject([{ code: 'E047' }]);
});

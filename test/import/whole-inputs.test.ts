// Inputs that a model takes as whole numbers or truth values: what they are verified with, and tested on devices.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFiles } from '../../compiler/cli/open-model.ts';
import { compile } from '../../compiler/index.ts';
import { inputsOf } from '../../compiler/verify-model.ts';
import { floats, ints, model, node, TYPE, value, type Message } from '../support/onnx-writer.ts';
import { cnnc } from '../cli/capture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const weights = floats(
  'w',
  [2, 3, 3, 3],
  Array.from({ length: 54 }, (_, i) => Math.sin(i)),
);

/** A picture as TensorFlow's exports take it. */
const picture = (type: number): Uint8Array =>
  model({
    nodes: [
      node('Cast', ['x'], ['float'], { to: TYPE.float }),
      node('Transpose', ['float'], ['first'], { perm: [0, 3, 1, 2] }),
      node('Conv', ['first', 'w'], ['map']),
      node('Relu', ['map'], ['y']),
    ],
    initializers: [weights],
    inputs: [value('x', [1, 9, 9, 3], type)],
    outputs: [value('y')],
  });

const small = (
  nodes: readonly Message[],
  inputs: readonly Message[],
  initializers: readonly Message[] = [],
) => model({ nodes, inputs, initializers, outputs: [value('y', undefined, TYPE.int64)] });

const MODELS: Readonly<Record<string, Uint8Array>> = {
  'uint8 pictures': picture(TYPE.uint8),
  'int8 pictures': picture(TYPE.int8),
  'int32 pictures': picture(TYPE.int32),
  'remainders of whole numbers': small(
    [node('Mod', ['a', 'b'], ['y'])],
    [value('a', [1, 30], TYPE.int64), value('b', [1, 30], TYPE.int64)],
  ),
  'indices behind other layers': model({
    nodes: [node('Unsqueeze', ['i', 'axes'], ['column']), node('Gather', ['table', 'column'], ['y'])],
    initializers: [ints('axes', [0], [1]), floats('table', [5, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
    inputs: [value('i', [20], TYPE.int64)],
    outputs: [value('y')],
  }),
  'truth values': model({
    nodes: [node('Where', ['b', 'x', 'half'], ['y'])],
    initializers: [floats('half', [1], [0.5])],
    inputs: [value('b', [1, 20], TYPE.bool), value('x', [1, 20])],
    outputs: [value('y')],
  }),
};

test.each(Object.entries(MODELS))('%s are right against ONNX Runtime', async (_, onnx) => {
  const folder = await temporaryFolder();
  const [file, out] = [join(folder, 'net.onnx'), join(folder, 'out')];
  await writeFile(file, onnx);
  for (const verify of [file, out]) {
    if (verify === out) await cnnc(['compile', file, '-o', out]);
    const result = await cnnc(['verify', verify, '--against', 'onnxruntime', '--inputs', '3']);
    expect(result).toMatchObject({ code: 0, out: expect.stringMatching(/^y .* ok$/m) });
  }
});

test.each([
  [TYPE.uint8, 0, 255],
  [TYPE.int8, -128, 127],
  [TYPE.int32, -100, 100],
  [TYPE.bool, 0, 1],
])('numbers of type %i are whole, from %i to %i', async (type, low, high) => {
  const { graph } = await compile({ onnx: picture(type) });
  const { x } = inputsOf(graph!, 1);
  expect(x!.every((number) => Number.isInteger(number) && number >= low && number <= high)).toBe(true);
  expect(new Set(x).size).toBeGreaterThan(Math.min(high - low, 50));
});

test('indices lie within what they pick from, divisors are not zero', async () => {
  const gathering = await compile({ onnx: MODELS['indices behind other layers']! });
  expect([...new Set(inputsOf(gathering.graph!, 1)['i'])].toSorted()).toEqual([0, 1, 2, 3, 4]);
  const dividing = await compile({ onnx: MODELS['remainders of whole numbers']! });
  expect(Math.min(...inputsOf(dividing.graph!, 1)['b']!)).toBeGreaterThan(0);
  expect(Math.min(...inputsOf(dividing.graph!, 1)['a']!)).toBeLessThan(0);
});

test('the self-test of a bundle draws the same whole numbers', async () => {
  const { files, diagnostics } = await compile({
    onnx: picture(TYPE.uint8),
    name: 'net',
    targets: ['js'],
    selfTest: true,
  });
  expect(diagnostics).toEqual([]);
  const bundle = await openFiles(files, { target: 'js' });
  expect(bundle.inputs[0]).toMatchObject({ whole: { low: 0, high: 255 } });
  expect(await (bundle as typeof bundle & { selfTest(): Promise<unknown> }).selfTest()).toMatchObject({
    ok: true,
  });
});

// What is not supported, and how that is said.
import { expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { floats, ints, model, node, value } from '../support/onnx-writer.ts';

const messages = async (onnx: Uint8Array): Promise<string[]> =>
  (await compile({ onnx, path: 'net.onnx' })).diagnostics.map(
    ({ code, message, help = '' }) => `${code} ${message}${help && `; ${help}`}`,
  );

const x = value('x', [1, 4, 8, 8]);
const outputs = [value('y')];

test('operators that are not supported come with the reason', async () => {
  const nodes = [
    node('LSTM', ['x', 'w', 'w'], ['a'], {}, { name: 'cell' }),
    node('ImageDecoder', ['a'], ['b']),
    node('RandomNormalLike', ['b'], ['c']),
    node('SequenceConstruct', ['c'], ['d']),
    node('Gelu', ['d'], ['f'], {}, { domain: 'com.microsoft' }),
    node('Unheard', ['f'], ['y']),
  ];
  const initializers = [floats('w', [1], [1])];
  expect(await messages(model({ nodes, inputs: [x], initializers, outputs }))).toEqual([
    'E091 net.onnx: the model uses operators that are not supported: LSTM ×1 ("cell"), a recurrent cell; ' +
      'ImageDecoder ×1 ("b"), files of pictures; RandomNormalLike ×1 ("c"), random; ' +
      'SequenceConstruct ×1 ("d"), sequences; ' +
      'com.microsoft.Gelu ×1 ("f"), not of ONNX; Unheard ×1 ("y")',
  ]);
});

test('all of a network in three dimensions is named at once, with what else is not supported', async () => {
  const conv = (from: string, to: string) => node('Conv', [from, 'w'], [to], {}, { name: to });
  const nodes = [
    conv('volume', 'n1'),
    node('Relu', ['n1'], ['r1']),
    conv('r1', 'n2'),
    node('MaxPool', ['n2'], ['p1'], { kernel_shape: [2, 2, 2] }, { name: 'p1' }),
    node('LSTM', ['p1', 'w', 'w'], ['cell'], {}, { name: 'cell' }),
    conv('volume', 'n3'),
    node('Add', ['n3', 'cell'], ['y']),
  ];
  const initializers = [floats('w', [1, 1, 1, 1, 1], [1])];
  expect(
    await messages(model({ nodes, inputs: [value('volume', [1, 1, 4, 4, 4])], initializers, outputs })),
  ).toEqual([
    'E091 net.onnx: the model uses operators that are not supported: ' +
      'Conv ×3 ("n1", "n2", "n3"), along 3 axes, not 1 or 2; ' +
      'MaxPool ×1 ("p1"), along 3 axes, not 1 or 2; LSTM ×1 ("cell"), a recurrent cell',
  ]);
});

test('an attribute that an operator does not have is an error, as for ONNX', async () => {
  const filters = floats(
    'w',
    [2, 4, 3, 3],
    Array.from({ length: 72 }, () => 0),
  );
  const conv = node('Conv', ['x', 'w'], ['y'], { dilation: [2, 2], pads: [1, 1, 1, 1] }, { name: 'conv1' });
  expect(await messages(model({ nodes: [conv], inputs: [x], initializers: [filters], outputs }))).toEqual([
    'E090 net.onnx: Conv "conv1": Conv has no attribute dilation; did you mean dilations?; ' +
      'its attributes: auto_pad, dilations, group, kernel_shape, pads, strides',
  ]);
  const round = node('Round', ['x'], ['y'], { '"; process.exit() //': 1 });
  expect(await messages(model({ nodes: [round], inputs: [x], outputs }))).toEqual([
    'E090 net.onnx: Round "y": Round has no attribute "\\"; process.exit() //"; its attributes: none',
  ]);
});

test('attributes of older versions are still known', async () => {
  const add = node('Add', ['x', 'b'], ['y'], { broadcast: 1, axis: 1 });
  const initializers = [floats('b', [4], [1, 2, 3, 4])];
  expect(await messages(model({ nodes: [add], inputs: [x], initializers, outputs }, 6))).toEqual([]);
});

test.each([
  ['NonZero', ['x'], 'input'],
  ['Unique', ['x'], 'input'],
  ['Compress', ['x', 'm'], 'condition'],
  ['NonMaxSuppression', ['s', 's'], 'boxes'],
])('the number of results of %s must not depend on data', async (op, inputs, what) => {
  const nodes = [node('Sigmoid', ['x'], ['s']), node('Squeeze', ['s'], ['m']), node(op, inputs, ['y'])];
  const [message] = await messages(model({ nodes, inputs: [value('x', [1, 4, 4])], outputs }));
  expect(message).toBe(
    `E092 net.onnx: ${op} "y": its ${what} must be known when the network is compiled: the number of results depends on data; give it: --constant x=…`,
  );
});

test('so many samples of a region as it is large need regions that are known', async () => {
  const nodes = [node('RoiAlign', ['x', 'rois', 'items'], ['y'])];
  const inputs = [x, value('rois', [2, 4])];
  expect(
    await messages(model({ nodes, inputs, initializers: [ints('items', [0, 0])], outputs }, 16)),
  ).toEqual([
    'E092 net.onnx: RoiAlign "y": its regions must be known when the network is compiled: without sampling_ratio, the number of samples depends on data; give it: --constant rois=…',
  ]);
});

test('a window that does not fit is of the operator that the model has', async () => {
  const pool = (op: string) => node(op, ['x'], ['y'], { kernel_shape: [9, 9] });
  for (const op of ['LpPool', 'MaxPool', 'AveragePool'])
    expect(await messages(model({ nodes: [pool(op)], inputs: [x], outputs }))).toEqual([
      `E040 net.onnx: ${op} "y": the window of 9×9 does not fit its input of 8×8×4; ` +
        'use a larger INPUT, fewer POOLs or strides before it, or a smaller window',
    ]);
});

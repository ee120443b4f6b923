// Branches and loops whose course is known when the network is compiled, against ONNX Runtime.
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../../compiler/import/index.ts';
import {
  bools,
  floats,
  graph,
  ints,
  model,
  node,
  TYPE,
  value,
  type GraphParts,
  type Message,
} from '../support/onnx-writer.ts';
import { openGraph, TARGETS } from '../support/targets.ts';
import { mismatch } from '../support/tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const X = [3, 4];
const x = value('x', X);

/** x · 2, y + x: what is carried on and what is left behind. */
const body = graph({
  nodes: [
    node('Identity', ['on'], ['still']),
    node('Cast', ['round'], ['number'], { to: TYPE.float }),
    node('Add', ['before', 'number'], ['sum']),
    node('Mul', ['sum', 'half'], ['after']),
    node('Add', ['after', 'x'], ['seen']),
  ],
  initializers: [floats('half', [], [0.5])],
  inputs: [value('round', [], TYPE.int64), value('on', [], TYPE.bool), value('before', X)],
  outputs: [value('still', [], TYPE.bool), value('after'), value('seen')],
});

/** A loop that ends by its condition: before the sum of its rounds is 3. */
const until = graph({
  nodes: [node('Less', ['round', 'two'], ['still']), node('Add', ['before', 'before'], ['after'])],
  initializers: [ints('two', [2], [])],
  inputs: [value('round', [], TYPE.int64), value('on', [], TYPE.bool), value('before', X)],
  outputs: [value('still', [], TYPE.bool), value('after')],
});

/** A recurrent cell: h' = tanh(h + column). */
const cell = (size: number): Message =>
  graph({
    nodes: [
      node('Add', ['state', 'element'], ['sum']),
      node('Tanh', ['sum'], ['next']),
      node('Neg', ['next'], ['out']),
    ],
    inputs: [value('state', [size]), value('element', [size])],
    outputs: [value('next', [size]), value('out', [size])],
  });

const LOOP = { nodes: [], initializers: [ints('count', [3], []), bools('true', [], [1])], inputs: [x] };

const CASES: readonly (readonly [title: string, parts: GraphParts])[] = [
  [
    'what a loop carries on',
    {
      ...LOOP,
      nodes: [node('Loop', ['count', 'true', 'x'], ['y', 'all'], { body: { graph: body } })],
      outputs: [value('y')],
    },
  ],
  [
    'what a loop leaves behind',
    {
      ...LOOP,
      nodes: [node('Loop', ['count', '', 'x'], ['last', 'y'], { body: { graph: body } })],
      outputs: [value('y')],
    },
  ],
  [
    'a loop that ends by its condition',
    {
      ...LOOP,
      nodes: [node('Loop', ['', 'true', 'x'], ['y'], { body: { graph: until } })],
      outputs: [value('y')],
    },
  ],
  ...[
    { title: 'rows', size: 4, attributes: {} },
    {
      title: 'columns, backwards',
      size: 3,
      attributes: { scan_input_axes: [1], scan_input_directions: [1], scan_output_axes: [-1] },
    },
    { title: 'rows, put in front', size: 4, attributes: { scan_output_directions: [1] } },
  ].map(
    ({ title, size, attributes }) =>
      [
        `a scan along ${title}`,
        {
          nodes: [
            node('Scan', ['zero', 'x'], ['last', 'y'], {
              body: { graph: cell(size) },
              num_scan_inputs: 1,
              ...attributes,
            }),
          ],
          initializers: [
            floats(
              'zero',
              [size],
              Array.from({ length: size }, (_, i) => i / 4),
            ),
          ],
          inputs: [x],
          outputs: [value('y')],
        },
      ] as const,
  ),
];

describe.each(TARGETS)('on %s', (target) => {
  test.each(CASES)('%s', async (_, parts) => {
    const onnx = model(parts);
    const data = Float32Array.from({ length: 12 }, (_each, i) => Math.sin(i));
    const { graph: imported, complaints } = await importOnnx(onnx, { name: 'net' }, undefined);
    expect(complaints).toEqual([]);
    const session = await ort.InferenceSession.create(onnx);
    const { y } = await session.run({ x: new ort.Tensor('float32', data, X) });
    await session.release();
    const results = await (await openGraph(imported!, target))({ x: data });
    expect(imported!.outputs[0]!.dims).toEqual(y!.dims);
    expect(mismatch(results['y']!, y!.data as Float32Array, 'network')).toBeUndefined();
  });
});

const complaintsOf = async (parts: GraphParts): Promise<string[]> =>
  (await importOnnx(model(parts), { name: 'net' }, undefined)).complaints.map(
    ({ code, message }) => `${code} ${message}`,
  );

test('rounds that data decides on are refused', async () => {
  const falling = graph({
    nodes: [node('ReduceSum', ['before'], ['sum'], { keepdims: 0 }), node('Less', ['sum', 'sum'], ['still'])],
    inputs: [value('round', [], TYPE.int64), value('on', [], TYPE.bool), value('before', X)],
    outputs: [value('still', [], TYPE.bool), value('before')],
  });
  const nodes = [node('Loop', ['count', '', 'x'], ['y'], { body: { graph: falling } })];
  expect(await complaintsOf({ ...LOOP, nodes, outputs: [value('y')] })).toEqual([
    'E092 Loop "y": its condition must be known when the network is compiled: the number of rounds depends on data',
  ]);
});

test('rounds without end are refused soon', async () => {
  const nodes = [node('Loop', ['', '', 'x'], ['y', 'all'], { body: { graph: body } })];
  expect(await complaintsOf({ ...LOOP, nodes, outputs: [value('y')] })).toEqual([
    'E046 Loop "y": its rounds are more than 32768 nodes together',
  ]);
});

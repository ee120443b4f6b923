// Callers may give C×H×W: at another size too, the network is what it is for H×W×C.
import { describe, expect, test } from 'vitest';
import { evaluateAt, type EvaluationOptions } from '../../compiler/dense/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { picture, weighted } from './networks.ts';

const MAP = { size: [12, 16], dense: 'map' } as const;

describe.each<[layers: string, options: EvaluationOptions]>([
  ['CONV(4, 3) -> GAP -> FC(3)', { size: [12, 16] }],
  ['CONV(4, 3) -> UP', { size: [6, 5] }],
  ['CONV(4, 3) -> UP', { size: [8, 8] }],
  ['CONV(4, 3, stride=2, pad=valid) -> FC(3)', MAP],
  ['CONV(4, 3, stride=2, pad=valid) -> FC(3)', { ...MAP, stride: 1, method: 'atrous' }],
  ['CONV(4, 3, stride=2, pad=valid) -> FC(3)', { ...MAP, stride: 1, method: 'stitch' }],
  ['CONV(4, 3, stride=2, pad=valid) -> FC(3) -> SOFTMAX', { ...MAP, dense: 'average' }],
])('%s %j', (layers, options) => {
  test.each([1, 2, 3])('with %i channels', async (channels) => {
    const [first, last] = [
      await weighted(`INPUT(8x8x${channels}, channels=first) -> ${layers}`),
      await weighted(`INPUT(8x8x${channels}) -> ${layers}`),
    ].map((trained) => evaluateAt(trained, options)) as [Evaluation, Evaluation];
    const [height, width] = options.size as [number, number];
    expect(first.graph.inputs).toMatchObject([
      { node: { type: { shape: [1, channels, height, width] } }, dims: [1, channels, height, width] },
    ]);
    const maps = picture([height, width, channels], 3);
    const planes = Float32Array.from(
      maps,
      (_, i) => maps[(i % (height * width)) * channels + Math.floor(i / height / width)]!,
    );
    expect(interpret(verify(first.graph), { input: planes })).toEqual(interpret(last.graph, { input: maps }));
    expect(first.receptiveFields).toEqual(last.receptiveFields);
    expect(first.warnings).toEqual(last.warnings);
  });
});

type Evaluation = ReturnType<typeof evaluateAt>;

test('a network that is trained at this size stays as it is', async () => {
  const trained = await weighted('INPUT(8x8x3, channels=first) -> CONV(4, 3) -> FC(3)');
  expect(printGraph(evaluateAt(trained, { size: [8, 8] }).graph)).toBe(printGraph(trained));
});

test('channels and height are no size that it was trained at', async () => {
  const trained = await weighted('INPUT(8x8x3, channels=first) -> CONV(4, 3) -> FC(3)');
  expect(() => evaluateAt(trained, { size: [3, 8] })).toThrow(
    'FC fc1 was trained on 8×8×4; at 3×8 it gets 3×8×4',
  );
});

test('one pixel may become many', async () => {
  const trained = await weighted('INPUT(1x1x3, channels=first) -> CONV(4, 1) -> GAP -> FC(3)');
  const { graph } = evaluateAt(trained, { size: [4, 5] });
  expect(graph.nodes.slice(0, 2)).toMatchObject([
    { op: 'input' },
    { op: 'transpose', type: { shape: [1, 4, 5, 3] } },
  ]);
});

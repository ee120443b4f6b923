// What an output says that it looks at, against what it changes with: each input position is poked.
import { describe, expect, test } from 'vitest';
import { receptiveFields } from '../../compiler/dense/index.ts';
import { fieldSizeOf } from '../../compiler/dense/receptive-field.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { spatialOf } from '../../compiler/tensor/window.ts';
import { floats, model, node, value } from '../support/onnx-writer.ts';
import { network, picture, weighted } from './networks.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** First and last row and column that the output's position in the middle changes with. */
function poked(graph: Graph): [rows: [number, number], columns: [number, number]] {
  const [{ name, node }] = graph.inputs as [Graph['inputs'][number]];
  const [, height, width, channels] = node.type.shape as [number, number, number, number];
  const data = picture([height, width, channels], 7);
  const before = middleOf(graph, interpret(graph, { [name]: data }));
  const changes = range(data.length).filter((i) =>
    [5, -5].some((by) => {
      const after = middleOf(graph, interpret(graph, { [name]: data.with(i, data[i]! + by) }));
      return after.some((value, c) => value !== before[c]);
    }),
  );
  const rows = changes.map((i) => Math.floor(i / channels / width));
  const columns = changes.map((i) => Math.floor(i / channels) % width);
  return [
    [Math.min(...rows), Math.max(...rows)],
    [Math.min(...columns), Math.max(...columns)],
  ];
}

const middle = (positions: number): number => Math.floor(positions / 2);

function middleOf(graph: Graph, results: Readonly<Record<string, Float32Array>>): Float32Array {
  const [{ name, node }] = graph.outputs as [Graph['outputs'][number]];
  const { shape } = node.type;
  const [rows = 1, columns = 1] = spatialOf(shape);
  const at = (middle(rows) * columns + middle(columns)) * shape.at(-1)!;
  return results[name]!.subarray(at, at + shape.at(-1)!);
}

/** The part of the input that the field of the position in the middle says. */
function said(graph: Graph): [number, number][] {
  const [{ name, node }] = graph.outputs as [Graph['outputs'][number]];
  const { size, stride, offset } = receptiveFields(graph).get(name)!;
  const positions = spatialOf(node.type.shape);
  return spatialOf(graph.inputs[0]!.node.type.shape).map((length, axis) => {
    const first = offset[axis]! + stride[axis]! * middle(positions[axis] ?? 1);
    return [Math.max(0, first), Math.min(length, first + size[axis]!) - 1];
  });
}

describe('a position looks at what it changes with', () => {
  test.each([
    'INPUT(8x8x2) -> CONV(4, 3)',
    'INPUT(8x8x4) -> MAX_INDICES(2)',
    'INPUT(8x8x2) -> CONV(4, 3) -> REDUCE(axes=(1, 2), mode=sum)',
    'INPUT(8x8x2) -> CONV(4, 3) -> REDUCE(axes=1, mode=sum)',
    'INPUT(8x8x2) -> CONV(4, 3) -> REDUCE(axes=3, mode=sum)',
    'INPUT(8x8x2) -> CONV(4, 3) -> ARGMAX(axis=1)',
    'INPUT(8x8x2) -> CONV(4, 3) -> ARGMAX',
    'INPUT(8x8x2) -> CONV(4, 3) -> GAP(keep=true)',
    'INPUT(8x8x2) -> CONV(4, 3) -> RESHAPE(256)',
    'INPUT(8x8x2) -> CONV(4, 3) -> RESHAPE(256) -> FC(12, act=none) -> RESHAPE(3x4)',
    'INPUT(8x8x2) -> CONV(4, 3) -> GAP -> RESHAPE(4x1)',
    'INPUT(8x8x2) -> CONV(4, 3, act=none) -> RESHAPE(8x32) -> CONV(4, 3)',
    'INPUT(8x8x2) -> CONV(4, 3) -> SLICE(axes=1, start=2, size=5) -> CONV(4, 3)',
    'INPUT(8x8x2) -> CONV(4, 3) -> SLICE(axes=(1, 2), start=(0, 1), size=(4, 3), step=(2, 2)) -> CONV(4, 3)',
    'INPUT(8x8x2) -> CONV(4, 3) -> RESHAPE(8x8x2x2) -> TRANSPOSE((0, 1, 2, 4, 3)) -> RESHAPE(8x8x4) -> CONV(2, 3)',
  ])('%s', async (text) => {
    const graph = await weighted(text);
    expect(said(graph)).toEqual(poked(graph));
  });
});

/** How much of a sequence the position of the output depends on that depends on the most. */
function mostPoked(graph: Graph): number {
  const [{ name, node }] = graph.inputs as [Graph['inputs'][number]];
  const [output] = graph.outputs as [Graph['outputs'][number]];
  const [, length, channels] = node.type.shape as [number, number, number];
  const data = picture([length, channels], 7);
  const resultOf = (input: Float32Array): Float32Array => interpret(graph, { [name]: input })[output.name]!;
  const before = resultOf(data);
  const [, positions, features] = output.node.type.shape as [number, number, number];
  const seen = range(positions).map(() => ({ first: Infinity, last: -Infinity }));
  for (const at of range(data.length))
    for (const by of [5, -5]) {
      const after = resultOf(data.with(at, data[at]! + by));
      for (const [i, field] of seen.entries()) {
        const isSeen = range(features).some((c) => after[i * features + c] !== before[i * features + c]);
        if (!isSeen) continue;
        field.first = Math.min(field.first, Math.floor(at / channels));
        field.last = Math.max(field.last, Math.floor(at / channels));
      }
    }
  return Math.max(...seen.map(({ first, last }) => last - first + 1));
}

describe('where positions look at different lengths, the longest is said', () => {
  test.each([
    ['POOL -> UP', 2],
    ['UP -> CONV(4, 3)', 2],
    ['UP(4) -> CONV(4, 7)', 3],
    ['UP(2, mode=bilinear) -> CONV(4, 3)', 3],
    ['DECONV(4, 3, stride=2)', 2],
    ['DECONV(4, 4, stride=2)', 2],
    ['DECONV(4, 5, stride=2)', 3],
    ['DECONV(4, 5, stride=3) -> CONV(4, 3)', 3],
    ['CONV(4, 3, stride=2) -> DECONV(4, 3, stride=2)', 5],
    ['POOL -> UP(3) -> CONV(4, 3, stride=2)', 4],
    ['{ POOL -> UP | SKIP } -> CONCAT -> CONV(4, 3)', 4],
  ])('%s', async (text, most) => {
    const graph = await weighted(`INPUT(24x3) -> ${text}`);
    expect(fieldSizeOf(graph)(graph.outputs[0]!.node)).toEqual([most]);
    expect(mostPoked(graph)).toBe(most);
  });
});

describe('a gate of one position, stretched over a map, leaves the map its stride', () => {
  test.each(['GAP(keep=true) -> CONV(4, 1)', 'GAP -> FC(4)'])('%s', async (gate) => {
    const graph = await weighted(
      `INPUT(16x16x2) -> CONV(4, 3, stride=2) -> { ${gate} -> SIGMOID | SKIP } -> MUL -> CONV(2, 3, stride=2)`,
    );
    expect(receptiveFields(graph).get('output')).toMatchObject({ size: [21, 21], stride: [4, 4] });
  });
});

describe('callers who put channels first change nothing', () => {
  test.each([
    '-> CONV(4, 3x5, stride=2) -> POOL',
    '-> CONV(4, 3) -> FC(4)',
    '-> MUL(0.5) -> CONV(4, 3) -> GAP',
    '-> { CONV(4, 3) | CONV(4, 5) } -> ADD -> CONV(2, 1)',
  ])('INPUT %s', async (rest) => {
    const [last, first] = [
      await network(`INPUT(12x16x2) ${rest}`),
      await network(`INPUT(12x16x2, channels=first) ${rest}`),
    ];
    expect(receptiveFields(first).get('output')).toBeDefined();
    expect(receptiveFields(first)).toEqual(receptiveFields(last));
  });
  test('nor models that have them first', async () => {
    const conv = node('Conv', ['x', 'w'], ['c'], { kernel_shape: [3, 5], pads: [1, 2, 1, 2] });
    const pool = node('MaxPool', ['c'], ['y'], { kernel_shape: [2, 2], strides: [2, 2] });
    const flat = node('Flatten', ['y'], ['z']);
    const onnx = model({
      nodes: [conv, pool, flat],
      initializers: [floats('w', [4, 2, 3, 5], Array<number>(120).fill(1))],
      inputs: [value('x', [1, 2, 12, 16])],
      outputs: [value('y'), value('z')],
    });
    const { graph } = await importOnnx(onnx, { name: 'case' }, undefined);
    expect(Object.fromEntries(receptiveFields(graph!))).toEqual({
      y: { size: [4, 6], stride: [2, 2], offset: [-1, -2] },
      z: { size: [14, 20], stride: [0, 0], offset: [-1, -2] },
    });
  });
});

describe('what positions look at is left open', () => {
  test.each([
    ['where a shape says something else', 'INPUT(8x8x2) -> CONV(4, 3) -> RESHAPE(16x4x4)'],
    ['also behind it', 'INPUT(8x8x2) -> CONV(4, 3) -> { RESHAPE(16x4x4) -> RESHAPE(8x8x4) | SKIP } -> ADD'],
    ['where axes change places', 'INPUT(8x8x2) -> CONV(4, 3) -> TRANSPOSE((0, 2, 1, 3))'],
    ['also of an input', 'INPUT(8x8x2) -> TRANSPOSE((0, 2, 1, 3)) -> CONV(4, 3)'],
    [
      'where both are one map',
      'INPUT(8x8x2) -> { TRANSPOSE((0, 2, 1, 3)) -> CONV(4, 3) | CONV(4, 3) } -> ADD',
    ],
    ['backwards', 'INPUT(8x8x2) -> CONV(4, 3) -> SLICE(axes=1, start=7, size=8, step=-1)'],
    [
      'where a list of all positions is left of a map',
      'INPUT(8x8x2) -> CONV(1, 3, act=none) -> RESHAPE(64) -> SIGMOID -> RESHAPE(64x1)',
    ],
    [
      'or of several',
      'INPUT(8x8x2) -> { CONV(4, 3) -> RESHAPE(256) | CONV(4, 5) -> RESHAPE(256) } -> CONCAT -> RESHAPE(128x4)',
    ],
    [
      'where a list of one position is one of many',
      'INPUT(8x8x2) -> CONV(1, 3, act=none) -> RESHAPE(1x64) -> SIGMOID -> RESHAPE(64x1)',
    ],
    ['where a map stands behind itself', 'INPUT(8x8x2) -> CONV(4, 3) -> TILE(2x1x1)'],
  ])('%s', async (_, text) => {
    expect(receptiveFields(await weighted(text)).get('output')).toBeUndefined();
  });
});

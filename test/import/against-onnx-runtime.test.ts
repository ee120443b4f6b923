// Importers against ONNX Runtime, where the ONNX project's cases say little: models of a few nodes.
import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { asMap, cast, wrongBesideOnnxRuntime, node, type Case } from '../support/onnx-runtime-case.ts';
import { TARGETS } from '../support/targets.ts';

const QUANTISED: readonly Case[] = (['uint8', 'int8'] as const).map((type) => ({
  title: `QLinearConv of ${type}, a scale per filter`,
  x: [1, 2, 5, 5],
  isWhole: true,
  constants: {
    w: Array.from({ length: 54 }, (_, i) => (i * 37) % 90),
    xScale: [0.02],
    xZero: [7],
    wScale: [0.1, 0.05, 0.02],
    wZero: [0, 0, 0],
    yScale: [0.5],
    yZero: [20],
    b: [100, -200, 300],
  },
  shapes: { w: [3, 2, 3, 3], xScale: [], xZero: [], yScale: [], yZero: [] },
  nodes: [
    ...['x', 'w', 'xZero', 'wZero', 'yZero'].map((name) => cast(`${name}8`, name, type)),
    cast('b32', 'b', 'int32'),
    node('q', 'QLinearConv', 'x8 xScale xZero8 w8 wScale wZero8 yScale yZero8 b32', { pads: [1, 1, 1, 1] }),
    cast('y', 'q', 'float'),
  ],
}));

const CASES: readonly Case[] = [
  ...[11, 13].flatMap((opset) =>
    [0, 1, -1].map((axis) => ({
      title: `Hardmax along axis ${axis}`,
      opset,
      x: [2, 3, 4],
      nodes: [node('y', 'Hardmax', 'x', { axis })],
    })),
  ),
  {
    title: 'Softmax over channels',
    x: [1, 3, 4, 5],
    nodes: [asMap, node('y', 'Softmax', 'map', { axis: 1 })],
  },
  { title: 'Mean and variance', x: [2, 3, 4, 5], nodes: [node('y', 'MeanVarianceNormalization', 'x')] },
  ...[1, 2, 3].map((p) => ({
    title: `GlobalLpPool with p = ${p}`,
    x: [2, 3, 4, 5],
    nodes: [node('y', 'GlobalLpPool', 'x', { p })],
  })),
  {
    title: 'LpPool whose last windows hang over the end',
    x: [2, 3, 7, 5],
    nodes: [
      node('y', 'LpPool', 'x', {
        p: 3,
        kernel_shape: [3, 2],
        strides: [2, 2],
        pads: [1, 0, 1, 1],
        ceil_mode: 1,
      }),
    ],
  },
  {
    title: 'GroupNormalization with a scale per group',
    opset: 18,
    x: [2, 4, 3, 3],
    constants: { scale: [1, 2], shift: [1, -1] },
    nodes: [node('y', 'GroupNormalization', 'x scale shift', { num_groups: 2 })],
  },
  {
    title: 'GroupNormalization with a scale per channel',
    opset: 21,
    x: [2, 4, 3, 3],
    constants: { scale: [1, 2, 3, 4], shift: [1, -1, 0, 2] },
    nodes: [node('y', 'GroupNormalization', 'x scale shift', { num_groups: 2 })],
  },
  ...[0, 1].map((order) => ({
    title: `MaxPool's places, storage order ${order}`,
    x: [2, 3, 6, 5],
    nodes: [
      {
        ...node('places', 'MaxPool', 'x', {
          kernel_shape: [3, 2],
          strides: [2, 1],
          pads: [1, 0, 1, 1],
          storage_order: order,
        }),
        unread: 'values',
      },
      cast('y', 'places', 'float'),
    ],
  })),
  ...QUANTISED,
  {
    title: 'MatMulInteger, a zero point per column',
    x: [3, 4],
    isWhole: true,
    constants: { b: [0, 31, 62, 93, 124, 155, 186, 217], aZero: [12], bZero: [3, 5] },
    shapes: { b: [4, 2], aZero: [] },
    nodes: [
      ...['x', 'b', 'aZero', 'bZero'].map((name) => cast(`${name}8`, name, 'uint8')),
      node('sums', 'MatMulInteger', 'x8 b8 aZero8 bZero8'),
      cast('y', 'sums', 'float'),
    ],
  },
  {
    title: 'values beyond the range of int8',
    x: [40],
    isWhole: true,
    constants: { scale: [0.3], zero: [-100] },
    shapes: { scale: [], zero: [] },
    nodes: [
      cast('zero8', 'zero', 'int8'),
      node('q', 'QuantizeLinear', 'x scale zero8'),
      cast('y', 'q', 'float'),
    ],
  },
  {
    title: 'the logarithm of sums over channels and columns of a map',
    x: [1, 3, 4, 5],
    constants: { axes: BigInt64Array.of(1n, 3n) },
    nodes: [asMap, node('y', 'ReduceLogSumExp', 'map axes', { keepdims: 0 })],
  },
  ...['', ' c'].flatMap((c) =>
    [0, 1].map((transA) => ({
      title: `Gemm of${c ? ' three' : ' two'}, transA = ${transA}`,
      x: transA ? [3, 2] : [2, 3],
      constants: { b: Array.from({ length: 15 }, (_, i) => i / 7 - 1), ...(c && { c: [1, 2, 3, 4, 5] }) },
      shapes: { b: [5, 3] },
      nodes: [node('y', 'Gemm', `x b${c}`, { transA, transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } })],
    })),
  ),
  ...[[3], [3, 4], [2, 3, 4]].map((shape) => ({
    title: `a known factor of ${shape.join('×')} on the right`,
    x: [2, 2, 3],
    constants: { b: Array.from({ length: sizeOf(shape) }, (_, i) => i / 7 - 1) },
    shapes: { b: shape },
    nodes: [node('y', 'MatMul', 'x b')],
  })),
  ...[[3], [4, 3], [2, 4, 3]].map((shape) => ({
    title: `a known factor of ${shape.join('×')} on the left`,
    x: [2, 3, 2],
    constants: { a: Array.from({ length: sizeOf(shape) }, (_, i) => i / 7 - 1) },
    shapes: { a: shape },
    nodes: [node('y', 'MatMul', 'a x')],
  })),
];

describe.each(TARGETS)('on %s', (target) => {
  test.each(CASES)('$title', async (each) => {
    expect(await wrongBesideOnnxRuntime(each, target)).toBeUndefined();
  });
});

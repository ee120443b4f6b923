// Operators that networks of convolutions seldom have, against ONNX Runtime: places that are computed, windows and
// waves, attention, bits.
import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { asMap, cast, wrongBesideOnnxRuntime, node, type Case } from '../support/onnx-runtime-case.ts';
import { TARGETS } from '../support/targets.ts';

const random = (count: number, reach = 1): number[] => {
  const next = mulberry32(count);
  return Array.from({ length: count }, () => (2 * next() - 1) * reach);
};
const int64 = (...values: readonly number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

const SAMPLING: readonly Case[] = [
  ...(['bilinear', 'nearest', 'bicubic'] as const).flatMap((mode) =>
    (['zeros', 'border', 'reflection'] as const).flatMap((padding_mode) =>
      [0, 1].map((align_corners) => ({
        title: `GridSample, ${mode}, ${padding_mode}, align_corners = ${align_corners}`,
        x: [2, 3, 5, 4],
        constants: { grid: random(48, 1.8) },
        shapes: { grid: [2, 4, 3, 2] },
        nodes: [node('y', 'GridSample', 'x grid', { mode, padding_mode, align_corners })],
      })),
    ),
  ),
  {
    title: 'GridSample of a map one pixel wide',
    x: [1, 2, 4, 1],
    constants: { grid: random(12, 2) },
    shapes: { grid: [1, 2, 3, 2] },
    nodes: [node('y', 'GridSample', 'x grid', { padding_mode: 'reflection', align_corners: 1 })],
  },
  ...[0, 1].map((align_corners) => ({
    title: `AffineGrid, align_corners = ${align_corners}`,
    opset: 20,
    x: [2, 2, 3],
    constants: { size: int64(2, 3, 4, 5) },
    nodes: [node('y', 'AffineGrid', 'x size', { align_corners })],
  })),
  ...[
    { title: 'a number of samples', sampling_ratio: 2, opset: 16 },
    { title: 'as many samples as a region is large', sampling_ratio: 0, opset: 16 },
    { title: 'the samples of opset 10', sampling_ratio: 3, opset: 10 },
  ].map(({ title, sampling_ratio, opset }) => ({
    title: `RoiAlign with ${title}`,
    opset,
    x: [2, 3, 8, 9],
    constants: { rois: [0, 0, 9, 7, 2.5, 3, 6.5, 15, -3, 1, 20, 11], items: int64(1, 0, 1) },
    shapes: { rois: [3, 4] },
    nodes: [
      node('y', 'RoiAlign', 'x rois items', {
        output_height: 2,
        output_width: 3,
        sampling_ratio,
        spatial_scale: { float: 0.5 },
      }),
    ],
  })),
  ...[0, 2].flatMap((sampling_ratio) =>
    (['half_pixel', 'output_half_pixel'] as const).map((coordinate_transformation_mode) => ({
      title: `RoiAlign max, ${sampling_ratio} samples, ${coordinate_transformation_mode}`,
      opset: 16,
      x: [2, 3, 8, 9],
      constants: {
        rois: [0, 0, 9, 7, 2.5, 3, 6.5, 15, -3, 1, 20, 11, 1, 1, 5, 5, 30, 30, 40, 44, 3.2, 2.1, 3.9, 2.7],
        items: int64(1, 0, 1, 0, 0, 1),
      },
      shapes: { rois: [6, 4] },
      nodes: [
        node('y', 'RoiAlign', 'x rois items', {
          mode: 'max',
          output_height: 2,
          output_width: 3,
          sampling_ratio,
          coordinate_transformation_mode,
          spatial_scale: { float: 0.75 },
        }),
      ],
    })),
  ),
  {
    title: 'RoiAlign of regions that are computed',
    opset: 16,
    x: [1, 2, 6, 6],
    constants: { slope: [0.4], corner: [1, 1, 4, 5, 0, 2, 3, 6], items: int64(0, 0) },
    shapes: { slope: [1], corner: [2, 4] },
    nodes: [
      node('mean', 'GlobalAveragePool', 'x'),
      { ...node('flat', 'ReduceMean', 'mean', { keepdims: 0 }) },
      node('shift', 'Mul', 'flat slope'),
      node('rois', 'Add', 'corner shift'),
      node('y', 'RoiAlign', 'x rois items', { output_height: 2, output_width: 2, sampling_ratio: 2 }),
    ],
  },
  {
    title: 'MaxRoiPool',
    x: [2, 2, 7, 8],
    constants: { rois: [0, 0, 0, 7, 6, 1, 2, 1, 5, 5, 1, 4, 4, 30, 30] },
    shapes: { rois: [3, 5] },
    nodes: [node('y', 'MaxRoiPool', 'x rois', { pooled_shape: [2, 3], spatial_scale: { float: 0.75 } })],
  },
  {
    title: 'DeformConv with a mask, groups and a stride',
    opset: 19,
    x: [2, 4, 6, 5],
    constants: { w: random(48), offset: random(96 * 2, 2), b: [1, -1, 0, 2], mask: random(48 * 2) },
    shapes: { w: [4, 2, 2, 3], offset: [2, 24, 2, 2], mask: [2, 12, 2, 2] },
    nodes: [
      node('y', 'DeformConv', 'x w offset b mask', {
        kernel_shape: [2, 3],
        group: 2,
        offset_group: 2,
        strides: [2, 2],
        pads: [0, 0, 0, 0],
        dilations: [3, 1],
      }),
    ],
  },
];

const FILTERS: readonly Case[] = [
  ...[
    { title: 'in groups, with a stride and padding', group: 2, strides: [2, 1], pads: [1, 0, 2, 1] },
    { title: 'dilated', group: 1, dilations: [1, 2] },
  ].map(({ title, group, ...windows }) => ({
    title: `Conv whose filters are computed, ${title}`,
    x: [2, 4, 6, 7],
    constants: { w: random((24 / group) * 4), b: random(4) },
    shapes: { w: [4, 4 / group, 2, 3] },
    nodes: [
      node('mean', 'ReduceMean', 'x', { keepdims: 0 }),
      node('filters', 'Add', 'w mean'),
      node('shift', 'Mul', 'b mean'),
      node('y', 'Conv', 'x filters shift', { group, ...windows }),
    ],
  })),
  ...[
    { title: 'in groups', group: 2, strides: [2, 1], pads: [1, 0, 2, 1], output_padding: [1, 0] },
    { title: 'dilated', group: 1, dilations: [1, 2] },
  ].map(({ title, group, ...windows }) => ({
    title: `ConvTranspose whose filters are computed, ${title}`,
    x: [2, 4, 3, 4],
    constants: { w: random(72), b: random(3 * group) },
    shapes: { w: [4, 3, 2, 3] },
    nodes: [
      node('mean', 'ReduceMean', 'x', { keepdims: 0 }),
      node('filters', 'Add', 'w mean'),
      node('shift', 'Mul', 'b mean'),
      node('y', 'ConvTranspose', 'x filters shift', { group, ...windows }),
    ],
  })),
  ...[
    { title: 'in groups, with a stride and padding', group: 2, strides: [2, 1], pads: [1, 0, 2, 1] },
    { title: 'dilated', group: 1, dilations: [1, 2] },
  ].flatMap(({ title, group, ...windows }) => {
    const filters = {
      x: [2, 4, 6, 7],
      isWhole: true as const,
      constants: { w: random((24 / group) * 4, 20).map(Math.round) },
      shapes: { w: [4, 4 / group, 2, 3] },
    };
    const computed = (type: 'int8' | 'uint8') => [
      cast('x8', 'x', 'uint8'),
      node('mean', 'ReduceMean', 'x', { keepdims: 0 }),
      node('moved', 'Add', 'w mean'),
      cast('filters', 'moved', type),
      cast('zeroPoint', 'mean', type),
      cast('ofX', 'mean', 'uint8'),
    ];
    return [
      ...(['int8', 'uint8'] as const).map((type): Case => ({
        title: `ConvInteger whose filters and zero points are computed, ${type}, ${title}`,
        ...filters,
        nodes: [
          ...computed(type),
          node('sums', 'ConvInteger', 'x8 filters ofX zeroPoint', { group, ...windows }),
          cast('y', 'sums', 'float'),
        ],
      })),
      {
        title: `QLinearConv whose operands are all computed, ${title}`,
        ...filters,
        constants: { ...filters.constants, small: [0.004], large: [0.05], b: [300, -700, 0, 90] },
        nodes: [
          ...computed('uint8'),
          node('scale', 'Mul', 'mean small'),
          node('coarse', 'Mul', 'mean large'),
          node('shift', 'Mul', 'b mean'),
          cast('bias', 'shift', 'int32'),
          node('sums', 'QLinearConv', 'x8 scale ofX filters scale zeroPoint coarse ofX bias', {
            group,
            ...windows,
          }),
          cast('y', 'sums', 'float'),
        ],
      },
    ];
  }),
  {
    title: 'DeformConv whose filters and bias are computed',
    x: [2, 4, 6, 7],
    constants: { w: random(32), b: random(4), offset: random(2 * 16 * 30, 1.5), mask: random(2 * 8 * 30) },
    shapes: { w: [4, 2, 2, 2], offset: [2, 16, 5, 6], mask: [2, 8, 5, 6] },
    nodes: [
      node('mean', 'ReduceMean', 'x', { keepdims: 0 }),
      node('filters', 'Add', 'w mean'),
      node('shift', 'Mul', 'b mean'),
      node('y', 'DeformConv', 'x filters offset shift mask', { group: 2, offset_group: 2 }),
    ],
  },
  {
    title: 'Conv whose bias alone is computed',
    x: [1, 2, 9],
    constants: { w: random(18), b: random(3) },
    shapes: { w: [3, 2, 3] },
    nodes: [
      node('mean', 'ReduceMean', 'x', { keepdims: 0 }),
      node('shift', 'Mul', 'b mean'),
      node('y', 'Conv', 'x w shift', { pads: [1, 1] }),
    ],
  },
];

const PLACES: readonly Case[] = [
  ...[
    { axis: 1, largest: 1 },
    { axis: -1, largest: 0 },
    { axis: 2, largest: 1 },
  ].flatMap(({ axis, largest }) => [
    {
      title: `the places of TopK along axis ${axis}, largest = ${largest}`,
      x: [2, 4, 7, 6],
      constants: { k: int64(3) },
      nodes: [
        asMap,
        { ...node('places', 'TopK', 'map k', { axis, largest }), unread: 'values' },
        cast('y', 'places', 'float'),
      ],
    },
  ]),
  ...(['none', 'add', 'mul', 'max', 'min'] as const).map((reduction) => ({
    title: `ScatterElements at places that are computed, reduction ${reduction}`,
    opset: 18,
    x: [3, 6],
    constants: { k: int64(4), updates: random(12, 2) },
    shapes: { updates: [3, 4] },
    nodes: [
      { ...node('places', 'TopK', 'x k', { axis: 1 }), unread: 'values' },
      node('y', 'ScatterElements', 'x places updates', { axis: 1, reduction }),
    ],
  })),
  {
    title: 'ScatterND of slices at places that are computed',
    opset: 18,
    x: [5, 4],
    constants: { axes: int64(1), k: int64(2), updates: random(8) },
    shapes: { updates: [2, 4] },
    nodes: [
      node('sums', 'ReduceSum', 'x axes', { keepdims: 1 }),
      { ...node('places', 'TopK', 'sums k', { axis: 0 }), unread: 'values' },
      node('y', 'ScatterND', 'x places updates', { reduction: 'add' }),
    ],
  },
  ...[
    { title: 'without overlaps', kernel_shape: [1, 2], strides: [1, 2] },
    { title: 'of windows that overlap', kernel_shape: [3, 2], strides: [2, 1] },
  ].map(({ title, ...windows }) => ({
    title: `MaxUnpool ${title}`,
    x: [2, 3, 7, 6],
    nodes: [
      node('maxima', 'MaxPool', 'x', windows),
      { ...node('places', 'MaxPool', 'x', windows), unread: 'values' },
      node('y', 'MaxUnpool', 'maxima places', windows),
    ],
  })),
  {
    title: 'Col2Im with strides, pads and dilations',
    opset: 18,
    x: [2, 12, 9],
    constants: { image: int64(7, 6), block: int64(2, 3) },
    nodes: [node('y', 'Col2Im', 'x image block', { strides: [2, 2], pads: [0, 1, 0, 0], dilations: [2, 1] })],
  },
  {
    title: 'ReverseSequence',
    x: [4, 3, 2],
    constants: { lengths: int64(1, 4, 2) },
    nodes: [node('y', 'ReverseSequence', 'x lengths')],
  },
  {
    title: 'ReverseSequence with the batch first',
    x: [2, 5],
    constants: { lengths: int64(3, 5) },
    nodes: [node('y', 'ReverseSequence', 'x lengths', { batch_axis: 0, time_axis: 1 })],
  },
  {
    title: 'Compress along an axis',
    x: [3, 4],
    constants: { kept: [1, 0, 0, 1] },
    nodes: [cast('which', 'kept', 'bool'), node('y', 'Compress', 'x which', { axis: 1 })],
  },
  {
    title: 'Compress of all elements',
    x: [2, 3],
    constants: { kept: [0, 1, 1, 0, 1] },
    nodes: [cast('which', 'kept', 'bool'), node('y', 'Compress', 'x which')],
  },
  {
    title: 'elements at places that NonZero gives',
    x: [2, 3],
    constants: { mask: [1, 0, 1, 0, 0, 1] },
    shapes: { mask: [2, 3] },
    nodes: [
      node('found', 'NonZero', 'mask'),
      node('places', 'Transpose', 'found'),
      node('y', 'GatherND', 'x places'),
    ],
  },
  ...[{}, { sorted: 0 }, { axis: 0 }, { axis: 1, sorted: 0 }].map((attributes) => ({
    title: `columns that Unique gives, ${JSON.stringify(attributes)}`,
    x: [2, 2, 3],
    constants: { list: [3, 1, 3, 1, 0, 1], zero: [0] },
    shapes: { list: [2, 3] },
    nodes: [
      node('some', 'Unique', 'list', attributes),
      node('sum', 'ReduceSum', 'some', { keepdims: 0 }),
      node('weighted', 'Mul', 'some sum'),
      node('largest', 'ReduceMax', 'weighted', { keepdims: 0 }),
      node('y', 'Add', 'x largest'),
    ],
  })),
  {
    title: 'NonMaxSuppression of boxes that are known',
    x: [6, 4],
    constants: {
      boxes: [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 1, 11.1, 0, 10.1, 0, 100, 1, 101],
      scores: [0.9, 0.75, 0.6, 0.95, 0.5, 0.3],
      most: int64(3),
      overlap: [0.5],
      least: [0],
      last: int64(2),
    },
    shapes: { boxes: [1, 6, 4], scores: [1, 1, 6] },
    nodes: [
      node('chosen', 'NonMaxSuppression', 'boxes scores most overlap least'),
      node('column', 'Gather', 'chosen last', { axis: 1 }),
      node('y', 'Gather', 'x column', { axis: 0 }),
    ],
  },
];

const WAVES: readonly Case[] = [
  ...[
    { title: 'of real samples', x: [2, 8, 1] },
    { title: 'of one side', x: [2, 7, 1], onesided: 1 },
    { title: 'of complex samples', x: [2, 6, 2] },
    { title: 'turned back', x: [2, 6, 2], inverse: 1 },
  ].map(({ title, x, ...attributes }) => ({
    title: `DFT ${title}`,
    opset: 17,
    x,
    nodes: [node('y', 'DFT', 'x', { axis: 1, ...attributes })],
  })),
  {
    title: 'DFT of a longer signal along a middle axis',
    opset: 20,
    x: [2, 5, 3, 1],
    constants: { length: int64(8), axis: int64(1) },
    shapes: { length: [], axis: [] },
    nodes: [node('y', 'DFT', 'x length axis')],
  },
  {
    title: 'STFT with a window',
    opset: 17,
    x: [2, 20, 1],
    constants: { step: int64(4), size: int64(8) },
    shapes: { step: [], size: [] },
    nodes: [node('window', 'HannWindow', 'size'), node('y', 'STFT', 'x step window size')],
  },
  ...['HannWindow', 'HammingWindow', 'BlackmanWindow'].flatMap((op) =>
    [0, 1].map((periodic) => ({
      title: `${op}, periodic = ${periodic}`,
      opset: 17,
      x: [7],
      constants: { size: int64(7) },
      shapes: { size: [] },
      nodes: [node('window', op, 'size', { periodic }), node('y', 'Mul', 'x window')],
    })),
  ),
  {
    title: 'MelWeightMatrix',
    opset: 17,
    x: [9, 5],
    constants: { count: int64(5), length: int64(16), rate: int64(8192), low: [0], high: [4000] },
    shapes: { count: [], length: [], rate: [], low: [], high: [] },
    nodes: [node('mel', 'MelWeightMatrix', 'count length rate low high'), node('y', 'Mul', 'x mel')],
  },
];

const NEWEST: readonly Case[] = [
  {
    title: 'SwiGLU',
    opset: 28,
    x: [2, 5],
    constants: { b: random(10, 2), alpha: [1.5] },
    shapes: { b: [2, 5] },
    nodes: [node('y', 'SwiGLU', 'x b', { alpha: { float: 1.5 } })],
    same: [
      node('scaled', 'Mul', 'x alpha'),
      node('gate', 'Sigmoid', 'scaled'),
      node('open', 'Mul', 'x gate'),
      node('y', 'Mul', 'open b'),
    ],
  },
  ...(['linear', 'circular'] as const).map((mode) => ({
    title: `TensorScatter, ${mode}`,
    opset: 24,
    x: [2, 5, 3],
    constants: { update: random(12), from: int64(1, mode === 'linear' ? 3 : 4) },
    shapes: { update: [2, 2, 3] },
    nodes: [node('y', 'TensorScatter', 'x update from', { mode })],
  })),
  ...[{}, { exclusive: 1 }, { reverse: 1 }, { exclusive: 1, reverse: 1 }].map((attributes) => ({
    title: `CumProd, ${JSON.stringify(attributes)}`,
    opset: 26,
    x: [3, 2],
    constants: { axis: int64(0), one: [1] },
    shapes: { axis: [], one: [1] },
    nodes: [node('y', 'CumProd', 'x axis', attributes)],
    // The logarithm of a product is a sum; signs are counted.
    same: [
      node('size', 'Abs', 'x'),
      node('log', 'Log', 'size'),
      node('sum', 'CumSum', 'log axis', attributes),
      node('product', 'Exp', 'sum'),
      node('zero', 'Sub', 'one one'),
      node('is', 'Less', 'x zero'),
      cast('negative', 'is', 'float'),
      node('count', 'CumSum', 'negative axis', attributes),
      node('two', 'Add', 'one one'),
      node('odd', 'Mod', 'count two', { fmod: 1 }),
      node('twice', 'Mul', 'odd two'),
      node('sign', 'Sub', 'one twice'),
      node('y', 'Mul', 'product sign'),
    ],
  })),
  {
    title: 'CausalConvWithState',
    opset: 27,
    x: [2, 3, 6],
    constants: { w: random(12), b: [1, -1, 0.5], state: random(18) },
    shapes: { w: [3, 1, 4], state: [2, 3, 3] },
    nodes: [node('y', 'CausalConvWithState', 'x w b state', { activation: 'silu' })],
    same: [
      node('whole', 'Concat', 'state x', { axis: 2 }),
      node('sums', 'Conv', 'whole w b', { group: 3 }),
      node('gate', 'Sigmoid', 'sums'),
      node('y', 'Mul', 'sums gate'),
    ],
  },
];

const MATRICES: readonly Case[] = [
  ...[1, 2, 3, 4].map((rows) => ({
    title: `Det of ${rows}×${rows}`,
    x: [3, rows, rows],
    nodes: [node('y', 'Det', 'x')],
  })),
  ...[0, -1, 2].map((k) => ({
    title: `EyeLike, k = ${k}`,
    x: [3, 4],
    nodes: [node('eye', 'EyeLike', 'x', { k }), node('y', 'Add', 'x eye')],
  })),
  {
    title: 'Attention, with heads in one axis and a mask',
    opset: 23,
    x: [2, 3, 8],
    constants: { k: random(80), v: random(60), mask: random(15) },
    shapes: { k: [2, 5, 8], v: [2, 5, 6], mask: [3, 5] },
    nodes: [node('y', 'Attention', 'x k v mask', { q_num_heads: 2, kv_num_heads: 2 })],
  },
  {
    title: 'Attention that is causal, with shared keys and a cap',
    opset: 23,
    x: [1, 4, 3, 4],
    constants: { k: random(24), v: random(30) },
    shapes: { k: [1, 2, 3, 4], v: [1, 2, 3, 5] },
    nodes: [node('y', 'Attention', 'x k v', { is_causal: 1, scale: { float: 0.3 }, softcap: { float: 2 } })],
  },
  ...[
    {
      title: 'that is causal',
      mask: '',
      attributes: { is_causal: 1 },
      seen: [1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1],
    },
    {
      title: 'and a mask of truth values',
      mask: 'isSeen',
      attributes: {},
      seen: [1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1],
    },
  ].map(({ title, mask, attributes, seen }) => ({
    title: `Attention with a past ${title}`,
    opset: 23,
    x: [2, 2, 3, 4],
    constants: {
      k: random(48),
      v: random(48),
      mask: seen,
      pastKeys: random(32),
      pastValues: random(32),
    },
    shapes: {
      k: [2, 2, 3, 4],
      v: [2, 2, 3, 4],
      mask: [3, 5],
      pastKeys: [2, 2, 2, 4],
      pastValues: [2, 2, 2, 4],
    },
    nodes: [
      cast('isSeen', 'mask', 'bool'),
      {
        ...node('y', 'Attention', '', attributes),
        inputs: ['x', 'k', 'v', mask, 'pastKeys', 'pastValues'],
      },
    ],
    same: [
      cast('isSeen', 'mask', 'bool'),
      node('keys', 'Concat', 'pastKeys k', { axis: 2 }),
      node('values', 'Concat', 'pastValues v', { axis: 2 }),
      node('y', 'Attention', 'x keys values isSeen'),
    ],
  })),
  {
    title: 'Attention to items of different length',
    opset: 24,
    x: [2, 2, 3, 4],
    constants: { k: random(80), v: random(80), mask: random(15), lengths: int64(3, 5) },
    shapes: { k: [2, 2, 5, 4], v: [2, 2, 5, 4], mask: [3, 5] },
    nodes: [{ ...node('y', 'Attention', ''), inputs: ['x', 'k', 'v', 'mask', '', '', 'lengths'] }],
  },
  {
    title: 'CumSum of many',
    x: [2, 5000],
    constants: { axis: int64(1) },
    shapes: { axis: [] },
    nodes: [node('y', 'CumSum', 'x axis', { exclusive: 1 })],
  },
  ...[0, 1].map((interleaved) => ({
    title: `RotaryEmbedding, interleaved = ${interleaved}`,
    opset: 23,
    x: [2, 2, 3, 8],
    constants: { cos: random(24), sin: random(24), ids: int64(0, 2, 5, 1, 1, 3) },
    shapes: { cos: [6, 4], sin: [6, 4], ids: [2, 3] },
    nodes: [node('y', 'RotaryEmbedding', 'x cos sin ids', { interleaved })],
  })),
  {
    title: 'RotaryEmbedding of a part, heads in one axis',
    opset: 23,
    x: [2, 3, 12],
    constants: { cos: random(12), sin: random(12) },
    shapes: { cos: [2, 3, 2], sin: [2, 3, 2] },
    nodes: [node('y', 'RotaryEmbedding', 'x cos sin', { num_heads: 2, rotary_embedding_dim: 4 })],
  },
];

const FUNCTIONS: readonly Case[] = [
  ...['Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh'].map((op) => ({
    title: op,
    x: [40],
    nodes: [node('y', op, 'x')],
  })),
  {
    title: 'Shrink',
    x: [30],
    nodes: [node('y', 'Shrink', 'x', { lambd: { float: 1.5 }, bias: { float: 0.5 } })],
  },
  ...[{}, { detect_negative: 0 }, { detect_positive: 0 }, { detect_negative: 0, detect_positive: 0 }].map(
    (attributes) => ({
      title: `IsInf, ${JSON.stringify(attributes)}`,
      x: [20],
      constants: { zero: [0] },
      nodes: [
        node('whole', 'Round', 'x'),
        node('infinite', 'Div', 'whole zero'),
        node('is', 'IsInf', 'infinite', attributes),
        cast('y', 'is', 'float'),
      ],
    }),
  ),
  {
    title: 'IsNaN',
    x: [20],
    nodes: [node('root', 'Sqrt', 'x'), node('is', 'IsNaN', 'root'), cast('y', 'is', 'float')],
  },
  ...['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'].map((op) => ({
    title: op,
    x: [2, 10],
    isWhole: true as const,
    constants: { b: [12, 7, 255, 0, 1, 85, 170, 64, 33, 99] },
    nodes: [
      cast('a8', 'x', 'uint8'),
      cast('b8', 'b', 'uint8'),
      node('bits', op, 'a8 b8'),
      cast('y', 'bits', 'float'),
    ],
  })),
  ...(['uint8', 'int32'] as const).map((type) => ({
    title: `BitwiseNot of ${type}`,
    x: [20],
    isWhole: true as const,
    nodes: [cast('a', 'x', type), node('bits', 'BitwiseNot', 'a'), cast('y', 'bits', 'float')],
  })),
  ...['LEFT', 'RIGHT'].map((direction) => ({
    title: `BitShift, ${direction}`,
    x: [2, 5],
    isWhole: true as const,
    constants: { by: [0, 1, 2, 3, 7] },
    nodes: [
      cast('a8', 'x', 'uint8'),
      cast('by8', 'by', 'uint8'),
      node('bits', 'BitShift', 'a8 by8', { direction }),
      cast('y', 'bits', 'float'),
    ],
  })),
];

describe.each(TARGETS)('on %s', (target) => {
  test.each([...SAMPLING, ...FILTERS, ...PLACES, ...WAVES, ...NEWEST, ...MATRICES, ...FUNCTIONS])(
    '$title',
    async (each) => {
      expect(await wrongBesideOnnxRuntime(each, target)).toBeUndefined();
    },
  );
});

// Maps seen at places that are computed: all of it is a grid of places, `grid_sample`, and arithmetic around it.
import { add } from '../../ops/add.ts';
import { div, max, min, sub } from '../../ops/arithmetic.ts';
import { and, lessOrEqual } from '../../ops/comparison.ts';
import { clip, floor } from '../../ops/functions.ts';
import { gather } from '../../ops/gather.ts';
import { gridSample } from '../../ops/grid-sample.ts';
import { mul } from '../../ops/mul.ts';
import { pool } from '../../ops/pool.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call, Import } from '../call.ts';
import type { Value } from '../value.ts';
import { convolve } from './convolution.ts';
import { addAxes } from './drop-axes.ts';
import { apply, combine } from './elementwise.ts';
import { partOf, stretched } from './indexing.ts';
import { multiply } from './matrix.ts';
import { regroup } from './regroup.ts';
import { join } from './shape.ts';
import { permuted } from './shuffles.ts';
import { windowsOf } from './windows.ts';

type Attributes = NonNullable<Parameters<typeof gridSample.infer>[1]>;

/** `x` (N, C, H, W) at the places of `grid` (N, rows, columns, x and y). */
function sampled(call: Call, x: Value, grid: Value, attrs: Partial<Attributes>): Value {
  const operands = { x: call.channelsLast(x), grid: call.plain(grid) };
  return call.channelsLastValue(call.emit(gridSample, operands, attrs), x.sort);
}

/** Two spatial axes. */
export function requireMap({ dims }: Value): void {
  if (dims.length !== 4)
    refuse('E091', `it works along ${Math.max(0, dims.length - 2)} spatial axes; 2 are supported`);
}

const gridSampling: Import = (call) => {
  const x = call.input(0);
  requireMap(x);
  const mode = call.word('mode', ['linear', 'bilinear', 'nearest', 'cubic', 'bicubic']);
  const border = call.word('padding_mode', ['zeros', 'border', 'reflection']);
  return sampled(call, x, call.input(1), {
    mode: ({ bilinear: 'linear', bicubic: 'cubic' } as const)[mode as 'bilinear'] ?? mode,
    border: ({ zeros: 'zero', border: 'edge', reflection: 'reflect' } as const)[border],
    corners: call.flag('align_corners', false) ? 'align' : 'half',
  });
};

/** Positions of an axis, −1 to 1 from edge to edge or from centre to centre. */
const positions = (length: number, isAligned: boolean): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    if (!isAligned) return (2 * i + 1) / length - 1;
    return length === 1 ? 0 : (2 * i) / (length - 1) - 1;
  });

/** Places of a map, x first, turned and moved by a matrix for each item. */
const affineGrid: Import = (call) => {
  const theta = call.input(0);
  const [batch = 0, , ...spatial] = call.integers(1, 'size');
  const axes = spatial.length;
  if (theta.dims.join() !== [batch, axes, axes + 1].join())
    refuse('E043', `${theta.dims.join('×')} numbers turn no grid of ${spatial.join('×')}`);
  const isAligned = call.flag('align_corners', false);
  const along = spatial.map((length) => positions(length, isAligned));
  const points = call.make([axes + 1, ...spatial]).fill(1);
  const count = sizeOf(spatial);
  for (let i = 0; i < axes * count; i++) {
    const axis = axes - 1 - Math.floor(i / count);
    const step = sizeOf(spatial.slice(axis + 1));
    points[i] = along[axis]![Math.floor((i % count) / step) % spatial[axis]!]!;
  }
  const turned = multiply(call, theta, call.constant(points, [axes + 1, count], 'places'));
  return regroup(call, permuted(turned, [0, 2, 1]), [batch, ...spatial, axes]);
};

/**
 * A convolution whose taps are moved by offsets. The taps of all windows, put below each other, are one tall map, on
 * which the convolution is one with a kernel of one column that takes a row of each.
 */
const deformConv: Import = (call) => {
  const x = call.input(0);
  requireMap(x);
  const [items, channels, height, width] = x.dims as [number, number, number, number];
  const filters = call.input(1);
  const [outputs, inputs, ...kernel] = filters.dims as [number, number, number, number];
  const { stride, pad, dilation } = windowsOf(call, kernel, [height, width]);
  const taps = kernel[0] * kernel[1];
  const offsets = call.input(2);
  const parts = call.int('offset_group', 1);
  const [rows, columns] = offsets.dims.slice(2) as [number, number];
  if (offsets.dims.length !== 4 || offsets.dims[1] !== 2 * taps * parts || channels % parts !== 0)
    refuse('E043', `its offsets of ${offsets.dims.join('×')} do not go with ${x.dims.join('×')}`);
  const own = call.make([taps, rows, columns, 2]).map((_, i) => {
    const [tap, at, axis] = [Math.floor(i / 2 / rows / columns), Math.floor(i / 2), 1 - (i % 2)];
    const position = axis === 0 ? Math.floor(at / columns) % rows : at % columns;
    const within = axis === 0 ? Math.floor(tap / kernel[1]) : tap % kernel[1];
    return position * stride[axis]! + within * dilation[axis]! - pad[axis]!;
  });
  const plain = call.constant(own, [1, taps, rows, columns, 2], 'places');
  const tall = Array.from({ length: parts }, (_, part) => {
    const channelsOf = (value: Value, size: number) =>
      partOf(call, value, [{ axis: 1, start: part * size, size, step: 1 }]);
    const split = regroup(call, channelsOf(offsets, 2 * taps), [items, taps, 2, rows, columns]);
    // Row, then column; a grid has the column first.
    const moved = partOf(call, permuted(split, [0, 1, 3, 4, 2]), [{ axis: 4, start: 1, size: 2, step: -1 }]);
    const grid = asGrid(call, combine(call, add, moved, plain), [width, height]);
    const seen = sampled(
      call,
      channelsOf(x, channels / parts),
      regroup(call, grid, [items, taps * rows, columns, 2]),
      {},
    );
    const mask = call.optional(4);
    return mask
      ? combine(call, mul, seen, regroup(call, channelsOf(mask, taps), [items, 1, taps * rows, columns]))
      : seen;
  });
  const column = regroup(call, filters, [outputs, inputs, taps, 1]);
  return convolve(
    call,
    { x: join(call, tall, 1), filters: column, bias: call.optional(3) },
    { kernel: [taps, 1], stride: [1, 1], pad: [0, 0, 0, 0], dilation: [rows, 1] },
  );
};

/** Places in pixels as `grid_sample` takes them, along its last axis. */
function asGrid(call: Call, places: Value, lengths: readonly number[]): Value {
  const perAxis = (of: (length: number) => number) =>
    call.constant(Float32Array.from(lengths, of), [lengths.length], 'scale');
  const scaled = combine(
    call,
    mul,
    places,
    perAxis((length) => 2 / length),
  );
  return combine(
    call,
    add,
    scaled,
    perAxis((length) => 1 / length - 1),
  );
}

/** Where an axis of a map is sampled for regions, and what the samples are worth there. */
interface Samples {
  /** (regions, positions of the result · samples of each), in pixels. */
  readonly places: Value;
  readonly shares: Value;
  readonly count: number;
}

/**
 * Regions of a map, each resampled to the same size by the mean or maximum of a few samples. The maximum is that of
 * the four pixels around each sample, each times its share in the interpolation, and not of what is interpolated.
 * The text of the specification reads otherwise, but its reference implementation, its test and ONNX Runtime do so
 * (github.com/onnx/onnx/issues/4764), and models that were trained to be run there count on it.
 */
const roiAlign: Import = (call) => {
  const [x, rois] = [call.input(0), call.input(1)];
  requireMap(x);
  const [items, channels, height, width] = x.dims as [number, number, number, number];
  const regions = rois.dims[0]!;
  if (rois.dims.length !== 2 || rois.dims[1] !== 4) refuse('E043', `its regions are ${rois.dims.join('×')}`);
  const mode = call.word('mode', ['avg', 'max']);
  const size = [call.int('output_height', 1), call.int('output_width', 1)] as const;
  if (size.some((length) => length < 1)) refuse('E090', `its result is ${size.join('×')}`);
  const [y, across] = (
    [
      [1, height],
      [0, width],
    ] as const
  ).map(([axis, length], i) => samplesAlong(call, { rois, axis, length, positions: size[i]! })) as [
    Samples,
    Samples,
  ];
  const shape = [1, regions, size[0] * y.count, size[1] * across.count] as const;
  const spread = (value: Value, axis: 2 | 3): Value => addAxes(call, value, new Set([0, 5 - axis]));
  const grid = join(
    call,
    [spread(across.places, 3), spread(y.places, 2)].map((value) =>
      addAxes(call, stretched(call, value, shape), new Set([4])),
    ),
    4,
  );
  // One item is seen by all regions; of several, each region has its own.
  const isOne = items === 1;
  const seen = isOne ? x : itemsOf(call, x, call.input(2));
  const [first, rows] = isOne ? [1, regions * shape[2]] : [regions, shape[2]];
  const places = regroup(call, asGrid(call, grid, [width, height]), [first, rows, shape[3], 2]);
  const shares = combine(call, mul, spread(across.shares, 3), spread(y.shares, 2));
  const values = combine(
    call,
    mul,
    sampled(call, seen, places, { border: 'edge', mode: mode === 'avg' ? 'linear' : 'nearest' }),
    regroup(call, shares, [first, 1, rows, shape[3]]),
  );
  const kernel = [y.count, across.count];
  const pooled = call.channelsLastValue(
    call.emit(
      pool,
      { x: call.channelsLast(values) },
      { mode, kernel, stride: kernel, pad: [0, 0, 0, 0], dilation: [1, 1] },
    ),
  );
  if (!isOne) return pooled;
  return permuted(regroup(call, pooled, [channels, regions, ...size]), [1, 0, 2, 3]);
};

/** For each region the item that it is a part of. */
function itemsOf(call: Call, x: Value, indices: Value): Value {
  const node = call.emit(gather, { x: call.plain(x), indices: call.plain(indices) }, { axis: 0 });
  return call.plainValue(node, x);
}

/** More samples of one position than any model asks for. */
const MOST_SAMPLES = 1024;

function samplesAlong(
  call: Call,
  given: { readonly rois: Value; readonly axis: 0 | 1; readonly length: number; readonly positions: number },
): Samples {
  const { rois, axis, length } = given;
  const isHalf =
    call.opset >= 16 &&
    call.word('coordinate_transformation_mode', ['half_pixel', 'output_half_pixel']) === 'half_pixel';
  const scale = call.scalar(call.float('spatial_scale', 1));
  const edge = (column: number) => {
    const part = partOf(call, rois, [{ axis: 1, start: column, size: 1, step: 1 }]);
    return combine(call, sub, combine(call, mul, part, scale), call.scalar(isHalf ? 0.5 : 0));
  };
  const start = edge(axis);
  const whole = combine(call, sub, edge(axis + 2), start);
  const extent = isHalf ? whole : combine(call, max, whole, call.scalar(1));
  const bin = combine(call, div, extent, call.scalar(given.positions));
  const counts = sampleCounts(call, bin);
  const count = counts.reduce((most, each) => Math.max(most, each), 1);
  const perRegion = (of: (samples: number, k: number) => number): Value => {
    const size = given.positions * count;
    const data = call.make([counts.length, size]).map((_, i) => of(counts[Math.floor(i / size)]!, i % size));
    return call.constant(data, [counts.length, size], 'samples');
  };
  const steps = perRegion((samples, k) => {
    const sample = Math.min(k % count, samples - 1);
    return Math.floor(k / count) + (sample + 0.5) / samples;
  });
  const places = combine(call, add, start, combine(call, mul, bin, steps));
  const isInside = combine(
    call,
    and,
    combine(call, lessOrEqual, call.scalar(-1), places),
    combine(call, lessOrEqual, places, call.scalar(length)),
    'float',
  );
  const within = apply(call, clip, places, { low: 0, high: length - 1 });
  if (call.word('mode', ['avg', 'max']) === 'max')
    return neighbours(call, { places: within, shares: isInside, count }, length);
  const shares = perRegion((samples, k) => (k % count < samples ? count / samples : 0));
  return { places: within, shares: combine(call, mul, isInside, shares), count };
}

/** The two pixels that each sample is between, by their shares in it. */
function neighbours(call: Call, { places, shares, count }: Samples, length: number): Samples {
  const before = apply(call, floor, places);
  const after = combine(call, min, combine(call, add, before, call.scalar(1)), call.scalar(length - 1));
  const share = combine(call, sub, places, before);
  const rest = combine(call, sub, call.scalar(1), share);
  const [regions, samples] = places.dims as [number, number];
  const beside = (first: Value, second: Value): Value => {
    const pairs = [first, second].map((value) => addAxes(call, value, new Set([2])));
    return regroup(call, join(call, pairs, 2), [regions, 2 * samples]);
  };
  return {
    places: beside(before, after),
    shares: beside(combine(call, mul, shares, rest), combine(call, mul, shares, share)),
    count: 2 * count,
  };
}

/** For each region: as asked for, or as many as a position is long. */
function sampleCounts(call: Call, bin: Value): readonly number[] {
  const asked = call.int('sampling_ratio', 0);
  const counts =
    asked > 0
      ? Array.from({ length: bin.dims[0]! }, () => asked)
      : call
          .numbersOf(bin, 'regions', 'without sampling_ratio, the number of samples depends on data')
          .map((length) => Math.max(1, Math.ceil(length)));
  if (counts.some((count) => !(count <= MOST_SAMPLES)))
    refuse('E091', `it takes more than ${MOST_SAMPLES} samples along an axis`);
  return counts;
}

export const SAMPLINGS: Readonly<Record<string, Import>> = {
  GridSample: gridSampling,
  AffineGrid: affineGrid,
  DeformConv: deformConv,
  RoiAlign: roiAlign,
};

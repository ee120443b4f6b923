// Pools: maxima, means and norms of windows.
import type { Node } from '../../ir/graph.ts';
import { add } from '../../ops/add.ts';
import { pow } from '../../ops/arithmetic.ts';
import { conv } from '../../ops/conv.ts';
import { abs, sqrt } from '../../ops/functions.ts';
import { maxIndices } from '../../ops/max-indices.ts';
import { mul } from '../../ops/mul.ts';
import { pool } from '../../ops/pool.ts';
import { sizeOf } from '../../tensor/types.ts';
import { extent, windowPositions } from '../../tensor/window.ts';
import type { Call, Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { apply, combine } from './elementwise.ts';
import { reduced } from './reduction.ts';
import { windowsOf, type Windows } from './windows.ts';

const pooling =
  (mode: 'max' | 'avg'): Import =>
  (call) => {
    const x = call.input(0);
    const windows = windowsOf(call, call.ints('kernel_shape'), x.dims.slice(2));
    const ceil = call.flag('ceil_mode', false);
    const countPad = mode === 'avg' && call.flag('count_include_pad', false);
    const map = call.channelsLast(x);
    const node = call.emit(pool, { x: map }, { mode, ...windows, ceil, countPad });
    const pooled = call.channelsLastValue(node, x);
    if (call.outputs === 1) return pooled;
    const columns = call.flag('storage_order', false);
    return [pooled, places(call, x, call.emit(maxIndices, { x: map }, { ...windows, ceil, columns }))];
  };

/** Places among all elements, from those in each item. */
function places(call: Call, x: Value, inItem: Node): Value {
  const result = call.channelsLastValue(inItem, 'int');
  const [items, ...item] = x.dims;
  if (items === 1) return result;
  const firsts = Float32Array.from({ length: items! }, (_, i) => i * sizeOf(item));
  return combine(call, add, result, call.constant(firsts, [items!, ...item.map(() => 1)], 'firsts'));
}

/** One window over everything. */
const global =
  (mode: 'max' | 'avg'): Import =>
  (call) => {
    const x = call.input(0);
    const kernel = x.dims.slice(2);
    const { pad, dilation } = windowsOf(call, kernel, kernel);
    return call.channelsLastValue(
      call.emit(pool, { x: call.channelsLast(x) }, { mode, kernel, stride: kernel, pad, dilation }),
    );
  };

/** |x|^p, whose sum's p-th root is the norm. */
function powered(call: Call, x: Value, p: number): Value {
  if (p === 2) return combine(call, mul, x, x);
  const size = apply(call, abs, x);
  return p === 1 ? size : combine(call, pow, size, call.scalar(p));
}

function root(call: Call, x: Value, p: number): Value {
  if (p === 2) return apply(call, sqrt, x);
  return p === 1 ? x : combine(call, pow, x, call.scalar(1 / p));
}

/** Sums of windows are a convolution with ones. */
const lpPool: Import = (call) => {
  const x = call.input(0);
  const p = call.float('p', 2);
  const channels = x.dims[1]!;
  const spatial = x.dims.slice(2);
  const { kernel, ...windows } = windowsOf(call, call.ints('kernel_shape'), spatial);
  const pad = call.flag('ceil_mode', false) ? reaching(spatial, { kernel, ...windows }) : windows.pad;
  const ones = call.constant(
    new Float32Array(channels * sizeOf(kernel)).fill(1),
    [channels, 1, ...kernel],
    'ones',
  );
  const operands = { x: call.channelsLast(powered(call, x, p)), weight: ones.node, bias: undefined };
  const sums = call.emit(conv, operands, { ...windows, pad, groups: channels });
  return root(call, call.channelsLastValue(sums), p);
};

/** Padding so that a last window that hangs over the end is a whole one. */
function reaching(spatial: readonly number[], windows: Windows): readonly number[] {
  const { kernel, stride, dilation, pad } = windows;
  const ends = windowPositions(spatial, windows, true).map((positions, axis) => {
    const end = (positions - 1) * stride[axis]! + extent(kernel[axis]!, dilation[axis]!);
    return Math.max(end - spatial[axis]! - pad[axis]!, pad[axis + spatial.length]!);
  });
  return [...pad.slice(0, spatial.length), ...ends];
}

const globalLpPool: Import = (call) => {
  const x = call.input(0);
  const p = call.float('p', 2);
  return root(call, reduced(call, 'sum', powered(call, x, p), plainOrder(x.dims.length).slice(2)), p);
};

export const POOLS: Readonly<Record<string, Import>> = {
  MaxPool: pooling('max'),
  AveragePool: pooling('avg'),
  LpPool: lpPool,
  GlobalMaxPool: global('max'),
  GlobalAveragePool: global('avg'),
  GlobalLpPool: globalLpPool,
};

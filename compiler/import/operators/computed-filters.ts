// Convolution with filters that are computed themselves (cross-correlation in trackers, modulated filters): the
// pixels under each tap, beside each other, are columns of a matrix.
import { add } from '../../ops/add.ts';
import { extend } from '../../ops/extend.ts';
import type { Node } from '../../ir/graph.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { windowPositions } from '../../tensor/window.ts';
import type { Call } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { addAxes } from './drop-axes.ts';
import { combine } from './elementwise.ts';
import { partOf } from './indexing.ts';
import { multiply } from './matrix.ts';
import { regroup } from './regroup.ts';
import { join } from './shape.ts';
import { permuted } from './shuffles.ts';
import type { Windows } from './windows.ts';

/** Taps whose pixels are put beside each other. */
const MOST_TAPS = 1024;

/** What a convolution is of; filters are (outputs, inputs of a group, …kernel), biases one for each output. */
export interface Convolution {
  readonly x: Value;
  readonly filters: Value;
  readonly bias: Value | undefined;
}

/** The convolution of `x` in groups. Throws a `Refusal` (E040, E041) where shapes do not go together. */
export function convolveComputed(
  call: Call,
  { x, filters, bias }: Convolution,
  windows: Windows,
  groups: number,
): Value {
  const [items = 0, channels = 0, ...spatial] = x.dims;
  const [outputs = 0, inputs = 0, ...kernel] = filters.dims;
  if (!(groups >= 1) || inputs * groups !== channels || outputs % groups !== 0)
    refuse(
      'E041',
      `filters of ${filters.dims.join('×')} in ${groups} groups do not go with ${x.dims.join('×')}`,
    );
  const positions = windowPositions(spatial, windows);
  if (positions.some((count) => count < 1))
    refuse('E040', `its windows do not fit into ${spatial.join('×')}`);
  const taps = tapsOf(call, x, windows, positions);
  const columns = regroup(call, taps, [items, groups, inputs * sizeOf(kernel), sizeOf(positions)]);
  const rows = regroup(call, filters, [1, groups, outputs / groups, inputs * sizeOf(kernel)]);
  const sums = regroup(call, multiply(call, rows, columns), [items, outputs, ...positions]);
  return bias ? combine(call, add, sums, alongAxis(call, bias, 1, sums.dims.length)) : sums;
}

/** (items, channels, taps, …positions): what the windows see. */
function tapsOf(
  call: Call,
  x: Value,
  { kernel, stride, dilation, pad }: Windows,
  positions: readonly number[],
): Value {
  const count = sizeOf(kernel);
  if (count > MOST_TAPS) refuse('E046', `its ${count} taps are more than ${MOST_TAPS}`);
  const amounts = (side: 0 | 1) =>
    x.order.map((axis) => (axis < 2 ? 0 : pad[axis - 2 + side * kernel.length]!));
  const isPadded = pad.some((amount) => amount > 0);
  const node = isPadded
    ? call.emit(extend, { x: x.node }, { before: amounts(0), after: amounts(1), mode: 'constant', value: 0 })
    : x.node;
  const wide = call.ordered(node, x.order, x);
  const taps = plainOrder(count).map((tap) => {
    const parts = plainOrder(kernel.length).map((axis) => {
      const within = Math.floor(tap / sizeOf(kernel.slice(axis + 1))) % kernel[axis]!;
      const start = within * dilation[axis]!;
      return { axis: axis + 2, start, size: positions[axis]!, step: stride[axis]! };
    });
    return addAxes(call, partOf(call, wide, parts), new Set([2]));
  });
  return join(call, taps, 2);
}

/** For each channel of a transposed convolution the windows that it adds up, (items, channels · taps, …positions). */
export function computedWindows(call: Call, x: Value, filters: Value, groups: number): Value {
  const [items = 0, channels = 0, ...spatial] = x.dims;
  const [inputs = 0, outputs = 0, ...kernel] = filters.dims;
  if (!(groups >= 1) || inputs !== channels || channels % groups !== 0)
    refuse(
      'E041',
      `filters of ${filters.dims.join('×')} in ${groups} groups do not go with ${x.dims.join('×')}`,
    );
  const [perGroup, taps] = [channels / groups, outputs * sizeOf(kernel)];
  const rows = permuted(regroup(call, filters, [1, groups, perGroup, taps]), [0, 1, 3, 2]);
  const columns = regroup(call, x, [items, groups, perGroup, sizeOf(spatial)]);
  return regroup(call, multiply(call, rows, columns), [items, groups * taps, ...spatial]);
}

/** Filters of a transposed convolution that puts windows where they belong: each has a single one. */
export function unitFilters(call: Call, channels: number, kernel: readonly number[]): Node {
  const taps = sizeOf(kernel);
  const dims = [channels * taps, 1, ...kernel];
  const ones = call.make(dims).map((_, i) => Number(Math.floor(i / taps) % taps === i % taps));
  return call.constant(ones, dims, 'windows').node;
}

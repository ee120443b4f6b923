// Operators along an axis whose steps depend on each other, and a few on matrices.
import { add } from '../../ops/add.ts';
import { swish } from '../../ops/activation.ts';
import { remainder, sub } from '../../ops/arithmetic.ts';
import { less } from '../../ops/comparison.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import type { Call, Import } from '../call.ts';
import { elementType } from '../elements.ts';
import { plainOrder, type Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { convolve } from './convolution.ts';
import { dropAxes } from './drop-axes.ts';
import { apply, choose, combine } from './elementwise.ts';
import { partOf } from './indexing.ts';
import { along, elementsAt, picked, scattered } from './selection.ts';
import { join } from './shape.ts';

/** The first steps of each sequence in reverse order, as many as it is long. */
const reverseSequence: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const [time, batch] = [
    call.axis(call.int('time_axis', 0), rank),
    call.axis(call.int('batch_axis', 1), rank),
  ];
  const lengths = alongAxis(call, call.input(1), batch, rank);
  const steps = along(call, x.dims, time, (i) => i);
  const reversed = combine(call, sub, combine(call, sub, lengths, call.scalar(1)), steps);
  const order = choose(call, combine(call, less, steps, lengths), reversed, steps);
  const zeros = call.constant(call.make(x.dims), x.dims, 'zeros', 'int');
  return picked(call, x, elementsAt(call, x, combine(call, add, order, zeros), time));
};

/** Sums or products of everything before, in as many rounds as the length has bits: each doubles how far they reach. */
function running(call: Call, op: typeof add | typeof mul, neutral: 0 | 1): Value {
  const x = call.input(0);
  const axis = call.axis(call.numbers(1, 'axis')[0]!, x.dims.length);
  const length = x.dims[axis]!;
  const isReverse = call.flag('reverse', false);
  const shifted = (value: Value, by: number): Value => {
    const dims = x.dims.with(axis, Math.min(by, length));
    const border = call.constant(call.make(dims).fill(neutral), dims, 'border', x);
    const [start, size] = [isReverse ? by : 0, length - by];
    if (size <= 0) return border;
    const rest = partOf(call, value, [{ axis, start, size, step: 1 }]);
    return join(call, isReverse ? [rest, border] : [border, rest], axis);
  };
  let result = call.flag('exclusive', false) ? shifted(x, 1) : x;
  for (let reach = 1; reach < length; reach *= 2) result = combine(call, op, result, shifted(result, reach));
  return result;
}

/** Steps of a sequence written into a longer one, from a step on that each item says. */
const tensorScatter: Import = (call) => {
  const [cache, update] = [call.input(0), call.input(1)];
  const rank = cache.dims.length;
  const axis = call.axis(call.int('axis', -2), rank);
  const isFitting =
    update.dims.length === rank &&
    update.dims.every((size, each) => each === axis || size === cache.dims[each]);
  if (axis === 0 || !isFitting)
    refuse('E043', `${update.dims.join('×')} do not go into ${cache.dims.join('×')}`);
  const steps = along(call, update.dims, axis, (i) => i);
  const starts = call.optional(2);
  const from = starts ? combine(call, add, alongAxis(call, starts, 0, rank), steps) : steps;
  const isCircular = call.word('mode', ['linear', 'circular']) === 'circular';
  const places = isCircular ? combine(call, remainder, from, call.scalar(cache.dims[axis]!, 'int')) : from;
  const zeros = call.constant(call.make(update.dims), update.dims, 'zeros', 'int');
  const positions = elementsAt(call, cache, combine(call, add, places, zeros), axis);
  return scattered(call, cache, { updates: update, positions, reduction: 'none' });
};

/** A depthwise convolution over a sequence and what came before it, whose last steps are handed on. */
const causalConv: Import = (call) => {
  const x = call.input(0);
  const filters = call.input(1);
  const [channels = 0, one, length = 0] = filters.dims;
  if (x.dims.length !== 3 || filters.dims.length !== 3 || one !== 1 || channels !== x.dims[1])
    refuse('E043', `filters of ${filters.dims.join('×')} do not go with ${x.dims.join('×')}`);
  const before = x.dims.with(2, length - 1);
  const state = call.optional(3) ?? call.constant(call.make(before), before, 'before', x);
  const whole = length === 1 ? x : join(call, [state, x], 2);
  const result = convolve(
    call,
    { x: whole, filters, bias: call.optional(2) },
    { kernel: [length], stride: [1], pad: [0, 0], dilation: [1] },
    channels,
  );
  const isPlain = call.word('activation', ['none', 'silu', 'swish']) === 'none';
  const last = partOf(call, whole, [{ axis: 2, start: x.dims[2]!, size: length - 1, step: 1 }]);
  return [isPlain ? result : apply(call, swish, result), last];
};

/** More rows would take too many products. */
const MOST_ROWS = 8;

/** Determinants of the first rows by those of one row less (Laplace), of every choice of columns. */
const determinant: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const [rows, columns] = x.dims.slice(-2);
  if (rank < 2 || rows !== columns || rows! < 1) refuse('E043', `${x.dims.join('×')} are no square matrices`);
  if (rows! > MOST_ROWS) refuse('E091', `its matrices have ${rows} rows; ${MOST_ROWS} are supported`);
  const element = (row: number, column: number) =>
    partOf(call, x, [
      { axis: rank - 2, start: row, size: 1, step: 1 },
      { axis: rank - 1, start: column, size: 1, step: 1 },
    ]);
  let minors = new Map<number, Value>([[0, call.scalar(1)]]);
  for (let row = 0; row < rows!; row++) {
    const next = new Map<number, Value>();
    for (const [chosen, minor] of minors)
      for (const column of plainOrder(rows!).filter((each) => (chosen & (1 << each)) === 0)) {
        const after = plainOrder(rows!).filter(
          (each) => each > column && (chosen & (1 << each)) !== 0,
        ).length;
        const product = combine(call, mul, element(row, column), minor);
        const set = chosen | (1 << column);
        const sum = next.get(set);
        const signed = after % 2 === 0 ? add : sub;
        next.set(set, combine(call, signed, sum ?? call.scalar(0), product));
      }
    minors = next;
  }
  return dropAxes(call, minors.get(2 ** rows! - 1)!, new Set([rank - 2, rank - 1]));
};

/** Ones on a diagonal. */
const eyeLike: Import = (call) => {
  const { dims, sort } = call.input(0);
  if (dims.length !== 2) refuse('E043', `${dims.join('×')} is no matrix`);
  const offset = call.int('k', 0);
  const columns = dims[1]!;
  const data = call.make(dims).map((_, i) => Number(i % columns === Math.floor(i / columns) + offset));
  return call.constant(
    data,
    dims,
    'eye',
    call.has('dtype') ? elementType(call.int('dtype', 1), 'its result').sort : sort,
  );
};

export const SERIES: Readonly<Record<string, Import>> = {
  ReverseSequence: reverseSequence,
  CumProd: (call) => running(call, mul, 1),
  CumSum: (call) => running(call, add, 0),
  TensorScatter: tensorScatter,
  CausalConvWithState: causalConv,
  Det: determinant,
  EyeLike: eyeLike,
};

// Softmax and its kin, and normalisations by mean and variance: compositions of reductions and arithmetic, each
// in the order in which the axes lie.
import { add } from '../../ops/add.ts';
import { arg } from '../../ops/arg.ts';
import { div, max, sub } from '../../ops/arithmetic.ts';
import { equal } from '../../ops/comparison.ts';
import { sqrt } from '../../ops/functions.ts';
import { mul } from '../../ops/mul.ts';
import { softmax } from '../../ops/softmax.ts';
import type { Node } from '../../ir/graph.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call, Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { apply, combine } from './elementwise.ts';
import { logSumExp, reduced } from './reduction.ts';
import { regroup } from './regroup.ts';

/** The axes of a softmax: before opset 13, all from `axis` on were taken for one. */
function softmaxAxes(call: Call, x: Value): number[] {
  const isOld = call.opset < 13;
  const rank = x.dims.length;
  const written = call.int('axis', isOld ? 1 : -1);
  // Rows of one element each, where nothing is behind the axis.
  const axis = isOld && written === rank ? rank : call.axis(written, Math.max(rank, 1));
  return plainOrder(rank).filter((each) => (isOld ? each >= axis : each === axis));
}

/** What `f` makes of the rows that some axes form together; rows keep their length. */
function alongRows(call: Call, x: Value, axes: readonly number[], f: (rows: Node) => Node): Value {
  const others = x.order.filter((axis) => !axes.includes(axis));
  const order = [...others, ...x.order.filter((axis) => axes.includes(axis))];
  const node = call.inOrder(x, order);
  const { shape } = node.type;
  const flat = [...shape.slice(0, others.length), sizeOf(shape.slice(others.length))];
  return { ...x, order, node: call.view(f(call.view(node, flat)), shape) };
}

/** Softmax over all elements of some axes together. */
export const softmaxAlong = (call: Call, x: Value, axes: readonly number[]): Value =>
  alongRows(call, x, axes, (rows) => call.emit(softmax, { x: rows }));

const soft: Import = (call) => softmaxAlong(call, call.input(0), softmaxAxes(call, call.input(0)));

const logSoftmax: Import = (call) => {
  const x = call.input(0);
  return combine(call, sub, x, logSumExp(call, x, softmaxAxes(call, x)));
};

/** 1 at the first maximum, 0 elsewhere. */
const hardmax: Import = (call) => {
  const x = call.input(0);
  return alongRows(call, x, softmaxAxes(call, x), (rows) => {
    const length = rows.type.shape.at(-1)!;
    const places = call.constant(
      call.make([length]).map((_, i) => i),
      [length],
      'places',
    );
    const largest = call.emit(arg, { x: rows }, { mode: 'max', axis: rows.type.shape.length - 1 });
    return call.emit(equal, { a: largest, b: places.node });
  });
};

interface Normalised {
  readonly value: Value;
  readonly mean: Value;
  /** √(variance + eps) */
  readonly deviation: Value;
}

/** (x − mean) / √(variance + eps) along some axes. */
function normalised(call: Call, x: Value, axes: readonly number[], eps: number): Normalised {
  const mean = reduced(call, 'mean', x, axes);
  const centred = combine(call, sub, x, mean);
  const deviation = rootMeanSquare(call, centred, axes, eps);
  return { value: combine(call, div, centred, deviation), mean, deviation };
}

/** √(mean of x² + eps) */
function rootMeanSquare(call: Call, x: Value, axes: readonly number[], eps: number): Value {
  const count = axes.reduce((product, axis) => product * x.dims[axis]!, 1);
  const squares = reduced(call, 'sum_square', x, axes);
  const mean = combine(call, mul, squares, call.scalar(1 / count));
  return apply(call, sqrt, combine(call, add, mean, call.scalar(eps)));
}

/** Times a factor, plus a shift, where there are such. */
function affine(call: Call, x: Value, scale: Value | undefined, shift: Value | undefined): Value {
  const scaled = scale ? combine(call, mul, x, scale) : x;
  return shift ? combine(call, add, scaled, shift) : scaled;
}

const perChannel = (call: Call, i: number, rank: number): Value | undefined => {
  const value = call.optional(i);
  return value && alongAxis(call, value, 1, rank);
};

const instanceNormalization: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const axes = plainOrder(rank).slice(2);
  const { value } = normalised(call, x, axes, call.float('epsilon', 1e-5));
  return affine(call, value, perChannel(call, 1, rank), perChannel(call, 2, rank));
};

/** From `axis` on. */
const trailingAxes = (call: Call, { dims }: Value): number[] =>
  plainOrder(dims.length).slice(call.axis(call.int('axis', -1), dims.length));

const layerNormalization: Import = (call) => {
  const x = call.input(0);
  const eps = call.float('epsilon', 1e-5);
  const { value, mean, deviation } = normalised(call, x, trailingAxes(call, x), eps);
  const result = affine(call, value, call.input(1), call.optional(2));
  return call.outputs === 1 ? result : [result, mean, combine(call, div, call.scalar(1), deviation)];
};

const rmsNormalization: Import = (call) => {
  const x = call.input(0);
  const size = rootMeanSquare(call, x, trailingAxes(call, x), call.float('epsilon', 1e-5));
  return affine(call, combine(call, div, x, size), call.input(1), undefined);
};

/** Groups of channels; scale and shift are per group before opset 21, per channel since. */
const groupNormalization: Import = (call) => {
  const x = call.input(0);
  const [batch, channels, ...spatial] = x.dims as [number, number, ...number[]];
  const groups = call.int('num_groups', 1);
  if (channels % groups !== 0) refuse('E043', `its ${channels} channels do not make ${groups} groups`);
  const split = regroup(call, x, [batch, groups, channels / groups, ...spatial]);
  const { value } = normalised(
    call,
    split,
    plainOrder(split.dims.length).slice(2),
    call.float('epsilon', 1e-5),
  );
  const isPerChannel = call.opset >= 21;
  const parameter = (i: number) => {
    const given = call.input(i);
    return isPerChannel
      ? alongAxis(call, given, 1, x.dims.length)
      : alongAxis(call, given, 1, split.dims.length);
  };
  const whole = (grouped: Value) => regroup(call, grouped, x.dims);
  return isPerChannel
    ? affine(call, whole(value), parameter(1), parameter(2))
    : whole(affine(call, value, parameter(1), parameter(2)));
};

/** The smallest normal float32. */
const SMALLEST = 2 ** -126;

const lpNormalization: Import = (call) => {
  const x = call.input(0);
  const axis = call.axis(call.int('axis', -1), x.dims.length);
  const p = call.int('p', 2);
  if (p !== 1 && p !== 2) refuse('E091', `its p is ${p}; 1 and 2 are supported`);
  // What is nothing but zeros stays so.
  const size = combine(call, max, reduced(call, p === 1 ? 'l1' : 'l2', x, [axis]), call.scalar(SMALLEST));
  return combine(call, div, x, size);
};

const meanVarianceNormalization: Import = (call) => {
  const x = call.input(0);
  const axes = call.ints('axes', [0, 2, 3]).map((axis) => call.axis(axis, x.dims.length));
  if (new Set(axes).size !== axes.length) refuse('E090', `its axes are ${axes.join(', ')}`);
  return normalised(call, x, axes, 1e-18).value;
};

export const NORMALIZATIONS: Readonly<Record<string, Import>> = {
  Softmax: soft,
  LogSoftmax: logSoftmax,
  Hardmax: hardmax,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  GroupNormalization: groupNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};

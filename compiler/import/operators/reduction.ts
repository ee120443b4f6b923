// Reductions along axes, in whatever order these lie.
import { arg } from '../../ops/arg.ts';
import { add } from '../../ops/add.ts';
import { sub } from '../../ops/arithmetic.ts';
import { abs, clip, exp, log, trunc } from '../../ops/functions.ts';
import { mul } from '../../ops/mul.ts';
import { reduce, type ReduceMode } from '../../ops/reduce.ts';
import { refuse } from '../../support/refusal.ts';
import type { Call, Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { dropAxes } from './drop-axes.ts';
import { apply, combine } from './elementwise.ts';

/** One element is left of each of these axes. */
export function reduced(call: Call, mode: ReduceMode, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return ofItself(call, mode, x);
  const places = axes.map((axis) => x.order.indexOf(axis)).toSorted((a, b) => a - b);
  const node = call.emit(reduce, { x: x.node }, { mode, axes: places });
  return { ...x, node, dims: x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size)) };
}

/** What is made of one element alone. */
function ofItself(call: Call, mode: ReduceMode, x: Value): Value {
  if (mode === 'sum_square') return combine(call, mul, x, x);
  return mode === 'l1' || mode === 'l2' ? apply(call, abs, x) : x;
}

const LARGEST = 3.4e38;

/** log Σ e^x, shifted by the maximum so that nothing overflows. */
export function logSumExp(call: Call, x: Value, axes: readonly number[]): Value {
  // A maximum of −∞ or ∞ would make x − maximum no number.
  const largest = apply(call, clip, reduced(call, 'max', x, axes), { low: -LARGEST, high: LARGEST });
  const powers = wholeIf(call, x, apply(call, exp, combine(call, sub, x, largest)));
  return combine(call, add, logSum(call, powers, axes), largest);
}

const logSum: Reduce = (call, x, axes) => wholeIf(call, x, apply(call, log, reduced(call, 'sum', x, axes)));

/** What is computed of whole numbers is whole, cut off after each step as in ONNX Runtime. */
const wholeIf = (call: Call, x: Value, result: Value): Value =>
  x.sort === 'int' ? apply(call, trunc, result) : result;

type Reduce = (call: Call, x: Value, axes: readonly number[]) => Value;

const reduction =
  (reduceAlong: Reduce): Import =>
  (call) => {
    const x = call.input(0);
    const rank = x.dims.length;
    const asked = (call.numbersOrAttribute(1, 'axes') ?? []).map((axis) => call.axis(axis, rank));
    if (new Set(asked).size !== asked.length) refuse('E090', `its axes are ${asked.join(', ')}`);
    const isAll = asked.length === 0 && !call.flag('noop_with_empty_axes', false);
    const axes = isAll ? plainOrder(rank) : asked;
    const result = reduceAlong(call, x, axes);
    return call.flag('keepdims', true) ? result : dropAxes(call, result, new Set(axes));
  };

const plain =
  (mode: ReduceMode): Reduce =>
  (call, x, axes) => {
    const result = reduced(call, mode, x, axes);
    return mode === 'mean' || mode === 'l2' ? wholeIf(call, x, result) : result;
  };

const place =
  (mode: 'max' | 'min'): Import =>
  (call) => {
    const x = call.input(0);
    const axis = call.axis(call.int('axis', 0), x.dims.length);
    const last = call.flag('select_last_index', false);
    const node = call.emit(arg, { x: x.node }, { mode, axis: x.order.indexOf(axis), last });
    const result: Value = { node, dims: x.dims.with(axis, 1), order: x.order, sort: 'int' };
    return call.flag('keepdims', true) ? result : dropAxes(call, result, new Set([axis]));
  };

export const REDUCTIONS: Readonly<Record<string, Import>> = {
  ReduceSum: reduction(plain('sum')),
  ReduceMean: reduction(plain('mean')),
  ReduceMax: reduction(plain('max')),
  ReduceMin: reduction(plain('min')),
  ReduceProd: reduction(plain('prod')),
  ReduceSumSquare: reduction(plain('sum_square')),
  ReduceL1: reduction(plain('l1')),
  ReduceL2: reduction(plain('l2')),
  ReduceLogSum: reduction(logSum),
  ReduceLogSumExp: reduction(logSumExp),
  ArgMax: place('max'),
  ArgMin: place('min'),
};

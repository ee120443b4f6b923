// Convolutions, forward and transposed, and the normalisations that go with them.
import { add } from '../../ops/add.ts';
import { div, sub } from '../../ops/arithmetic.ts';
import { batchNorm } from '../../ops/batch-norm.ts';
import { conv } from '../../ops/conv.ts';
import { deconv } from '../../ops/deconv.ts';
import { sqrt } from '../../ops/functions.ts';
import { lrn } from '../../ops/lrn.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import { sameShape } from '../../tensor/types.ts';
import { extent } from '../../tensor/window.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import type { Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { computedWindows, convolveComputed, unitFilters, type Convolution } from './computed-filters.ts';
import { apply, combine } from './elementwise.ts';
import { windowsOf, type Windows } from './windows.ts';

function requireBias(bias: Value | undefined, filters: number): void {
  const dims = bias?.dims ?? [filters];
  if (dims.length !== 1 || dims[0] !== filters)
    refuse('E041', `its bias of ${dims.join('×')} is not one number for each of ${filters} filters`);
}

/** Whether the numbers of filters, and of what goes with them, are known now. */
const areKnown = (...values: readonly (Value | undefined)[]): boolean =>
  values.every((value) => !value || dataOf(value.node));

const convolution: Import = (call) =>
  convolve(call, { x: call.input(0), filters: call.input(1), bias: call.optional(2) });

/** A convolution in as many groups; without `windows`, over those that the call's attributes say. */
export function convolve(
  call: Call,
  given: Convolution,
  windows: Windows = windowsOf(call, given.filters.dims.slice(2), given.x.dims.slice(2)),
  groups: number = call.int('group', 1),
): Value {
  const { x, filters, bias } = given;
  requireBias(bias, filters.dims[0]!);
  if (!areKnown(filters, bias)) return convolveComputed(call, given, windows, groups);
  const operands = {
    x: call.channelsLast(x),
    weight: call.weight(filters, 'weight'),
    bias: bias && call.weight(bias, 'bias'),
  };
  const { stride, pad, dilation } = windows;
  return call.channelsLastValue(call.emit(conv, operands, { stride, pad, dilation, groups }));
}

const transposed: Import = (call) => {
  const x = call.input(0);
  const filters = call.input(1);
  const spatial = x.dims.slice(2);
  const { stride, pad, dilation, kernel } = windowsOf(call, filters.dims.slice(2), spatial);
  const outputPad = call.ints(
    'output_padding',
    spatial.map(() => 0),
  );
  if (outputPad.length !== spatial.length)
    refuse('E090', `its output_padding is ${outputPad.join(', ')} for ${spatial.length} axes`);
  const full = spatial.map(
    (length, axis) =>
      (length - 1) * stride[axis]! + extent(kernel[axis]!, dilation[axis]!) + outputPad[axis]!,
  );
  const { cut, more } = cutting(call, full, { spatial, stride, pad });
  const groups = call.int('group', 1);
  const attrs = {
    stride,
    dilation,
    pad: cut,
    outputPad: outputPad.map((amount, axis) => amount + more[axis]!),
  };
  const outputs = filters.dims[1]! * groups;
  const shift = call.optional(2);
  requireBias(shift, outputs);
  if (!areKnown(filters, shift)) {
    const windows = computedWindows(call, x, filters, groups);
    const operands = {
      x: call.channelsLast(windows),
      weight: unitFilters(call, outputs, kernel),
      bias: undefined,
    };
    const sums = call.channelsLastValue(call.emit(deconv, operands, { ...attrs, groups: outputs }));
    return shift ? combine(call, add, sums, alongAxis(call, shift, 1, sums.dims.length)) : sums;
  }
  const bias = shift && call.weight(shift, 'bias');
  const operands = { x: call.channelsLast(x), weight: call.weight(filters, 'weight'), bias };
  return call.channelsLastValue(call.emit(deconv, operands, { ...attrs, groups }));
};

interface Cutting {
  /** Cut off the full result, begins and ends. */
  readonly cut: readonly number[];
  /** Zeros behind its end that nothing is added to. */
  readonly more: readonly number[];
}

/**
 * As said, or so that the result has the size that is asked for. With SAME_UPPER and SAME_LOWER that is stride times
 * the input's, by the specification also where windows are smaller than that; there ONNX Runtime gives less.
 */
function cutting(
  call: Call,
  full: readonly number[],
  { spatial, stride, pad }: { spatial: readonly number[]; stride: readonly number[]; pad: readonly number[] },
): Cutting {
  const auto = call.text('auto_pad', 'NOTSET');
  const asked = call.has('output_shape')
    ? call.ints('output_shape').slice(-spatial.length)
    : auto.startsWith('SAME')
      ? spatial.map((length, axis) => length * stride[axis]!)
      : undefined;
  if (!asked) return { cut: pad, more: spatial.map(() => 0) };
  if (asked.length !== spatial.length || asked.some((size) => size < 1))
    refuse('E090', `its output_shape is ${asked.join('×')} for ${spatial.length} axes`);
  const more = asked.map((size, axis) => Math.max(0, size - full[axis]!));
  const total = full.map((length, axis) => Math.max(0, length - asked[axis]!));
  const half = total.map((amount) => Math.floor(amount / 2));
  const rest = total.map((amount, axis) => amount - half[axis]!);
  return { cut: auto === 'SAME_UPPER' ? [...half, ...rest] : [...rest, ...half], more };
}

const batchNormalization: Import = (call) => {
  if (call.flag('training_mode', false) || call.outputs > 1)
    refuse('E091', 'it normalises by the statistics of the batch, as in training');
  const x = call.input(0);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => call.input(i)) as [
    Value,
    Value,
    Value,
    Value,
  ];
  if (x.dims.length < 2) refuse('E091', 'its input has no axis of channels');
  const eps = call.float('epsilon', 1e-5);
  const parameters = [scale, bias, mean, variance];
  if (call.opset < 9 && !call.flag('spatial', true)) return elementwiseNorm(call, x, parameters, eps);
  if (parameters.some(({ node }) => !dataOf(node))) return computedNorm(call, x, parameters, eps);
  const operands = { weight: scale.node, bias: bias.node, mean: mean.node, variance: variance.node };
  return call.channelsLastValue(call.emit(batchNorm, { x: call.channelsLast(x), ...operands }, { eps }));
};

/** The same with parameters of an item's shape, one for each element. */
function elementwiseNorm(call: Call, x: Value, parameters: readonly Value[], eps: number): Value {
  const item = x.dims.slice(1);
  const other = parameters.find(({ dims }) => !sameShape(dims, item));
  if (other) refuse('E043', `its parameters are ${other.dims.join('×')}; spatial=0 needs ${item.join('×')}`);
  return normalisedBy(call, x, parameters, eps);
}

/** The same with parameters that are computed themselves. */
const computedNorm = (call: Call, x: Value, parameters: readonly Value[], eps: number): Value =>
  normalisedBy(
    call,
    x,
    parameters.map((value) => alongAxis(call, value, 1, x.dims.length)),
    eps,
  );

/** Arithmetic with parameters that stretch over `x`. */
function normalisedBy(
  call: Call,
  x: Value,
  [scale, bias, mean, variance]: readonly Value[],
  eps: number,
): Value {
  const deviation = apply(call, sqrt, combine(call, add, variance!, call.scalar(eps)));
  const standard = combine(call, div, combine(call, sub, x, mean!), deviation);
  return combine(call, add, combine(call, mul, standard, scale!), bias!);
}

const localResponse: Import = (call) =>
  call.channelsLastValue(
    call.emit(
      lrn,
      { x: call.channelsLast(call.input(0)) },
      {
        size: call.int('size', 5),
        alpha: call.float('alpha', 1e-4),
        beta: call.float('beta', 0.75),
        k: call.float('bias', 1),
      },
    ),
  );

export const CONVOLUTIONS: Readonly<Record<string, Import>> = {
  Conv: convolution,
  ConvTranspose: transposed,
  BatchNormalization: batchNormalization,
  LRN: localResponse,
};

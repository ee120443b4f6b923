// Quantised operators as arithmetic of float32, in which whole numbers up to 2^24 are exact.
import { add } from '../../ops/add.ts';
import { div, max, min, sub } from '../../ops/arithmetic.ts';
import { equal } from '../../ops/comparison.ts';
import { clip, neg, round } from '../../ops/functions.ts';
import { fround } from '../../ops/fround.ts';
import { gather } from '../../ops/gather.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { elementType, RANGES } from '../elements.ts';
import { plainOrder, type Value } from '../value.ts';
import { alongAxis } from './along-axis.ts';
import { convolve } from './convolution.ts';
import { dropAxes } from './drop-axes.ts';
import { apply, combine } from './elementwise.ts';
import { multiply } from './matrix.ts';
import { reduced } from './reduction.ts';
import { regroup } from './regroup.ts';

interface Scaling {
  readonly scale: Value;
  readonly zeroPoint: Value | undefined;
  /** Name of the type of quantised values. */
  readonly type: string;
}

/** The nearest whole number to x / scale, from the zero point on, within what the type can hold. */
function quantised(call: Call, x: Value, { scale, ...target }: Scaling): Value {
  return rounded(call, combine(call, div, x, scale), target);
}

function rounded(call: Call, x: Value, { zeroPoint, type }: Omit<Scaling, 'scale'>): Value {
  const range = RANGES.get(type) ?? refuse('E091', `it gives values of ${type}`);
  const nearest = apply(call, round, apply(call, fround, x));
  const shifted = zeroPoint && !isZero(zeroPoint) ? combine(call, add, nearest, zeroPoint) : nearest;
  return { ...apply(call, clip, shifted, range), sort: 'int', type };
}

/** Quantised values as whole numbers around zero. */
const centred = (call: Call, x: Value, zeroPoint: Value | undefined): Value =>
  zeroPoint && !isZero(zeroPoint) ? combine(call, sub, x, zeroPoint, 'float') : { ...x, sort: 'float' };

const isZero = (value: Value): boolean => dataOf(value.node)?.every((each) => each === 0) ?? false;

/** A scale or zero point so that it stretches over x: one number, one for each element of an axis, or for blocks of it. */
function spread(call: Call, parameter: Value | undefined, x: Value): Value | undefined {
  if (!parameter) return undefined;
  const rank = x.dims.length;
  if (sizeOf(parameter.dims) === 1) return regroup(call, parameter, []);
  const axis = call.axis(call.int('axis', 1), rank);
  const block = call.int('block_size', 0);
  if (block === 0) return alongAxis(call, parameter, axis, rank);
  const length = x.dims[axis]!;
  if (parameter.dims.length !== rank || !(block >= 1))
    refuse('E043', `blocks of ${parameter.dims.join('×')} numbers do not go with ${x.dims.join('×')}`);
  const blocks = call.constant(
    Float32Array.from({ length }, (_, i) => Math.floor(i / block)),
    [length],
    'blocks',
  );
  const node = call.emit(
    gather,
    { x: parameter.node, indices: blocks.node },
    { axis: parameter.order.indexOf(axis) },
  );
  return { ...parameter, node, dims: parameter.dims.with(axis, length) };
}

const quantizeLinear: Import = (call) => {
  const x = call.input(0);
  const asked = call.int('output_dtype', 0);
  const type = call.optional(2)?.type ?? (asked === 0 ? 'uint8' : elementType(asked, 'its result').name);
  const scale = spread(call, call.input(1), x)!;
  return quantised(call, x, { scale, zeroPoint: spread(call, call.optional(2), x), type });
};

const dequantizeLinear: Import = (call) => {
  const x = call.input(0);
  const whole = centred(call, x, spread(call, call.optional(2), x));
  return combine(call, mul, whole, spread(call, call.input(1), x)!);
};

/** Scale and zero point from the extremes of the data, so that zero is exact. */
const dynamicQuantizeLinear: Import = (call) => {
  const x = call.input(0);
  const axes = plainOrder(x.dims.length);
  const extreme = (mode: 'max' | 'min') => dropAxes(call, reduced(call, mode, x, axes), new Set(axes));
  const low = combine(call, min, extreme('min'), call.scalar(0));
  const high = combine(call, max, extreme('max'), call.scalar(0));
  const step = combine(call, div, combine(call, sub, high, low), call.scalar(255));
  // Of nothing but zeros, any scale will do.
  const scale = combine(call, add, step, combine(call, equal, step, call.scalar(0)));
  const offset = apply(call, neg, combine(call, div, low, scale));
  const zeroPoint = rounded(call, offset, { zeroPoint: undefined, type: 'uint8' });
  return [quantised(call, x, { scale, zeroPoint, type: 'uint8' }), scale, zeroPoint];
};

/** A number for each filter or row, as a column of `rank` − 1 further axes; others stay as they are. */
const asColumn = (call: Call, value: Value | undefined, rank: number): Value | undefined => {
  if (!value) return undefined;
  if (sizeOf(value.dims) === 1) return regroup(call, value, []);
  return value.dims.length === 1 ? alongAxis(call, value, 0, rank) : value;
};

/** What sums of products of quantised values are worth, quantised again. Inputs 6 and 7 say how. */
function requantised(call: Call, sums: Value, left: Value, right: Value): Value {
  const factor = combine(call, div, combine(call, mul, left, right), asColumn(call, call.input(6), 1)!);
  const zeroPoint = call.optional(7);
  return rounded(call, combine(call, mul, sums, factor), {
    zeroPoint: asColumn(call, zeroPoint, 1),
    type: zeroPoint?.type ?? 'uint8',
  });
}

const qLinearConv: Import = (call) => {
  const x = centred(call, call.input(0), asColumn(call, call.optional(2), 1));
  const w = call.input(3);
  const filters = centred(call, w, asColumn(call, call.optional(5), w.dims.length));
  const sums = convolve(call, { x, filters, bias: call.optional(8) });
  const perFilter = asColumn(call, call.input(4), w.dims.length - 1)!;
  return requantised(call, sums, asColumn(call, call.input(1), 1)!, perFilter);
};

const convInteger: Import = (call) => {
  const w = call.input(1);
  const x = centred(call, call.input(0), asColumn(call, call.optional(2), 1));
  const filters = centred(call, w, asColumn(call, call.optional(3), w.dims.length));
  return { ...convolve(call, { x, filters, bias: undefined }), sort: 'int', type: 'int32' };
};

/** Rows of the left factor and columns of the right one may have parameters of their own. */
const qLinearMatMul: Import = (call) => {
  const a = centred(call, call.input(0), asColumn(call, call.optional(2), 2));
  const b = centred(call, call.input(3), asColumn(call, call.optional(5), 1));
  const [ofRows, ofColumns] = [asColumn(call, call.input(1), 2)!, asColumn(call, call.input(4), 1)!];
  return requantised(call, multiply(call, a, b), ofRows, ofColumns);
};

const matMulInteger: Import = (call) => {
  const a = centred(call, call.input(0), asColumn(call, call.optional(2), 2));
  const b = centred(call, call.input(1), asColumn(call, call.optional(3), 1));
  return { ...multiply(call, a, b), sort: 'int', type: 'int32' };
};

export const QUANTIZATIONS: Readonly<Record<string, Import>> = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  QLinearConv: qLinearConv,
  ConvInteger: convInteger,
  QLinearMatMul: qLinearMatMul,
  MatMulInteger: matMulInteger,
};

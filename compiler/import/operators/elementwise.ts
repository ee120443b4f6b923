// Operators that work element by element, with ONNX's broadcasting.
import * as activation from '../../ops/activation.ts';
import { add } from '../../ops/add.ts';
import * as arithmetic from '../../ops/arithmetic.ts';
import * as comparison from '../../ops/comparison.ts';
import type { AttrSpecs, AttrsOf, Kind, OpDefinition } from '../../ops/define.ts';
import * as functions from '../../ops/functions.ts';
import { mul } from '../../ops/mul.ts';
import * as trigonometry from '../../ops/trigonometry.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { elementType, RANGES, type ElementType } from '../elements.ts';
import { elementsLike, type Elements, type Like, type Value } from '../value.ts';

type Unary<A extends AttrSpecs> = OpDefinition<string, { readonly x: 'one' }, A, Kind>;
type Binary = OpDefinition<string, { readonly a: 'one'; readonly b: 'one' }, AttrSpecs, Kind>;

/** A function of one value, which keeps its order. */
export const apply = <A extends AttrSpecs>(
  call: Call,
  op: Unary<A>,
  x: Value,
  attrs: Partial<AttrsOf<A>> = {},
): Value => ({ ...x, node: call.emit(op, { x: x.node }, attrs) });

/** A function of two values, one of which may stretch. */
export function combine(call: Call, op: Binary, a: Value, b: Value, like: Like = typeOf(a, b)): Value {
  const rank = Math.max(a.dims.length, b.dims.length);
  if (rank === 0) return call.plainValue(call.emit(op, { a: a.node, b: b.node }), like, 0);
  const { nodes, order } = call.aligned([a, b]);
  return call.ordered(call.emit(op, { a: nodes[0]!, b: nodes[1]! }), order, like);
}

/** The type that two values have, of which one may be a number of ours without any. */
const typeOf = (a: Value, b: Value): Elements =>
  elementsLike(a.type === undefined && a.sort === b.sort ? b : a);

/** `a` where `condition` is true, else `b`. */
export function choose(call: Call, condition: Value, a: Value, b: Value): Value {
  const { nodes, order } = call.aligned([condition, a, b]);
  const [test, yes, no] = nodes;
  const node = call.emit(comparison.where, { condition: test!, a: yes!, b: no! });
  return call.ordered(node, order, typeOf(a, b));
}

const unary =
  <A extends AttrSpecs>(op: Unary<A>, attrs: (call: Call) => Partial<AttrsOf<A>> = () => ({})): Import =>
  (call) =>
    apply(call, op, call.input(0), attrs(call));

/** Before opset 7, `broadcast` and `axis` said how the second operand stretches. */
function operands(call: Call): [Value, Value] {
  const [a, b] = [call.input(0), call.input(1)];
  if (call.opset >= 7 || !call.has('axis')) return [a, b];
  const axis = call.axis(call.int('axis', -1), a.dims.length);
  const behind = a.dims.length - axis - b.dims.length;
  return [
    a,
    call.reshape(call.plain(b), [...b.dims, ...Array.from({ length: Math.max(0, behind) }, () => 1)], b),
  ];
}

const binary =
  (op: Binary): Import =>
  (call) =>
    combine(call, op, ...operands(call));

/** The same of numbers that go round where their type ends. */
const wrapping =
  (importer: Import): Import =>
  (call) => {
    const result = importer(call) as Value; // these give one
    return result.type === undefined ? result : wrapped(call, result, result.type);
  };

const test =
  (op: Binary): Import =>
  (call) =>
    combine(call, op, ...operands(call), 'bool');

/** `a > b` is `b < a`. */
const reversed =
  (op: Binary): Import =>
  (call) => {
    const [a, b] = operands(call);
    return combine(call, op, b, a, 'bool');
  };

/** Any number of operands, two at a time. */
const chained =
  (op: Binary): Import =>
  (call) =>
    call.all().reduce((a, b) => combine(call, op, a, b));

const divide: Import = (call) => {
  const [a, b] = operands(call);
  const quotient = combine(call, arithmetic.div, a, b);
  return a.sort === 'int' ? apply(call, functions.trunc, quotient) : quotient;
};

/** Powers that are products or roots are cheaper as such, and exact on a GPU. */
const power: Import = (call) => {
  const [x, exponent] = operands(call);
  const data = dataOf(exponent.node);
  const only = data?.length === 1 && sizeOf(exponent.dims) === 1 && exponent.dims.length <= x.dims.length;
  if (only && data[0] === 1) return x;
  if (only && data[0] === 2) return combine(call, mul, x, x);
  if (only && data[0] === 3) return combine(call, mul, combine(call, mul, x, x), x);
  const isRoot = only && data[0] === 0.5;
  const result = isRoot ? apply(call, functions.sqrt, x) : combine(call, arithmetic.pow, x, exponent);
  if (x.sort !== 'int') return result;
  // Powers of whole numbers are cut off; what a GPU gives may be a little smaller than the whole number meant.
  const more = combine(call, mul, apply(call, functions.sign, result), call.scalar(2 ** -10));
  return apply(call, functions.trunc, combine(call, add, result, more));
};

const modulo: Import = (call) => {
  const [a, b] = operands(call);
  const rest = combine(call, arithmetic.remainder, a, b);
  if (call.flag('fmod', false)) return rest;
  // With the sign of b: what is left, moved by b once more.
  return combine(call, arithmetic.remainder, combine(call, add, rest, b), b);
};

const clip: Import = (call) => {
  const x = call.input(0);
  const bound = (i: number, name: string): number | Value | undefined => {
    const value = call.optional(i);
    if (!value) return call.has(name) ? call.float(name, 0) : undefined;
    if (sizeOf(value.dims) !== 1) refuse('E043', `its ${name} are ${sizeOf(value.dims)} numbers`);
    return dataOf(value.node)?.[0] ?? value;
  };
  const [low, high] = [bound(1, 'min'), bound(2, 'max')];
  if (low === 0 && high === 6) return apply(call, activation.relu6, x);
  if (low === 0 && (high === undefined || high === Infinity)) return apply(call, activation.relu, x);
  if (typeof low === 'number' && typeof high === 'number' && Number.isFinite(low) && Number.isFinite(high))
    return apply(call, functions.clip, x, { low, high });
  const asValue = (value: number | Value) => (typeof value === 'number' ? call.scalar(value, x) : value);
  const raised = low === undefined || low === -Infinity ? x : combine(call, arithmetic.max, x, asValue(low));
  if (high === undefined || high === Infinity) return raised;
  return combine(call, arithmetic.min, raised, asValue(high));
};

export const cast = (
  call: Call,
  x: Value,
  { sort, name: type }: Pick<ElementType, 'sort' | 'name'>,
): Value => {
  if (sort === 'bool' && x.sort !== 'bool')
    return {
      ...combine(call, comparison.equal, combine(call, comparison.equal, x, call.scalar(0)), call.scalar(0)),
      sort,
      type,
    };
  if (x.sort === sort && x.type === type) return x;
  const whole = sort === 'int' && x.sort === 'float' ? apply(call, functions.trunc, x) : x;
  return { ...wrapped(call, whole, type), sort, type };
};

/** Only the lower bits of whole numbers of a wider type are left in a narrow one. */
function wrapped(call: Call, x: Value, type: string): Value {
  const range = RANGES.get(type);
  if (!range || x.sort !== 'int') return x;
  const count = call.scalar(range.high - range.low + 1);
  const above = combine(call, arithmetic.sub, x, call.scalar(range.low));
  const turns = apply(call, functions.floor, combine(call, arithmetic.div, above, count));
  return combine(call, arithmetic.sub, x, combine(call, mul, turns, count));
}

const mean: Import = (call) => {
  const all = call.all();
  return combine(
    call,
    mul,
    all.reduce((a, b) => combine(call, add, a, b)),
    call.scalar(1 / all.length),
  );
};

/** PRelu with a slope per channel has an operator of its own, which can hang on a convolution. */
const prelu: Import = (call) => {
  const [x, slope] = [call.input(0), call.input(1)];
  const channels = x.dims[1];
  const isPerChannel =
    dataOf(slope.node) &&
    x.dims.length > 1 &&
    slope.dims.length < x.dims.length &&
    sizeOf(slope.dims) === channels &&
    (call.opset < 7 || slope.dims[slope.dims.length - (x.dims.length - 1)] === channels);
  if (isPerChannel) {
    const node = call.emit(activation.prelu, {
      x: call.channelsLast(x),
      slope: call.view(slope.node, [channels!]),
    });
    return call.channelsLastValue(node, x);
  }
  const negative = combine(call, mul, combine(call, arithmetic.min, x, call.scalar(0)), slope);
  return combine(call, add, apply(call, activation.relu, x), negative);
};

/** x · sigmoid(alpha · x) */
function swish(call: Call, x: Value): Value {
  const alpha = call.float('alpha', 1);
  if (alpha === 1) return apply(call, activation.swish, x);
  return combine(call, mul, x, apply(call, activation.sigmoid, combine(call, mul, x, call.scalar(alpha))));
}

/** Numbers near 0 are 0, others move towards it. */
const shrink: Import = (call) => {
  const x = call.input(0);
  const isSmall = combine(
    call,
    comparison.lessOrEqual,
    apply(call, functions.abs, x),
    call.scalar(call.float('lambd', 0.5)),
  );
  const step = combine(call, mul, apply(call, functions.sign, x), call.scalar(call.float('bias', 0)));
  return choose(call, isSmall, call.scalar(0, x), combine(call, arithmetic.sub, x, step));
};

const where: Import = (call) => {
  const values = [call.input(0), call.input(1), call.input(2)] as const;
  const { nodes, order } = call.aligned(values);
  const node = call.emit(comparison.where, { condition: nodes[0]!, a: nodes[1]!, b: nodes[2]! });
  const rank = Math.max(...values.map(({ dims }) => dims.length));
  return rank === 0 ? call.plainValue(node, values[1], 0) : call.ordered(node, order, values[1]);
};

export const ELEMENTWISE: Readonly<Record<string, Import>> = {
  Relu: unary(activation.relu),
  Tanh: unary(activation.tanh),
  Sigmoid: unary(activation.sigmoid),
  HardSwish: unary(activation.hswish),
  LeakyRelu: unary(activation.leaky, (call) => ({ slope: call.float('alpha', 0.01) })),
  PRelu: prelu,
  Swish: (call) => swish(call, call.input(0)),
  SwiGLU: (call) => combine(call, mul, swish(call, call.input(0)), call.input(1)),
  Gelu: (call) =>
    call.word('approximate', ['none', 'tanh']) === 'tanh'
      ? apply(call, functions.geluTanh, call.input(0))
      : apply(call, activation.gelu, call.input(0)),
  Elu: unary(functions.elu, (call) => ({ alpha: call.float('alpha', 1) })),
  Selu: unary(functions.elu, (call) => ({
    alpha: call.float('alpha', 1.6732632423543772),
    scale: call.float('gamma', 1.0507009873554805),
  })),
  Celu: unary(functions.elu, (call) => {
    const alpha = call.float('alpha', 1);
    return { alpha, width: alpha };
  }),
  HardSigmoid: unary(functions.hardSigmoid, (call) => ({
    slope: call.float('alpha', 0.2),
    offset: call.float('beta', 0.5),
  })),
  ThresholdedRelu: unary(functions.thresholded, (call) => ({ threshold: call.float('alpha', 1) })),
  Shrink: shrink,
  Softplus: unary(functions.softplus),
  Softsign: unary(functions.softsign),
  Mish: unary(functions.mish),
  Clip: clip,

  Neg: wrapping(unary(functions.neg)),
  Abs: wrapping(unary(functions.abs)),
  Exp: unary(functions.exp),
  Log: unary(functions.log),
  Sqrt: unary(functions.sqrt),
  Floor: unary(functions.floor),
  Ceil: unary(functions.ceil),
  Round: unary(functions.round),
  Sign: unary(functions.sign),
  Sin: unary(functions.sin),
  Cos: unary(functions.cos),
  Erf: unary(functions.erf),
  Tan: unary(trigonometry.tan),
  Asin: unary(trigonometry.asin),
  Acos: unary(trigonometry.acos),
  Atan: unary(trigonometry.atan),
  Sinh: unary(trigonometry.sinh),
  Cosh: unary(trigonometry.cosh),
  Asinh: unary(trigonometry.asinh),
  Acosh: unary(trigonometry.acosh),
  Atanh: unary(trigonometry.atanh),
  Not: (call) => ({ ...apply(call, functions.not, call.input(0)), sort: 'bool' }),
  Reciprocal: (call) => combine(call, arithmetic.div, call.scalar(1), call.input(0)),

  Add: wrapping(binary(add)),
  Sub: wrapping(binary(arithmetic.sub)),
  Mul: wrapping(binary(mul)),
  Div: divide,
  Pow: power,
  Mod: modulo,
  Sum: chained(add),
  Mean: mean,
  Min: chained(arithmetic.min),
  Max: chained(arithmetic.max),

  Equal: test(comparison.equal),
  Less: test(comparison.less),
  LessOrEqual: test(comparison.lessOrEqual),
  Greater: reversed(comparison.less),
  GreaterOrEqual: reversed(comparison.lessOrEqual),
  And: test(comparison.and),
  Or: test(comparison.or),
  Xor: test(comparison.xor),
  Where: where,

  Cast: (call) => cast(call, call.input(0), elementType(call.int('to', 1), 'the result')),
  CastLike: (call) => {
    const { sort, type = sort } = call.input(1);
    return cast(call, call.input(0), { sort, name: type });
  },
};

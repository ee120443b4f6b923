// Functions of one number, beside the activations of activation.ts.
import { half, notANumber, truth } from '../scalar/derived.ts';
import * as scalar from '../scalar/expression.ts';
import {
  add,
  div,
  eq,
  le,
  lit,
  lt,
  max,
  min,
  mul,
  select,
  sub,
  tanh,
  type Scalar,
} from '../scalar/expression.ts';
import { erf as erfExactly, erfOf } from './activation.ts';
import { number, withDefault } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { asOnnx, ELEMENT, float } from './onnx.ts';
import { asTorch, python } from './torch.ts';
import { anyShape, unary, unaryWord } from './unary.ts';

export const neg = unary({
  name: 'neg',
  doc: '−x.',
  meaning: (v) => -v,
  formula: scalar.neg,
  onnx: asOnnx('Neg'),
  torch: asTorch('torch.neg'),
});
export const abs = unary({
  name: 'abs',
  doc: 'The absolute value of x.',
  meaning: Math.abs,
  formula: scalar.abs,
  onnx: asOnnx('Abs'),
  torch: asTorch('torch.abs'),
});
export const exp = unary({
  name: 'exp',
  doc: 'e to the power x.',
  meaning: Math.exp,
  formula: scalar.exp,
  onnx: asOnnx('Exp'),
  torch: asTorch('torch.exp'),
});
export const sqrt = unary({
  name: 'sqrt',
  doc: 'Square root.',
  meaning: Math.sqrt,
  formula: scalar.sqrt,
  onnx: asOnnx('Sqrt'),
  torch: asTorch('torch.sqrt'),
});
export const floor = unary({
  name: 'floor',
  doc: 'The next whole number below.',
  meaning: Math.floor,
  formula: scalar.floor,
  onnx: asOnnx('Floor'),
  torch: asTorch('torch.floor'),
});
export const ceil = unary({
  name: 'ceil',
  doc: 'The next whole number above.',
  meaning: Math.ceil,
  formula: scalar.ceil,
  onnx: asOnnx('Ceil'),
  torch: asTorch('torch.ceil'),
});
export const sign = unary({
  name: 'sign',
  doc: '−1, 0 or 1.',
  meaning: Math.sign,
  formula: scalar.sign,
  onnx: asOnnx('Sign'),
  torch: asTorch('torch.sign'),
});

/** GPUs give anything for the logarithm of a negative number. */
export const log = unary({
  name: 'log',
  doc: 'Natural logarithm; not a number below 0.',
  meaning: Math.log,
  formula: (x) => select(lt(x, lit(0)), notANumber(x), scalar.log(x)),
  onnx: asOnnx('Log'),
  torch: asTorch('torch.log'),
});

export const sin = unary({
  name: 'sin',
  doc: 'Sine of an angle in radians.',
  meaning: Math.sin,
  formula: scalar.sin,
  onnx: asOnnx('Sin'),
  torch: asTorch('torch.sin'),
});
export const cos = unary({
  name: 'cos',
  doc: 'Cosine of an angle in radians.',
  meaning: Math.cos,
  formula: scalar.cos,
  onnx: asOnnx('Cos'),
  torch: asTorch('torch.cos'),
});

export const round = unary({
  name: 'round',
  doc: 'The nearest whole number; the even one of two equally near (IEEE 754).',
  meaning: (v) => {
    const whole = Math.round(v);
    return whole - v === 0.5 && whole % 2 !== 0 ? whole - 1 : whole;
  },
  formula: scalar.round,
  onnx: asOnnx('Round'),
  torch: asTorch('torch.round'),
});

export const erf = unary({
  name: 'erf',
  doc: 'Gauss error function.',
  meaning: erfExactly,
  formula: erfOf,
  onnx: asOnnx('Erf'),
  torch: asTorch('torch.erf'),
});

export const not = unary({
  name: 'not',
  doc: '1 where x is 0, 0 elsewhere.',
  meaning: (v) => Number(v === 0),
  formula: (x) => truth(eq(x, lit(0))),
  onnx: ({ x }, _, { node }) =>
    node('Cast', [node('Not', [node('Cast', [x], { to: ELEMENT.bool })])], { to: ELEMENT.float }),
  torch: ({ x }) => `(${x} == 0).float()`,
});

/** Whole part: what a conversion to an integer leaves. */
export const trunc = unary({
  name: 'trunc',
  doc: 'x without its fraction.',
  meaning: Math.trunc,
  formula: (x) => select(lt(x, lit(0)), scalar.ceil(x), scalar.floor(x)),
  onnx: ({ x }, _, { node }) => node('Mul', [node('Sign', [x]), node('Floor', [node('Abs', [x])])]),
  torch: asTorch('torch.trunc'),
});

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|), which does not overflow. */
const softplusOf = (x: Scalar): Scalar =>
  add(max(x, lit(0)), scalar.log(add(lit(1), scalar.exp(scalar.neg(scalar.abs(x))))));

export const softplus = unary({
  name: 'softplus',
  doc: 'log(1 + e^x).',
  meaning: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
  formula: softplusOf,
  onnx: asOnnx('Softplus'),
  torch: asTorch('F.softplus'),
});

export const softsign = unary({
  name: 'softsign',
  doc: 'x / (1 + |x|).',
  meaning: (v) => v / (1 + Math.abs(v)),
  formula: (x) => div(x, add(lit(1), scalar.abs(x))),
  onnx: asOnnx('Softsign'),
  torch: asTorch('F.softsign'),
});

export const mish = unary({
  name: 'mish',
  doc: 'x · tanh(softplus(x)) (Misra, 2019).',
  meaning: (v) => v * Math.tanh(Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
  formula: (x) => mul(x, tanh(softplusOf(x))),
  onnx: asOnnx('Mish'),
  torch: asTorch('F.mish'),
});

const TANH_GELU = Math.sqrt(2 / Math.PI);

export const geluTanh = unary({
  name: 'gelu_tanh',
  doc: 'GELU as approximated with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).',
  meaning: (v) => 0.5 * v * (1 + Math.tanh(TANH_GELU * (v + 0.044715 * v ** 3))),
  formula: (x) => {
    const cube = mul(mul(x, x), x);
    return mul(half(x), add(lit(1), tanh(mul(lit(TANH_GELU), add(x, mul(lit(0.044715), cube))))));
  },
  // As `Gelu` only from opset 20 on.
  onnx: ({ x }, _, { node, number }) => {
    const cube = node('Mul', [node('Mul', [x, x]), x]);
    const inner = node('Add', [x, node('Mul', [cube, number(0.044715)])]);
    const curve = node('Tanh', [node('Mul', [inner, number(TANH_GELU)])]);
    return node('Mul', [node('Mul', [x, number(0.5)]), node('Add', [curve, number(1)])]);
  },
  torch: ({ x }) => `F.gelu(${x}, approximate="tanh")`,
});

export const clip = defineOp({
  name: 'clip',
  kind: 'scalar',
  doc: 'x brought between two bounds.',
  operands: { x: 'one' },
  attrs: { low: attr(0, 'Lower bound.'), high: attr(1, 'Upper bound, which wins.') },
  infer: ({ x }) => x,
  formula: ({ x }, { low, high }) => min(max(x, lit(low)), lit(high)),
  evaluate: ({ x }, { low, high }) => x.data.map((v) => Math.min(Math.max(v, low), high)),
  onnx: ({ x }, { low, high }, { node, number }) => node('Clip', [x, number(low), number(high)]),
  torch: ({ x }, { low, high }) => python('torch.clamp', [x, low, high]),
  sample: (pick) => ({
    operands: { x: anyShape(pick) },
    attrs: { low: pick.of([-1, -0.25, 0]), high: pick.of([0, 0.5, 6]) },
  }),
});

export const hardSigmoid = defineOp({
  name: 'hard_sigmoid',
  kind: 'scalar',
  doc: 'slope · x + offset, between 0 and 1.',
  operands: { x: 'one' },
  attrs: { slope: attr(0.2, 'Slope of the line.'), offset: attr(0.5, 'Its value at 0.') },
  infer: ({ x }) => x,
  formula: ({ x }, { slope, offset }) => max(lit(0), min(lit(1), add(mul(lit(slope), x), lit(offset)))),
  evaluate: ({ x }, { slope, offset }) => x.data.map((v) => Math.max(0, Math.min(1, slope * v + offset))),
  onnx: ({ x }, { slope, offset }, { node }) =>
    node('HardSigmoid', [x], { alpha: float(slope), beta: float(offset) }),
  torch: ({ x }, { slope, offset }) => python('torch.clamp', [`${x} * ${slope} + ${offset}`, 0, 1]),
  sample: (pick) => ({
    operands: { x: anyShape(pick) },
    attrs: { slope: pick.of([0.2, 1 / 6, 2]), offset: pick.of([0.5, 0, -0.25]) },
  }),
});

export const elu = defineOp({
  name: 'elu',
  kind: 'scalar',
  doc: 'Exponential linear unit: scale · x above 0, scale · alpha · (e^(x / width) − 1) below (ELU, SELU, CELU).',
  operands: { x: 'one' },
  attrs: {
    alpha: attr(1, 'What it approaches below, without its sign and scale.'),
    scale: attr(1, 'Factor of the whole.'),
    width: attr(1, 'How far the curve reaches.'),
  },
  infer: ({ x }) => x,
  formula: ({ x }, { alpha, scale, width }) => {
    const curve = mul(lit(alpha), sub(scalar.exp(div(min(x, lit(0)), lit(width))), lit(1)));
    return mul(lit(scale), select(le(lit(0), x), x, curve));
  },
  evaluate: ({ x }, { alpha, scale, width }) =>
    x.data.map((v) => scale * (v >= 0 ? v : alpha * Math.expm1(v / width))),
  onnx: ({ x }, { alpha, scale, width }, { node, number }) => {
    const below = node('Min', [x, number(0)]);
    const curve = node('Sub', [node('Exp', [node('Div', [below, number(width)])]), number(1)]);
    const sum = node('Add', [node('Relu', [x]), node('Mul', [curve, number(alpha)])]);
    return node('Mul', [sum, number(scale)]);
  },
  torch: ({ x }, { alpha, scale, width }) =>
    `${scale} * torch.where(${x} >= 0, ${x}, ${alpha} * torch.expm1(${x} / ${width}))`,
  sample: (pick) => ({
    operands: { x: anyShape(pick) },
    attrs: { alpha: pick.of([1, 1.673, 0.5]), scale: pick.of([1, 1.0507]), width: pick.of([1, 2]) },
  }),
});

export const thresholded = defineOp({
  name: 'thresholded',
  kind: 'scalar',
  doc: 'x where it is above a threshold, 0 elsewhere.',
  operands: { x: 'one' },
  attrs: { threshold: attr(1, 'What x must exceed.') },
  infer: ({ x }) => x,
  formula: ({ x }, { threshold }) => select(lt(lit(threshold), x), x, lit(0)),
  evaluate: ({ x }, { threshold }) => x.data.map((v) => (v > threshold ? v : 0)),
  onnx: ({ x }, { threshold }, { node }) => node('ThresholdedRelu', [x], { alpha: float(threshold) }),
  torch: ({ x }, { threshold }) => python('F.threshold', [x, threshold, 0]),
  sample: (pick) => ({ operands: { x: anyShape(pick) }, attrs: { threshold: pick.of([1, 0, 0.3]) } }),
});

export const NEG = unaryWord(neg);
export const ABS = unaryWord(abs);
export const EXP = unaryWord(exp);
export const LOG = unaryWord(log);
export const SQRT = unaryWord(sqrt);
export const FLOOR = unaryWord(floor);
export const CEIL = unaryWord(ceil);
export const ROUND = unaryWord(round);
export const TRUNC = unaryWord(trunc);
export const SIGN = unaryWord(sign);
export const SIN = unaryWord(sin);
export const COS = unaryWord(cos);
export const ERF = unaryWord(erf);
export const NOT = unaryWord(not);
export const SOFTPLUS = unaryWord(softplus, { activates: true });
export const SOFTSIGN = unaryWord(softsign, { activates: true });
export const MISH = unaryWord(mish, { activates: true });
export const GELU_TANH = unaryWord(geluTanh, { activates: true });

export const CLIP = defineKeyword({
  keyword: 'CLIP',
  doc: clip.doc,
  activates: true,
  positional: ['low', 'high'],
  args: {
    low: withDefault(number('Lower bound.'), 0),
    high: withDefault(number('Upper bound, which wins.'), 1),
  },
  says: says(clip),
  build: (call, args) => call.emit(clip, { x: call.x }, args),
});

export const HARD_SIGMOID = defineKeyword({
  keyword: 'HARD_SIGMOID',
  doc: hardSigmoid.doc,
  activates: true,
  positional: [],
  args: {
    slope: withDefault(number('Slope of the line.'), 0.2),
    offset: withDefault(number('Its value at 0.'), 0.5),
  },
  says: says(hardSigmoid),
  build: (call, args) => call.emit(hardSigmoid, { x: call.x }, args),
});

export const ELU = defineKeyword({
  keyword: 'ELU',
  doc: elu.doc,
  activates: true,
  positional: ['alpha'],
  args: {
    alpha: withDefault(number('What it approaches below, without its sign and scale.'), 1),
    scale: withDefault(number('Factor of the whole.'), 1),
    width: withDefault(number('How far the curve reaches.'), 1),
  },
  says: says(elu),
  build: (call, args) => call.emit(elu, { x: call.x }, args),
});

export const THRESHOLDED = defineKeyword({
  keyword: 'THRESHOLDED',
  doc: thresholded.doc,
  activates: true,
  positional: ['threshold'],
  args: { threshold: withDefault(number('What x must exceed.'), 1) },
  says: says(thresholded),
  build: (call, args) => call.emit(thresholded, { x: call.x }, args),
});

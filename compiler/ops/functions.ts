// Functions of one number, beside the activations of activation.ts.
import {
  abs as size,
  add,
  ceil as up,
  cos as cosine,
  div,
  eq,
  exp as power,
  floor as down,
  le,
  lit,
  log as logarithm,
  lt,
  max,
  min,
  mul,
  neg as minus,
  round as nearest,
  select,
  sign as signOf,
  sin as sine,
  sqrt as root,
  sub,
  tanh,
  type Scalar,
} from '../scalar/expression.ts';
import { activation, anyShape, erf as erfExactly, erfOf } from './activation.ts';
import { number, withDefault } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { asOnnx, ELEMENT, float } from './onnx.ts';
import { asTorch, python } from './torch.ts';

export const neg = activation('neg', '−x.', (v) => -v, minus, asOnnx('Neg'), asTorch('torch.neg'));
export const abs = activation(
  'abs',
  'The absolute value of x.',
  Math.abs,
  size,
  asOnnx('Abs'),
  asTorch('torch.abs'),
);
export const exp = activation(
  'exp',
  'e to the power x.',
  Math.exp,
  power,
  asOnnx('Exp'),
  asTorch('torch.exp'),
);
export const sqrt = activation(
  'sqrt',
  'Square root.',
  Math.sqrt,
  root,
  asOnnx('Sqrt'),
  asTorch('torch.sqrt'),
);
export const floor = activation(
  'floor',
  'The next whole number below.',
  Math.floor,
  down,
  asOnnx('Floor'),
  asTorch('torch.floor'),
);
export const ceil = activation(
  'ceil',
  'The next whole number above.',
  Math.ceil,
  up,
  asOnnx('Ceil'),
  asTorch('torch.ceil'),
);
export const sign = activation(
  'sign',
  '−1, 0 or 1.',
  Math.sign,
  signOf,
  asOnnx('Sign'),
  asTorch('torch.sign'),
);

/** GPUs give anything for the logarithm of a negative number. */
export const log = activation(
  'log',
  'Natural logarithm; not a number below 0.',
  Math.log,
  (x) => select(lt(x, lit(0)), div(sub(x, x), sub(x, x)), logarithm(x)),
  asOnnx('Log'),
  asTorch('torch.log'),
);

export const sin = activation(
  'sin',
  'Sine of an angle in radians.',
  Math.sin,
  sine,
  asOnnx('Sin'),
  asTorch('torch.sin'),
);
export const cos = activation(
  'cos',
  'Cosine of an angle in radians.',
  Math.cos,
  cosine,
  asOnnx('Cos'),
  asTorch('torch.cos'),
);

export const round = activation(
  'round',
  'The nearest whole number; the even one of two equally near (IEEE 754).',
  (v) => {
    const whole = Math.round(v);
    return whole - v === 0.5 && whole % 2 !== 0 ? whole - 1 : whole;
  },
  nearest,
  asOnnx('Round'),
  asTorch('torch.round'),
);

export const erf = activation(
  'erf',
  'Gauss error function.',
  erfExactly,
  erfOf,
  asOnnx('Erf'),
  asTorch('torch.erf'),
);

export const not = activation(
  'not',
  '1 where x is 0, 0 elsewhere.',
  (v) => Number(v === 0),
  (x) => select(eq(x, lit(0)), lit(1), lit(0)),
  ({ x }, _, { node }) =>
    node('Cast', [node('Not', [node('Cast', [x], { to: ELEMENT.bool })])], { to: ELEMENT.float }),
  ({ x }) => `(${x} == 0).float()`,
);

/** Whole part: what a conversion to an integer leaves. */
export const trunc = activation(
  'trunc',
  'x without its fraction.',
  Math.trunc,
  (x) => select(lt(x, lit(0)), up(x), down(x)),
  // By way of int32, which holds what float32 can tell apart of a fraction.
  ({ x }, _, { node }) => node('Mul', [node('Sign', [x]), node('Floor', [node('Abs', [x])])]),
  asTorch('torch.trunc'),
);

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|), which does not overflow. */
const softplusOf = (x: Scalar): Scalar => add(max(x, lit(0)), logarithm(add(lit(1), power(minus(size(x))))));

export const softplus = activation(
  'softplus',
  'log(1 + e^x).',
  (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
  softplusOf,
  asOnnx('Softplus'),
  asTorch('F.softplus'),
);

export const softsign = activation(
  'softsign',
  'x / (1 + |x|).',
  (v) => v / (1 + Math.abs(v)),
  (x) => div(x, add(lit(1), size(x))),
  asOnnx('Softsign'),
  asTorch('F.softsign'),
);

export const mish = activation(
  'mish',
  'x · tanh(softplus(x)) (Misra, 2019).',
  (v) => v * Math.tanh(Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
  (x) => mul(x, tanh(softplusOf(x))),
  asOnnx('Mish'),
  asTorch('F.mish'),
);

const TANH_GELU = Math.sqrt(2 / Math.PI);

export const geluTanh = activation(
  'gelu_tanh',
  'GELU as approximated with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).',
  (v) => 0.5 * v * (1 + Math.tanh(TANH_GELU * (v + 0.044715 * v ** 3))),
  (x) => {
    const cube = mul(mul(x, x), x);
    return mul(mul(lit(0.5), x), add(lit(1), tanh(mul(lit(TANH_GELU), add(x, mul(lit(0.044715), cube))))));
  },
  // As `Gelu` only from opset 20 on.
  ({ x }, _, { node, number }) => {
    const cube = node('Mul', [node('Mul', [x, x]), x]);
    const inner = node('Add', [x, node('Mul', [cube, number(0.044715)])]);
    const curve = node('Tanh', [node('Mul', [inner, number(TANH_GELU)])]);
    return node('Mul', [node('Mul', [x, number(0.5)]), node('Add', [curve, number(1)])]);
  },
  ({ x }) => `F.gelu(${x}, approximate="tanh")`,
);

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
    const curve = mul(lit(alpha), sub(power(div(min(x, lit(0)), lit(width))), lit(1)));
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

/** NEG, EXP, …: a function as a word. Those with `activates` stand where activations do. */
export const word = (op: ReturnType<typeof activation>, activates = false) =>
  defineKeyword({
    keyword: op.name.toUpperCase(),
    doc: op.doc,
    activates,
    positional: [],
    args: {},
    says: says(op),
    build: (call) => call.emit(op, { x: call.x }),
  });

export const NEG = word(neg);
export const ABS = word(abs);
export const EXP = word(exp);
export const LOG = word(log);
export const SQRT = word(sqrt);
export const FLOOR = word(floor);
export const CEIL = word(ceil);
export const ROUND = word(round);
export const TRUNC = word(trunc);
export const SIGN = word(sign);
export const SIN = word(sin);
export const COS = word(cos);
export const ERF = word(erf);
export const NOT = word(not);
export const SOFTPLUS = word(softplus, true);
export const SOFTSIGN = word(softsign, true);
export const MISH = word(mish, true);
export const GELU_TANH = word(geluTanh, true);

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

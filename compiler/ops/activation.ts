// The activations: those that `act=` names, and PRELU.
import { half, odd } from '../scalar/derived.ts';
import {
  add,
  div,
  exp,
  le,
  lit,
  max,
  min,
  mul,
  neg,
  select,
  sub,
  tanh as tanhOf,
  type Scalar,
} from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { channelsOf } from '../tensor/window.ts';
import { number, oneOf, withDefault, type Value } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { mapElements } from './elementwise.ts';
import { asOnnx, float, ofRank } from './onnx.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
import { asTorch, python } from './torch.ts';
import { anyShape, unary, unaryWord } from './unary.ts';

const sigmoidOf = (x: Scalar): Scalar => div(lit(1), add(lit(1), exp(neg(x))));

export const relu = unary({
  name: 'relu',
  doc: 'Rectified linear unit: max(x, 0).',
  meaning: (v) => (v < 0 ? 0 : v),
  formula: (x) => max(x, lit(0)),
  onnx: asOnnx('Relu'),
  torch: asTorch('F.relu'),
});

export const relu6 = unary({
  name: 'relu6',
  doc: 'min(max(x, 0), 6).',
  meaning: (v) => (v < 0 ? 0 : v > 6 ? 6 : v),
  formula: (x) => min(max(x, lit(0)), lit(6)),
  onnx: ({ x }, _, { node, number }) => node('Clip', [x, number(0), number(6)]),
  torch: asTorch('F.relu6'),
});

export const tanh = unary({
  name: 'tanh',
  doc: 'Hyperbolic tangent.',
  meaning: Math.tanh,
  formula: tanhOf,
  onnx: asOnnx('Tanh'),
  torch: asTorch('torch.tanh'),
});

export const sigmoid = unary({
  name: 'sigmoid',
  doc: 'Logistic function: 1 / (1 + e^−x).',
  meaning: (v) => 1 / (1 + Math.exp(-v)),
  formula: sigmoidOf,
  onnx: asOnnx('Sigmoid'),
  torch: asTorch('torch.sigmoid'),
});

export const swish = unary({
  name: 'swish',
  doc: 'x · sigmoid(x), also called SiLU (Ramachandran et al., 2017).',
  meaning: (v) => v / (1 + Math.exp(-v)),
  formula: (x) => mul(x, sigmoidOf(x)),
  onnx: ({ x }, _, { node }) => node('Mul', [x, node('Sigmoid', [x])]),
  torch: asTorch('F.silu'),
});

export const hswish = unary({
  name: 'hswish',
  doc: 'x · relu6(x + 3) / 6 (Howard et al., MobileNetV3, 2019).',
  meaning: (v) => (v <= -3 ? 0 : v >= 3 ? v : (v * (v + 3)) / 6),
  formula: (x) => {
    const above = max(x, lit(-3)); // −∞ · 0 is not a number
    return div(mul(above, min(add(above, lit(3)), lit(6))), lit(6));
  },
  onnx: asOnnx('HardSwish'),
  torch: asTorch('F.hardswish'),
});

export const gelu = unary({
  name: 'gelu',
  doc: 'x · Φ(x), Φ being the normal distribution (Hendrycks and Gimpel, 2016): the exact form, not the tanh one.',
  meaning: (v) => 0.5 * v * (1 + erf(v * Math.SQRT1_2)),
  formula: (x) => mul(half(x), add(lit(1), erfOf(mul(x, lit(Math.SQRT1_2))))),
  // As `Gelu` only from opset 20 on.
  onnx: ({ x }, _, { node, number }) => {
    const erf = node('Erf', [node('Mul', [x, number(Math.SQRT1_2)])]);
    return node('Mul', [node('Mul', [x, number(0.5)]), node('Add', [erf, number(1)])]);
  },
  torch: asTorch('F.gelu'),
});

/** Error function by its Taylor series, and by its continued fraction where the series is slow. */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (z + fraction);
    return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
  }
  let term = z;
  let sum = z;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
}

/** Error function within 1.5e-7 (Abramowitz and Stegun, 7.1.26), from what every target has. */
export const erfOf = (x: Scalar): Scalar =>
  odd(x, (size) => {
    const t = div(lit(1), add(lit(1), mul(lit(0.3275911), size)));
    const polynomial = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce<Scalar>(
      (sum, coefficient) => mul(add(sum, lit(coefficient)), t),
      lit(0),
    );
    return sub(lit(1), mul(polynomial, exp(neg(mul(size, size)))));
  });

export const leaky = defineOp({
  name: 'leaky',
  kind: 'scalar',
  doc: 'Leaky rectified linear unit: x where x ≥ 0, slope · x elsewhere.',
  operands: { x: 'one' },
  attrs: { slope: attr(0.01, 'Slope for negative inputs.') },
  infer: ({ x }) => x,
  formula: ({ x }, { slope }) => select(le(lit(0), x), x, mul(lit(slope), x)),
  evaluate: ({ x }, { slope }) => x.data.map((v) => (v < 0 ? slope * v : v)),
  onnx: ({ x }, { slope }, { node }) => node('LeakyRelu', [x], { alpha: float(slope) }),
  torch: ({ x }, { slope }) => python('F.leaky_relu', [x, slope]),
  sample: (pick) => ({ operands: { x: anyShape(pick) }, attrs: { slope: pick.of([0.01, 0.2, 1.5, -0.5]) } }),
});

export const prelu = defineOp({
  name: 'prelu',
  kind: 'scalar',
  doc: 'Leaky rectified linear unit with one learned slope per channel (He et al., 2015).',
  operands: { x: 'one', slope: 'one' },
  attrs: {},
  infer: ({ x, slope }) =>
    slope.shape.length === 1 && [1, channelsOf(x.shape)].includes(slope.shape[0]!)
      ? x
      : refuse('E041', `PRELU has ${slope.shape.join('×')} slopes for ${channelsOf(x.shape)} channels`),
  formula: ({ x, slope }) => select(le(lit(0), x), x, mul(slope, x)),
  evaluate: ({ x, slope }, _, out) => mapElements([x, slope], out, (v, a) => (v < 0 ? a * v : v)),
  onnx: ({ x, slope }, _, { types, ...emit }) =>
    emit.node('PRelu', [x, ofRank(slope, types.slope, { ...emit, rank: types.x.shape.length })]),
  torch: ({ x }, _, { types, module }) => python(module(python('nn.PReLU', [types.slope.shape[0]!])), [x]),
  sample: (pick) => {
    const x = anyShape(pick);
    return { operands: { x, slope: [pick.of([1, x.at(-1)!])] }, attrs: {} };
  },
});

/** The activations that `act=` names. */
const BY_NAME = { relu, relu6, tanh, sigmoid, swish, hswish, gelu } as const;
type ActivationName = keyof typeof BY_NAME | 'leaky' | 'none';

const NAMES = ['none', 'relu', 'relu6', 'tanh', 'sigmoid', 'swish', 'hswish', 'gelu', 'leaky'] as const;

/** `act=`, with its default. */
export const activationArg = (value: ActivationName) =>
  withDefault(oneOf<ActivationName>(NAMES, 'Activation of the result.'), value);

/** The value after the activation that `act=` names. */
export function applyActivation(call: Call, x: Value, name: ActivationName): Value {
  if (name === 'none') return x;
  return name === 'leaky' ? call.emit(leaky, { x }) : call.emit(BY_NAME[name], { x });
}

export const RELU = unaryWord(relu, { activates: true });
export const RELU6 = unaryWord(relu6, { activates: true });
export const TANH = unaryWord(tanh, { activates: true });
export const SIGMOID = unaryWord(sigmoid, { activates: true });
export const SWISH = unaryWord(swish, { activates: true });
export const HSWISH = unaryWord(hswish, { activates: true });
export const GELU = unaryWord(gelu, { activates: true });

export const LEAKY = defineKeyword({
  keyword: 'LEAKY',
  doc: leaky.doc,
  activates: true,
  positional: ['slope'],
  args: { slope: withDefault(number('Slope for negative inputs.'), 0.01) },
  says: says(leaky),
  build: (call, { slope }) => call.emit(leaky, { x: call.x }, { slope }),
});

export const PRELU = defineKeyword({
  keyword: 'PRELU',
  doc: prelu.doc,
  activates: true,
  positional: [],
  args: {},
  says: says(prelu, () => ({}), { slope: 'weight' }),
  build: (call) =>
    call.emit(prelu, { x: call.x, slope: call.weight('weight', [channelsOf(call.x.type.shape)], 'quarter') }),
});

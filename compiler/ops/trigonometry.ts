// Functions of angles and their inverses, and the hyperbolic ones. GPUs promise little for these (WGSL allows 4,096
// units in the last place for atan), so each formula is made of what every target has exactly enough.
import { half, notANumber, odd } from '../scalar/derived.ts';
import {
  abs,
  add,
  div,
  eq,
  exp,
  le,
  lit,
  log,
  lt,
  mul,
  neg,
  rem,
  round,
  select,
  sqrt,
  sub,
  type Scalar,
} from '../scalar/expression.ts';
import { asOnnx } from './onnx.ts';
import { asTorch } from './torch.ts';
import { unary, unaryWord } from './unary.ts';

/** c₀ xⁿ + c₁ xⁿ⁻¹ + … + cₙ */
const polynomial = (x: Scalar, [first, ...others]: readonly number[]): Scalar =>
  others.reduce<Scalar>((sum, coefficient) => add(mul(sum, x), lit(coefficient)), lit(first!));

/** x + x³ · p(x²), what the odd functions here are near 0. */
const nearZero = (x: Scalar, coefficients: readonly number[]): Scalar => {
  const square = mul(x, x);
  return add(x, mul(mul(polynomial(square, coefficients), square), x));
};

/** `value` for x between −1 and 1, not a number beyond. */
const within = (x: Scalar, value: Scalar): Scalar => select(le(abs(x), lit(1)), value, notANumber(x));

/** Coefficients of the Cephes library (Moshier, 1992) for float32. */
const CEPHES = {
  tan: [
    9.38540185543e-3, 3.11992232697e-3, 2.44301354525e-2, 5.34112807005e-2, 1.33387994085e-1,
    3.33331568548e-1,
  ],
  asin: [4.2163199048e-2, 2.4181311049e-2, 4.5470025998e-2, 7.4953002686e-2, 1.6666752422e-1],
  atan: [8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1],
};

/** π/2 in parts that are exact in few bits, so that multiples of it are taken off without loss. */
const QUARTER_TURN = [1.5703125, 4.837512969970703e-4, 7.549789948768648e-8];

function tanOf(x: Scalar): Scalar {
  const turns = round(mul(x, lit(2 / Math.PI)));
  const near = QUARTER_TURN.reduce<Scalar>((rest, part) => sub(rest, mul(turns, lit(part))), x);
  const value = nearZero(near, CEPHES.tan);
  return select(eq(rem(abs(turns), lit(2)), lit(1)), div(lit(-1), value), value);
}

/** For 0.5 < x ≤ 1: asin x = π/2 − 2 asin √((1 − x) / 2). */
function asinOf(x: Scalar): Scalar {
  return odd(x, (size) => {
    const small = nearZero(size, CEPHES.asin);
    const root = sqrt(half(sub(lit(1), size)));
    const large = sub(lit(Math.PI / 2), mul(lit(2), nearZero(root, CEPHES.asin)));
    return select(le(size, lit(0.5)), small, large);
  });
}

/** Of arguments above tan π/8, the angle beyond π/4 or π/2. */
function atanOf(x: Scalar): Scalar {
  return odd(x, (size) => {
    const isLarge = lt(lit(Math.tan((3 * Math.PI) / 8)), size);
    const isMiddle = lt(lit(Math.tan(Math.PI / 8)), size);
    const offset = select(isLarge, lit(Math.PI / 2), select(isMiddle, lit(Math.PI / 4), lit(0)));
    const middle = div(sub(size, lit(1)), add(size, lit(1)));
    const rest = select(isLarge, div(lit(-1), size), select(isMiddle, middle, size));
    return add(offset, nearZero(rest, CEPHES.atan));
  });
}

export const tan = unary({
  name: 'tan',
  doc: 'Tangent of an angle in radians.',
  meaning: Math.tan,
  formula: tanOf,
  onnx: asOnnx('Tan'),
  torch: asTorch('torch.tan'),
});
export const asin = unary({
  name: 'asin',
  doc: 'The angle whose sine is x, in radians; not a number beyond ±1.',
  meaning: Math.asin,
  formula: (x) => within(x, asinOf(x)),
  onnx: asOnnx('Asin'),
  torch: asTorch('torch.asin'),
});
export const acos = unary({
  name: 'acos',
  doc: 'The angle whose cosine is x, in radians; not a number beyond ±1.',
  meaning: Math.acos,
  formula: (x) => within(x, sub(lit(Math.PI / 2), asinOf(x))),
  onnx: asOnnx('Acos'),
  torch: asTorch('torch.acos'),
});
export const atan = unary({
  name: 'atan',
  doc: 'The angle whose tangent is x, in radians.',
  meaning: Math.atan,
  formula: atanOf,
  onnx: asOnnx('Atan'),
  torch: asTorch('torch.atan'),
});
export const sinh = unary({
  name: 'sinh',
  doc: 'Hyperbolic sine.',
  meaning: Math.sinh,
  formula: (x) => half(sub(exp(x), exp(neg(x)))),
  onnx: asOnnx('Sinh'),
  torch: asTorch('torch.sinh'),
});
export const cosh = unary({
  name: 'cosh',
  doc: 'Hyperbolic cosine.',
  meaning: Math.cosh,
  formula: (x) => half(add(exp(x), exp(neg(x)))),
  onnx: asOnnx('Cosh'),
  torch: asTorch('torch.cosh'),
});
export const asinh = unary({
  name: 'asinh',
  doc: 'Inverse hyperbolic sine.',
  meaning: Math.asinh,
  formula: (x) => odd(x, (size) => log(add(size, sqrt(add(mul(size, size), lit(1)))))),
  onnx: asOnnx('Asinh'),
  torch: asTorch('torch.asinh'),
});
export const acosh = unary({
  name: 'acosh',
  doc: 'Inverse hyperbolic cosine; not a number below 1.',
  meaning: Math.acosh,
  formula: (x) => {
    const root = sqrt(sub(mul(x, x), lit(1)));
    return select(le(lit(1), x), log(add(x, root)), notANumber(x));
  },
  onnx: asOnnx('Acosh'),
  torch: asTorch('torch.acosh'),
});
export const atanh = unary({
  name: 'atanh',
  doc: 'Inverse hyperbolic tangent; not a number beyond ±1.',
  meaning: Math.atanh,
  formula: (x) => within(x, half(log(div(add(lit(1), x), sub(lit(1), x))))),
  onnx: asOnnx('Atanh'),
  torch: asTorch('torch.atanh'),
});

export const TAN = unaryWord(tan);
export const ASIN = unaryWord(asin);
export const ACOS = unaryWord(acos);
export const ATAN = unaryWord(atan);
export const SINH = unaryWord(sinh);
export const COSH = unaryWord(cosh);
export const ASINH = unaryWord(asinh);
export const ACOSH = unaryWord(acosh);
export const ATANH = unaryWord(atanh);

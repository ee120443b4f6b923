// Functions of angles and their inverses, and the hyperbolic ones. GPUs promise little for these (WGSL allows 4,096
// units in the last place for atan), so each formula is made of what every target has exactly enough.
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
import { activation } from './activation.ts';
import { word } from './functions.ts';
import { asOnnx } from './onnx.ts';
import { asTorch } from './torch.ts';

const half = (x: Scalar): Scalar => mul(lit(0.5), x);

/** With the sign of x. */
const odd = (x: Scalar, ofSize: (size: Scalar) => Scalar): Scalar => {
  const value = ofSize(abs(x));
  return select(lt(x, lit(0)), neg(value), value);
};

/** c₀ xⁿ + c₁ xⁿ⁻¹ + … + cₙ */
const polynomial = (x: Scalar, [first, ...others]: readonly number[]): Scalar =>
  others.reduce<Scalar>((sum, coefficient) => add(mul(sum, x), lit(coefficient)), lit(first!));

/** x + x³ · p(x²), what the odd functions here are near 0. */
const nearZero = (x: Scalar, coefficients: readonly number[]): Scalar => {
  const square = mul(x, x);
  return add(x, mul(mul(polynomial(square, coefficients), square), x));
};

/** `value` where a condition on |x| holds, not a number elsewhere. */
const within = (x: Scalar, value: Scalar): Scalar =>
  select(le(abs(x), lit(1)), value, div(sub(x, x), sub(x, x)));

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

export const tan = activation(
  'tan',
  'Tangent of an angle in radians.',
  Math.tan,
  tanOf,
  asOnnx('Tan'),
  asTorch('torch.tan'),
);
export const asin = activation(
  'asin',
  'The angle whose sine is x, in radians; not a number beyond ±1.',
  Math.asin,
  (x) => within(x, asinOf(x)),
  asOnnx('Asin'),
  asTorch('torch.asin'),
);
export const acos = activation(
  'acos',
  'The angle whose cosine is x, in radians; not a number beyond ±1.',
  Math.acos,
  (x) => within(x, sub(lit(Math.PI / 2), asinOf(x))),
  asOnnx('Acos'),
  asTorch('torch.acos'),
);
export const atan = activation(
  'atan',
  'The angle whose tangent is x, in radians.',
  Math.atan,
  atanOf,
  asOnnx('Atan'),
  asTorch('torch.atan'),
);
export const sinh = activation(
  'sinh',
  'Hyperbolic sine.',
  Math.sinh,
  (x) => half(sub(exp(x), exp(neg(x)))),
  asOnnx('Sinh'),
  asTorch('torch.sinh'),
);
export const cosh = activation(
  'cosh',
  'Hyperbolic cosine.',
  Math.cosh,
  (x) => half(add(exp(x), exp(neg(x)))),
  asOnnx('Cosh'),
  asTorch('torch.cosh'),
);
export const asinh = activation(
  'asinh',
  'Inverse hyperbolic sine.',
  Math.asinh,
  (x) => odd(x, (size) => log(add(size, sqrt(add(mul(size, size), lit(1)))))),
  asOnnx('Asinh'),
  asTorch('torch.asinh'),
);
export const acosh = activation(
  'acosh',
  'Inverse hyperbolic cosine; not a number below 1.',
  Math.acosh,
  (x) => {
    const root = sqrt(sub(mul(x, x), lit(1)));
    return select(le(lit(1), x), log(add(x, root)), div(sub(x, x), sub(x, x)));
  },
  asOnnx('Acosh'),
  asTorch('torch.acosh'),
);
export const atanh = activation(
  'atanh',
  'Inverse hyperbolic tangent; not a number beyond ±1.',
  Math.atanh,
  (x) => within(x, half(log(div(add(lit(1), x), sub(lit(1), x))))),
  asOnnx('Atanh'),
  asTorch('torch.atanh'),
);

export const TAN = word(tan);
export const ASIN = word(asin);
export const ACOS = word(acos);
export const ATAN = word(atan);
export const SINH = word(sinh);
export const COSH = word(cosh);
export const ASINH = word(asinh);
export const ACOSH = word(acosh);
export const ATANH = word(atanh);

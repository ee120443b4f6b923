// Expressions that several operators are made of.
import { abs, div, lit, lt, mul, neg, select, sub, type Scalar, type Test } from './expression.ts';

export const half = (x: Scalar): Scalar => mul(lit(0.5), x);

/** 1 where a test holds, 0 elsewhere. */
export const truth = (test: Test): Scalar => select(test, lit(1), lit(0));

/** `ofSize` of the absolute value of x, with the sign of x. */
export const odd = (x: Scalar, ofSize: (size: Scalar) => Scalar): Scalar => {
  const value = ofSize(abs(x));
  return select(lt(x, lit(0)), neg(value), value);
};

/** NaN, computed from a number that there is: WGSL has no constant for it. */
export const notANumber = (x: Scalar): Scalar => div(sub(x, x), sub(x, x));

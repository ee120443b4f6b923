import type { BinaryFn, Scalar, Test, UnaryFn } from './expression.ts';

/** The value of an expression, in double precision. */
export function evaluateScalar(e: Scalar, operands: (name: string) => number): number {
  const value = (part: Scalar): number => evaluateScalar(part, operands);
  switch (e.kind) {
    case 'operand':
      return operands(e.name);
    case 'literal':
      return e.value;
    case 'unary':
      return UNARY[e.fn](value(e.x));
    case 'binary':
      return BINARY[e.fn](value(e.x), value(e.y));
    case 'select':
      return evaluateTest(e.test, operands) ? value(e.yes) : value(e.no);
  }
}

/** The value of an expression where it follows from the operands that are known, whatever the others are. */
export function settledValue(e: Scalar, operands: (name: string) => number | undefined): number | undefined {
  const value = (part: Scalar): number | undefined => settledValue(part, operands);
  switch (e.kind) {
    case 'operand':
      return operands(e.name);
    case 'literal':
      return e.value;
    case 'unary': {
      const x = value(e.x);
      return x === undefined ? undefined : UNARY[e.fn](x);
    }
    case 'binary': {
      const [x, y] = [value(e.x), value(e.y)];
      return x === undefined || y === undefined ? undefined : BINARY[e.fn](x, y);
    }
    case 'select': {
      const [x, y] = [value(e.test.x), value(e.test.y)];
      if (x !== undefined && y !== undefined) return value(TEST[e.test.fn](x, y) ? e.yes : e.no);
      const [yes, no] = [value(e.yes), value(e.no)];
      return yes === no ? yes : undefined;
    }
  }
}

/** Whether a comparison holds. */
export const evaluateTest = ({ fn, x, y }: Test, operands: (name: string) => number): boolean =>
  TEST[fn](evaluateScalar(x, operands), evaluateScalar(y, operands));

const UNARY: Readonly<Record<UnaryFn, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundToEven,
  fround: Math.fround,
  sign: Math.sign,
  is_nan: (x) => Number(Number.isNaN(x)),
  is_infinite: (x) => Number(Math.abs(x) === Infinity),
};

const BINARY: Readonly<Record<BinaryFn, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  rem: (x, y) => x % y,
  min: Math.min,
  max: Math.max,
  pow: Math.pow,
  bit_and: (x, y) => x & y,
  bit_or: (x, y) => x | y,
  bit_xor: (x, y) => x ^ y,
};

const TEST: Readonly<Record<Test['fn'], (x: number, y: number) => boolean>> = {
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  eq: (x, y) => x === y,
};

/** The nearest whole number; from the middle, the even one. */
export function roundToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

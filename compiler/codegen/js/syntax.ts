import type { BinaryFn } from '../../scalar/expression.ts';
import { bare, type ScalarSyntax } from '../../scalar/print.ts';

const OPERATORS: { readonly [K in BinaryFn]?: string } = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  rem: '%',
  bit_and: '&',
  bit_or: '|',
  bit_xor: '^',
};

/** How JavaScript spells scalar arithmetic. */
export const JS_SYNTAX: ScalarSyntax = {
  literal: number,
  unary: (fn, x) => {
    switch (fn) {
      case 'neg':
        return `(-${x})`;
      case 'round':
        return `roundToEven(${bare(x)})`;
      case 'is_nan':
        return `Number(Number.isNaN(${bare(x)}))`;
      case 'is_infinite':
        return `Number(Math.abs(${bare(x)}) === Infinity)`;
      default:
        return `Math.${fn}(${bare(x)})`;
    }
  },
  binary: (fn, x, y) => {
    const sign = OPERATORS[fn];
    return sign === undefined ? `Math.${fn}(${bare(x)}, ${bare(y)})` : `(${x} ${sign} ${y})`;
  },
  test: (fn, x, y) => `${x} ${{ lt: '<', le: '<=', eq: '===' }[fn]} ${y}`,
  select: (test, yes, no) => `(${test} ? ${yes} : ${no})`,
  bind: (name, value) => `const ${name} = ${bare(value)};`,
};

/** Math.round goes up from the middle; ONNX, and all of quantisation, goes to the even neighbour. */
export const ROUND = `\
const roundToEven = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));`;

/** A number that reads back as itself; negative ones in parentheses, so that no `--` arises. */
export function number(value: number): string {
  if (Object.is(value, -0)) return '(-0)';
  if (Number.isNaN(value)) return 'NaN';
  return value < 0 ? `(${value})` : String(value);
}

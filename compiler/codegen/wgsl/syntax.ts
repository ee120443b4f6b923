import { invariant } from '../../support/assert.ts';
import { bare, type ScalarSyntax } from '../../scalar/print.ts';

/** The bits of a number without its sign. Comparing numbers will not do: shaders may take it that none is infinite. */
const magnitude = (x: string): string => `(bitcast<vec4u>(${bare(x)}) & vec4u(0x7fffffff))`;
const INFINITY = 'vec4u(0x7f800000)';

/** How WGSL spells scalar arithmetic on four channels at once. */
export const WGSL_SYNTAX: ScalarSyntax = {
  literal: (value) => `vec4f(${number(value)})`,
  unary: (fn, x) => {
    switch (fn) {
      case 'fround':
        return x; // as everything is
      case 'neg':
        return `(-${x})`;
      case 'tanh': // made of powers of e, it would be ∞ / ∞ far out
        return `tanh(clamp(${bare(x)}, vec4f(-10.0), vec4f(10.0)))`;
      case 'sin':
        return `sine(${bare(x)}, 0.0)`;
      case 'cos':
        return `sine(${bare(x)}, 0.5)`;
      case 'is_nan':
        return `vec4f(${magnitude(x)} > ${INFINITY})`;
      case 'is_infinite':
        return `vec4f(${magnitude(x)} == ${INFINITY})`;
      default:
        return `${fn}(${bare(x)})`;
    }
  },
  binary: (fn, x, y) => {
    switch (fn) {
      case 'add':
        return `(${x} + ${y})`;
      case 'sub':
        return `(${x} - ${y})`;
      case 'mul':
        return `(${x} * ${y})`;
      case 'div':
        return `(${x} / ${y})`;
      case 'rem':
        return `(${x} % ${y})`;
      case 'min':
      case 'max':
      case 'pow':
        return `${fn}(${bare(x)}, ${bare(y)})`;
      case 'bit_and':
        return `vec4f(vec4i(${bare(x)}) & vec4i(${bare(y)}))`;
      case 'bit_or':
        return `vec4f(vec4i(${bare(x)}) | vec4i(${bare(y)}))`;
      case 'bit_xor':
        return `vec4f(vec4i(${bare(x)}) ^ vec4i(${bare(y)}))`;
    }
  },
  test: (fn, x, y) => `${x} ${{ lt: '<', le: '<=', eq: '==' }[fn]} ${y}`,
  select: (test, yes, no) => `select(${bare(no)}, ${bare(yes)}, ${test})`,
  bind: (name, value) => `let ${name} = ${bare(value)};`,
};

/** GPUs promise little of sines: 2⁻¹¹ between −π and π, nothing beyond. */
export const SINE = `\
// Sine of x + \`ahead\` · π: within 1e-6 while |x| < 1e5, between -1 and 1 wherever x has a sine. What is nearest
// of the multiples of π is taken off in parts of few bits, so that little is lost; odd multiples turn the sign.
fn sine(x: vec4f, ahead: f32) -> vec4f {
  let halves = round(x * ${1 / Math.PI} + ahead);
  let turns = halves - ahead;
  let near = ((x - turns * 3.140625) - turns * 9.67502593994140625e-4) - turns * 1.5099579897537296e-7;
  let square = near * near;
  let series = ((((-${1 / 39_916_800} * square + ${1 / 362_880}) * square - ${1 / 5040}) * square
    + ${1 / 120}) * square - ${1 / 6}) * square + 1.0;
  let value = clamp(near * series, vec4f(-1.0), vec4f(1.0));
  return select(value, -value, abs(halves % 2.0) == vec4f(1.0));
}`;

const LARGEST = 3.4028234663852886e38;

/** A float literal. WGSL has no infinities: the largest number stands for them. */
export function number(value: number): string {
  invariant(!Number.isNaN(value), 'a number in WGSL');
  if (Object.is(value, -0)) return '-0.0';
  const finite = Math.min(Math.max(value, -LARGEST), LARGEST);
  const text = String(finite);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

import { invariant } from '../../support/assert.ts';
import { bare, type ScalarSyntax } from '../../scalar/print.ts';

/** What a thread computes at once: four channels, or one. */
export type Lanes = 'vec4f' | 'f32';

const WHOLE_LANES = { vec4f: ['vec4i', 'vec4u'], f32: ['i32', 'u32'] } as const;

/** How WGSL spells scalar arithmetic on so many channels at once. */
export function wgslSyntax(float: Lanes): ScalarSyntax {
  const [int, uint] = WHOLE_LANES[float];
  /** The bits of a number without its sign. Comparing numbers will not do: shaders may take it that none is infinite. */
  const magnitude = (x: string): string => `(bitcast<${uint}>(${bare(x)}) & ${uint}(0x7fffffff))`;
  const infinity = `${uint}(0x7f800000)`;
  return {
    literal: (value) => `${float}(${number(value)})`,
    unary: (fn, x) => {
      switch (fn) {
        case 'fround':
          return x; // as everything is
        case 'neg':
          return `(-${x})`;
        case 'tanh': // made of powers of e, it would be ∞ / ∞ far out
          return `tanh(clamp(${bare(x)}, ${float}(-10.0), ${float}(10.0)))`;
        case 'sin':
          return `sine(${bare(x)}, 0.0)`;
        case 'cos':
          return `sine(${bare(x)}, 0.5)`;
        case 'is_nan':
          return `${float}(${magnitude(x)} > ${infinity})`;
        case 'is_infinite':
          return `${float}(${magnitude(x)} == ${infinity})`;
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
          return `${float}(${int}(${bare(x)}) & ${int}(${bare(y)}))`;
        case 'bit_or':
          return `${float}(${int}(${bare(x)}) | ${int}(${bare(y)}))`;
        case 'bit_xor':
          return `${float}(${int}(${bare(x)}) ^ ${int}(${bare(y)}))`;
      }
    },
    test: (fn, x, y) => `${x} ${{ lt: '<', le: '<=', eq: '==' }[fn]} ${y}`,
    select: (test, yes, no) => `select(${bare(no)}, ${bare(yes)}, ${test})`,
    bind: (name, value) => `let ${name} = ${bare(value)};`,
  };
}

export const WGSL_SYNTAX = wgslSyntax('vec4f');

/** GPUs promise little of sines: 2⁻¹¹ between −π and π, nothing beyond. */
export const sine = (float: Lanes): string => `\
// Sine of x + \`ahead\` · π: within 1e-6 while |x| < 1e5, between -1 and 1 wherever x has a sine. What is nearest
// of the multiples of π is taken off in parts of few bits, so that little is lost; odd multiples turn the sign.
fn sine(x: ${float}, ahead: f32) -> ${float} {
  let halves = round(x * ${1 / Math.PI} + ahead);
  let turns = halves - ahead;
  let near = ((x - turns * 3.140625) - turns * 9.67502593994140625e-4) - turns * 1.5099579897537296e-7;
  let square = near * near;
  let series = ((((-${1 / 39_916_800} * square + ${1 / 362_880}) * square - ${1 / 5040}) * square
    + ${1 / 120}) * square - ${1 / 6}) * square + 1.0;
  let value = clamp(near * series, ${float}(-1.0), ${float}(1.0));
  return select(value, -value, abs(halves % 2.0) == ${float}(1.0));
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

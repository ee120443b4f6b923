// Scalar arithmetic as data: activations, element-wise operators and fused epilogues are written
// once, as an expression, and printed by every target.

export type Scalar =
  | { readonly kind: 'operand'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'unary'; readonly fn: UnaryFn; readonly x: Scalar }
  | { readonly kind: 'binary'; readonly fn: BinaryFn; readonly x: Scalar; readonly y: Scalar }
  | { readonly kind: 'select'; readonly test: Test; readonly yes: Scalar; readonly no: Scalar };

/**
 * `round` goes to the even neighbour from the middle (IEEE 754, ONNX, WGSL); `fround` is x in float32; `is_nan` and
 * `is_infinite` are 1 or 0, also where a compiler of shaders takes comparisons for granted.
 */
export type UnaryFn =
  | 'neg'
  | 'abs'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'fround'
  | 'sign'
  | 'is_nan'
  | 'is_infinite';
/**
 * `rem` has the sign of its first operand, as `%` has in JavaScript and WGSL. Of numbers that have bits, the whole
 * part counts, as an integer of 32 bits.
 */
export type BinaryFn =
  'add' | 'sub' | 'mul' | 'div' | 'rem' | 'min' | 'max' | 'pow' | 'bit_and' | 'bit_or' | 'bit_xor';

/** `x < y` and its kin; comparisons with NaN are false. */
export interface Test {
  readonly fn: 'lt' | 'le' | 'eq';
  readonly x: Scalar;
  readonly y: Scalar;
}

const unary =
  (fn: UnaryFn) =>
  (x: Scalar): Scalar => ({ kind: 'unary', fn, x });
const binary =
  (fn: BinaryFn) =>
  (x: Scalar, y: Scalar): Scalar => ({ kind: 'binary', fn, x, y });
const compare =
  (fn: Test['fn']) =>
  (x: Scalar, y: Scalar): Test => ({ fn, x, y });

export const operand = (name: string): Scalar => ({ kind: 'operand', name });
export const lit = (value: number): Scalar => ({ kind: 'literal', value });
export const select = (test: Test, yes: Scalar, no: Scalar): Scalar => ({
  kind: 'select',
  test,
  yes,
  no,
});

export const neg = unary('neg');
export const abs = unary('abs');
export const exp = unary('exp');
export const sqrt = unary('sqrt');
export const sin = unary('sin');
export const cos = unary('cos');
export const tanh = unary('tanh');
export const log = unary('log');
export const floor = unary('floor');
export const ceil = unary('ceil');
export const round = unary('round');
export const fround = unary('fround');
export const sign = unary('sign');
export const isNaN = unary('is_nan');
export const isInfinite = unary('is_infinite');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const rem = binary('rem');
export const pow = binary('pow');
export const min = binary('min');
export const max = binary('max');
export const bitAnd = binary('bit_and');
export const bitOr = binary('bit_or');
export const bitXor = binary('bit_xor');

export const lt = compare('lt');
export const le = compare('le');
export const eq = compare('eq');

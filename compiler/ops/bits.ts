// Operators on the bits of numbers: of whole ones, and of those that are none.
import { bitAnd, bitOr, bitXor, isInfinite, isNaN as isNoNumber } from '../scalar/expression.ts';
import { activation } from './activation.ts';
import { pairwise, pairWord } from './arithmetic.ts';
import { word } from './functions.ts';
import { ELEMENT, ofRank, type OnnxMapping } from './onnx.ts';
import { torchPair } from './torch.ts';

/** Whole numbers are float32 here, int32 there. */
const onIntegers =
  (op: string): OnnxMapping<{ readonly a: 'one'; readonly b: 'one' }, Record<never, never>> =>
  ({ a, b }, _, { types, out, ...emit }) => {
    const side = { ...emit, rank: out.shape.length };
    const sides = [ofRank(a, types.a, side), ofRank(b, types.b, side)];
    const whole = sides.map((x) => emit.node('Cast', [x], { to: ELEMENT.int32 }));
    return emit.node('Cast', [emit.node(op, whole)], { to: ELEMENT.float });
  };

const torchIntegers = (operator: string) =>
  torchPair((a, b) => `(${a}.int() ${operator} ${b}.int()).float()`);

export const bitwiseAnd = pairwise(
  'bit_and',
  'The bits that both of two whole numbers have.',
  (a, b) => a & b,
  bitAnd,
  onIntegers('BitwiseAnd'),
  torchIntegers('&'),
);
export const bitwiseOr = pairwise(
  'bit_or',
  'The bits that one or both of two whole numbers have.',
  (a, b) => a | b,
  bitOr,
  onIntegers('BitwiseOr'),
  torchIntegers('|'),
);
export const bitwiseXor = pairwise(
  'bit_xor',
  'The bits that one of two whole numbers has and the other has not.',
  (a, b) => a ^ b,
  bitXor,
  onIntegers('BitwiseXor'),
  torchIntegers('^'),
);

export const isNaN = activation(
  'is_nan',
  '1 where x is not a number, 0 elsewhere.',
  (v) => Number(Number.isNaN(v)),
  isNoNumber,
  ({ x }, _, { node }) => node('Cast', [node('IsNaN', [x])], { to: ELEMENT.float }),
  ({ x }) => `torch.isnan(${x}).float()`,
);
export const isInf = activation(
  'is_inf',
  '1 where x is infinite, 0 elsewhere.',
  (v) => Number(v === Infinity || v === -Infinity),
  isInfinite,
  ({ x }, _, { node }) => node('Cast', [node('IsInf', [x])], { to: ELEMENT.float }),
  ({ x }) => `torch.isinf(${x}).float()`,
);

export const BIT_AND = pairWord('BIT_AND', bitwiseAnd);
export const BIT_OR = pairWord('BIT_OR', bitwiseOr);
export const BIT_XOR = pairWord('BIT_XOR', bitwiseXor);
export const IS_NAN = word(isNaN);
export const IS_INF = word(isInf);

// Operators on the bits of numbers: of whole ones, and of those that are none.
import { bitAnd, bitOr, bitXor, isInfinite, isNaN as isNoNumber } from '../scalar/expression.ts';
import type { AttrSpecs, PairOperands } from './define.ts';
import { ELEMENT, stretchedPair, type OnnxMapping } from './onnx.ts';
import { pairwise, pairWord } from './pairwise.ts';
import { torchPair } from './torch.ts';
import { unary, unaryWord } from './unary.ts';

/** Whole numbers are float32 here, int32 there. */
const onIntegers =
  (op: string): OnnxMapping<PairOperands, AttrSpecs> =>
  (pair, _, call) => {
    const whole = stretchedPair(pair, call).map((x) => call.node('Cast', [x], { to: ELEMENT.int32 }));
    return call.node('Cast', [call.node(op, whole)], { to: ELEMENT.float });
  };

const torchIntegers = (operator: string) =>
  torchPair((a, b) => `(${a}.int() ${operator} ${b}.int()).float()`);

export const bitwiseAnd = pairwise({
  name: 'bit_and',
  doc: 'The bits that both of two whole numbers have.',
  meaning: (a, b) => a & b,
  formula: bitAnd,
  onnx: onIntegers('BitwiseAnd'),
  torch: torchIntegers('&'),
});
export const bitwiseOr = pairwise({
  name: 'bit_or',
  doc: 'The bits that one or both of two whole numbers have.',
  meaning: (a, b) => a | b,
  formula: bitOr,
  onnx: onIntegers('BitwiseOr'),
  torch: torchIntegers('|'),
});
export const bitwiseXor = pairwise({
  name: 'bit_xor',
  doc: 'The bits that one of two whole numbers has and the other has not.',
  meaning: (a, b) => a ^ b,
  formula: bitXor,
  onnx: onIntegers('BitwiseXor'),
  torch: torchIntegers('^'),
});

export const isNaN = unary({
  name: 'is_nan',
  doc: '1 where x is not a number, 0 elsewhere.',
  meaning: (v) => Number(Number.isNaN(v)),
  formula: isNoNumber,
  onnx: ({ x }, _, { node }) => node('Cast', [node('IsNaN', [x])], { to: ELEMENT.float }),
  torch: ({ x }) => `torch.isnan(${x}).float()`,
});
export const isInf = unary({
  name: 'is_inf',
  doc: '1 where x is infinite, 0 elsewhere.',
  meaning: (v) => Number(v === Infinity || v === -Infinity),
  formula: isInfinite,
  onnx: ({ x }, _, { node }) => node('Cast', [node('IsInf', [x])], { to: ELEMENT.float }),
  torch: ({ x }) => `torch.isinf(${x}).float()`,
});

export const BIT_AND = pairWord('BIT_AND', bitwiseAnd);
export const BIT_OR = pairWord('BIT_OR', bitwiseOr);
export const BIT_XOR = pairWord('BIT_XOR', bitwiseXor);
export const IS_NAN = unaryWord(isNaN);
export const IS_INF = unaryWord(isInf);

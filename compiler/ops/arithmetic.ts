// Arithmetic of two values that stretch to each other; sums and products are in files of their own.
import { notANumber } from '../scalar/derived.ts';
import {
  abs,
  div as quotient,
  eq,
  floor,
  le,
  lit,
  max as larger,
  min as smaller,
  neg,
  pow as power,
  rem,
  select,
  sub as difference,
} from '../scalar/expression.ts';
import { asOnnxPair } from './onnx.ts';
import { pairwise, pairWord } from './pairwise.ts';
import { asTorchPair, torchPair } from './torch.ts';

export const sub = pairwise({
  name: 'sub',
  doc: 'a − b.',
  meaning: (a, b) => a - b,
  formula: difference,
  onnx: asOnnxPair('Sub'),
  torch: asTorchPair('-'),
});

export const div = pairwise({
  name: 'div',
  doc: 'a / b.',
  meaning: (a, b) => a / b,
  formula: quotient,
  onnx: asOnnxPair('Div'),
  torch: asTorchPair('/'),
});

export const min = pairwise({
  name: 'min',
  doc: 'The smaller of both.',
  meaning: Math.min,
  formula: smaller,
  onnx: asOnnxPair('Min'),
  torch: torchPair('torch.minimum'),
});

export const max = pairwise({
  name: 'max',
  doc: 'The larger of both.',
  meaning: Math.max,
  formula: larger,
  onnx: asOnnxPair('Max'),
  torch: torchPair('torch.maximum'),
});

/** GPUs know powers of positive numbers only. */
export const pow = pairwise({
  name: 'pow',
  doc: 'a to the power b; not a number where a is negative and b is not whole.',
  meaning: (a, b) => a ** b,
  formula: (a, b) => {
    const size = power(abs(a), b);
    const isOdd = eq(rem(abs(b), lit(2)), lit(1));
    const ofNegative = select(isOdd, neg(size), size);
    return select(le(lit(0), a), size, select(eq(floor(b), b), ofNegative, notANumber(a)));
  },
  onnx: asOnnxPair('Pow'),
  torch: torchPair('torch.pow'),
});

export const remainder = pairwise({
  name: 'remainder',
  doc: 'What is left of a after whole multiples of b, with the sign of a (fmod of C).',
  meaning: (a, b) => a % b,
  formula: rem,
  onnx: asOnnxPair('Mod', { fmod: 1 }),
  torch: torchPair('torch.fmod'),
});

export const SUB = pairWord('SUB', sub);
export const DIV = pairWord('DIV', div);
export const MIN = pairWord('MIN', min);
export const MAX = pairWord('MAX', max);
export const POW = pairWord('POW', pow);
export const MOD = pairWord('MOD', remainder);

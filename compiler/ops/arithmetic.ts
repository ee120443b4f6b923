// Arithmetic of two values that stretch to each other. Each is one scalar formula, which every target prints,
// and its meaning as a plain function, which the reference runs.
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
  type Scalar,
} from '../scalar/expression.ts';
import { requireStretchable } from './arms.ts';
import { defineOp } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { defineKeyword, says } from './keyword.ts';
import { asOnnxPair, type OnnxMapping } from './onnx.ts';
import { asTorchPair, torchPair, type TorchMapping } from './torch.ts';

type PairOperands = { readonly a: 'one'; readonly b: 'one' };
type Pair = OnnxMapping<PairOperands, Record<never, never>>;
type TorchPair = TorchMapping<PairOperands, Record<never, never>>;

/** An operator of two operands, element by element. */
export const pairwise = <const Name extends string>(
  name: Name,
  doc: string,
  meaning: (a: number, b: number) => number,
  formula: (a: Scalar, b: Scalar) => Scalar,
  onnx: Pair,
  torch: TorchPair,
) =>
  defineOp({
    name,
    kind: 'scalar',
    doc,
    operands: { a: 'one', b: 'one' },
    attrs: {},
    infer: ({ a, b }) => broadcastTypes([a, b]),
    formula: ({ a, b }) => formula(a, b),
    evaluate: ({ a, b }, _, out) => mapElements([a, b], out, (p, q) => meaning(p!, q!)),
    onnx,
    torch,
    sample: (pick) => ({ operands: samplePair(pick), attrs: {} }),
  });

export const sub = pairwise(
  'sub',
  'a − b.',
  (a, b) => a - b,
  difference,
  asOnnxPair('Sub'),
  asTorchPair('-'),
);

export const div = pairwise('div', 'a / b.', (a, b) => a / b, quotient, asOnnxPair('Div'), asTorchPair('/'));

export const min = pairwise(
  'min',
  'The smaller of both.',
  Math.min,
  smaller,
  asOnnxPair('Min'),
  torchPair('torch.minimum'),
);

export const max = pairwise(
  'max',
  'The larger of both.',
  Math.max,
  larger,
  asOnnxPair('Max'),
  torchPair('torch.maximum'),
);

/** GPUs know powers of positive numbers only. */
export const pow = pairwise(
  'pow',
  'a to the power b; not a number where a is negative and b is not whole.',
  (a, b) => a ** b,
  (a, b) => {
    const size = power(abs(a), b);
    const isOdd = eq(rem(abs(b), lit(2)), lit(1));
    const ofNegative = select(isOdd, neg(size), size);
    const nothing = quotient(difference(a, a), difference(a, a));
    return select(le(lit(0), a), size, select(eq(floor(b), b), ofNegative, nothing));
  },
  asOnnxPair('Pow'),
  torchPair('torch.pow'),
);

export const remainder = pairwise(
  'remainder',
  'What is left of a after whole multiples of b, with the sign of a (fmod of C).',
  (a, b) => a % b,
  rem,
  (operands, attrs, call) =>
    asOnnxPair('Mod')(operands, attrs, {
      ...call,
      node: (op, inputs, given) => call.node(op, inputs, op === 'Mod' ? { fmod: 1 } : given),
    }),
  torchPair('torch.fmod'),
);

type PairOp = ReturnType<typeof pairwise>;

/** SUB, DIV, …: joins its values from the left, two at a time. */
export const pairWord = (keyword: string, op: PairOp) =>
  defineKeyword({
    keyword,
    doc: op.doc,
    merges: true,
    positional: [],
    args: {},
    says: says(op),
    build: (call) => {
      requireStretchable(keyword, call.values);
      return call.values.reduce((a, b) => call.emit(op, { a, b }));
    },
  });

export const SUB = pairWord('SUB', sub);
export const DIV = pairWord('DIV', div);
export const MIN = pairWord('MIN', min);
export const MAX = pairWord('MAX', max);
export const POW = pairWord('POW', pow);
export const MOD = pairWord('MOD', remainder);

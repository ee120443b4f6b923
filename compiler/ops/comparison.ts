// Comparisons and logic: 1 stands for true, 0 for false, and everything but 0 is true.
import { eq, le, lit, lt, select, type Scalar, type Test } from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { pairwise, pairWord } from './arithmetic.ts';
import { requireStretchable } from './arms.ts';
import { defineOp } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT, ofRank, type OnnxCall, type OnnxMapping } from './onnx.ts';
import { asTensor, python, stretched, torchPair, type TorchMapping } from './torch.ts';

const truth = (test: Test): Scalar => select(test, lit(1), lit(0));
const isFalse = (x: Scalar): Test => eq(x, lit(0));

type PairOperands = { readonly a: 'one'; readonly b: 'one' };
type Pair = OnnxMapping<PairOperands, Record<never, never>>;

/** An operator of ONNX that gives truth values, for operands that are numbers or, with `bool`, truth values too. */
const asTest =
  (op: string, takes: 'float' | 'bool'): Pair =>
  ({ a, b }, _, { types, out, ...emit }) => {
    const side = { ...emit, rank: out.shape.length };
    const sides = [ofRank(a, types.a, side), ofRank(b, types.b, side)];
    const cast = (x: string) => (takes === 'bool' ? emit.node('Cast', [x], { to: ELEMENT.bool }) : x);
    return emit.node('Cast', [emit.node(op, sides.map(cast))], { to: ELEMENT.float });
  };

/** The same in PyTorch, as numbers again. */
const torchTest = (
  operator: string,
  takes: 'float' | 'bool',
): TorchMapping<PairOperands, Record<never, never>> =>
  torchPair((a, b) =>
    takes === 'bool' ? `((${a} != 0) ${operator} (${b} != 0)).float()` : `(${a} ${operator} ${b}).float()`,
  );

export const equal = pairwise(
  'equal',
  '1 where a = b.',
  (a, b) => Number(a === b),
  (a, b) => truth(eq(a, b)),
  asTest('Equal', 'float'),
  torchTest('==', 'float'),
);

export const less = pairwise(
  'less',
  '1 where a < b.',
  (a, b) => Number(a < b),
  (a, b) => truth(lt(a, b)),
  asTest('Less', 'float'),
  torchTest('<', 'float'),
);

export const lessOrEqual = pairwise(
  'less_or_equal',
  '1 where a ≤ b.',
  (a, b) => Number(a <= b),
  (a, b) => truth(le(a, b)),
  asTest('LessOrEqual', 'float'),
  torchTest('<=', 'float'),
);

export const and = pairwise(
  'and',
  '1 where both are true.',
  (a, b) => Number(a !== 0 && b !== 0),
  (a, b) => select(isFalse(a), lit(0), select(isFalse(b), lit(0), lit(1))),
  asTest('And', 'bool'),
  torchTest('&', 'bool'),
);

export const or = pairwise(
  'or',
  '1 where one or both are true.',
  (a, b) => Number(a !== 0 || b !== 0),
  (a, b) => select(isFalse(a), select(isFalse(b), lit(0), lit(1)), lit(1)),
  asTest('Or', 'bool'),
  torchTest('|', 'bool'),
);

export const xor = pairwise(
  'xor',
  '1 where one is true and the other is not.',
  (a, b) => Number((a !== 0) !== (b !== 0)),
  (a, b) => select(isFalse(a), select(isFalse(b), lit(0), lit(1)), truth(isFalse(b))),
  asTest('Xor', 'bool'),
  torchTest('^', 'bool'),
);

/** The one operator of three operands that stretch to each other. */
export const where = defineOp({
  name: 'where',
  kind: 'scalar',
  doc: 'a where the condition is true, b elsewhere.',
  operands: { condition: 'one', a: 'one', b: 'one' },
  attrs: {},
  infer: ({ condition, a, b }) => broadcastTypes([condition, a, b]),
  formula: ({ condition, a, b }) => select(isFalse(condition), b, a),
  evaluate: ({ condition, a, b }, _, out) =>
    mapElements([condition, a, b], out, (test, p, q) => (test === 0 ? q! : p!)),
  onnx: ({ condition, a, b }, _, { types, out, ...emit }: OnnxCall<WhereOperands>) => {
    const side = { ...emit, rank: out.shape.length };
    const test = emit.node('Cast', [ofRank(condition, types.condition, side)], { to: ELEMENT.bool });
    return emit.node('Where', [test, ofRank(a, types.a, side), ofRank(b, types.b, side)]);
  },
  torch: ({ condition, a, b }, _, { types, out }) => {
    const test = asTensor(stretched(condition, types.condition, out));
    return python('torch.where', [`${test} != 0`, stretched(a, types.a, out), stretched(b, types.b, out)]);
  },
  sample: (pick) => {
    const { a, b } = samplePair(pick);
    return { operands: { condition: pick.of([a, b]), a, b }, attrs: {} };
  },
});

type WhereOperands = { readonly condition: 'one'; readonly a: 'one'; readonly b: 'one' };

export const EQUAL = pairWord('EQUAL', equal);
export const LESS = pairWord('LESS', less);
export const LESS_EQUAL = pairWord('LESS_EQUAL', lessOrEqual);
export const AND = pairWord('AND', and);
export const OR = pairWord('OR', or);
export const XOR = pairWord('XOR', xor);

export const WHERE = defineKeyword({
  keyword: 'WHERE',
  doc: 'Joins a condition and two values: the first where the condition is not 0, the second elsewhere.',
  merges: true,
  positional: [],
  args: {},
  says: says(where),
  build: (call) => {
    const [condition, a, b, ...more] = call.values;
    if (!condition || !a || !b || more.length > 0)
      return refuse('E027', `WHERE joins a condition and two values, not ${call.values.length}`);
    requireStretchable('WHERE', call.values);
    return call.emit(where, { condition, a, b });
  },
});

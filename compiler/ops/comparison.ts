// Comparisons and logic: 1 stands for true, 0 for false, and everything but 0 is true.
import { truth } from '../scalar/derived.ts';
import { eq, le, lit, lt, select, type Scalar, type Test } from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { requireStretchable } from './arms.ts';
import { defineOp, type AttrSpecs, type PairOperands } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT, ofRank, stretchedPair, type OnnxMapping } from './onnx.ts';
import { pairwise, pairWord } from './pairwise.ts';
import { asTensor, python, stretched, torchPair } from './torch.ts';

const isFalse = (x: Scalar): Test => eq(x, lit(0));

/** An operator of ONNX that gives truth values, for operands that are numbers or, with `bool`, truth values too. */
const asTest =
  (op: string, takes: 'float' | 'bool'): OnnxMapping<PairOperands, AttrSpecs> =>
  (pair, _, call) => {
    const cast = (x: string) => (takes === 'bool' ? call.node('Cast', [x], { to: ELEMENT.bool }) : x);
    return call.node('Cast', [call.node(op, stretchedPair(pair, call).map(cast))], { to: ELEMENT.float });
  };

/** The same in PyTorch, as numbers again. */
const torchTest = (operator: string, takes: 'float' | 'bool') =>
  torchPair((a, b) =>
    takes === 'bool' ? `((${a} != 0) ${operator} (${b} != 0)).float()` : `(${a} ${operator} ${b}).float()`,
  );

export const equal = pairwise({
  name: 'equal',
  doc: '1 where a = b.',
  meaning: (a, b) => Number(a === b),
  formula: (a, b) => truth(eq(a, b)),
  onnx: asTest('Equal', 'float'),
  torch: torchTest('==', 'float'),
});

export const less = pairwise({
  name: 'less',
  doc: '1 where a < b.',
  meaning: (a, b) => Number(a < b),
  formula: (a, b) => truth(lt(a, b)),
  onnx: asTest('Less', 'float'),
  torch: torchTest('<', 'float'),
});

export const lessOrEqual = pairwise({
  name: 'less_or_equal',
  doc: '1 where a ≤ b.',
  meaning: (a, b) => Number(a <= b),
  formula: (a, b) => truth(le(a, b)),
  onnx: asTest('LessOrEqual', 'float'),
  torch: torchTest('<=', 'float'),
});

export const and = pairwise({
  name: 'and',
  doc: '1 where both are true.',
  meaning: (a, b) => Number(a !== 0 && b !== 0),
  formula: (a, b) => select(isFalse(a), lit(0), select(isFalse(b), lit(0), lit(1))),
  onnx: asTest('And', 'bool'),
  torch: torchTest('&', 'bool'),
});

export const or = pairwise({
  name: 'or',
  doc: '1 where one or both are true.',
  meaning: (a, b) => Number(a !== 0 || b !== 0),
  formula: (a, b) => select(isFalse(a), select(isFalse(b), lit(0), lit(1)), lit(1)),
  onnx: asTest('Or', 'bool'),
  torch: torchTest('|', 'bool'),
});

export const xor = pairwise({
  name: 'xor',
  doc: '1 where one is true and the other is not.',
  meaning: (a, b) => Number((a !== 0) !== (b !== 0)),
  formula: (a, b) => select(isFalse(a), select(isFalse(b), lit(0), lit(1)), truth(isFalse(b))),
  onnx: asTest('Xor', 'bool'),
  torch: torchTest('^', 'bool'),
});

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
  onnx: ({ condition, a, b }, _, { types, out, ...emit }) => {
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

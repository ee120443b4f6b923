// Operators of one value, element by element, without attributes, and their words.
import type { Scalar } from '../scalar/expression.ts';
import { defineOp, type OneOperand, type Pick } from './define.ts';
import { defineKeyword, says, type Traits } from './keyword.ts';
import type { OnnxMapping } from './onnx.ts';
import type { TorchMapping } from './torch.ts';

interface Unary<Name extends string> {
  readonly name: Name;
  readonly doc: string;
  /** What the reference runs. */
  readonly meaning: (v: number) => number;
  /** The same as every target prints it, written independently. */
  readonly formula: (x: Scalar) => Scalar;
  readonly onnx: OnnxMapping<OneOperand, Record<never, never>>;
  readonly torch: TorchMapping<OneOperand, Record<never, never>>;
}

export const unary = <const Name extends string>({ meaning, formula, ...operator }: Unary<Name>) =>
  defineOp({
    ...operator,
    kind: 'scalar',
    operands: { x: 'one' },
    attrs: {},
    infer: ({ x }) => x,
    formula: ({ x }) => formula(x),
    evaluate: ({ x }) => x.data.map(meaning),
    sample: (pick) => ({ operands: { x: anyShape(pick) }, attrs: {} }),
  });

/** A vector, a sequence or a map of one item or two. */
export const anyShape = (pick: Pick): number[] => [
  pick.int(1, 2),
  ...pick.of([[], [pick.int(1, 9)], [pick.int(1, 5), pick.int(1, 5)]]),
  pick.int(1, 9),
];

/** NEG, EXP, …: an operator as a word, called as it is. */
export const unaryWord = (op: ReturnType<typeof unary>, traits: Traits = {}) =>
  defineKeyword({
    keyword: op.name.toUpperCase(),
    doc: op.doc,
    ...traits,
    positional: [],
    args: {},
    says: says(op),
    build: (call) => call.emit(op, { x: call.x }),
  });

// Operators of two values that stretch to each other, element by element, without attributes, and their words.
import type { Scalar } from '../scalar/expression.ts';
import { requireStretchable } from './arms.ts';
import { defineOp, type PairOperands } from './define.ts';
import { broadcastTypes, mapElements, samplePair } from './elementwise.ts';
import { defineKeyword, says } from './keyword.ts';
import type { OnnxMapping } from './onnx.ts';
import type { TorchMapping } from './torch.ts';

interface Pairwise<Name extends string> {
  readonly name: Name;
  readonly doc: string;
  /** Its operands may change places. */
  readonly commutative?: true;
  /** What the reference runs. */
  readonly meaning: (a: number, b: number) => number;
  /** The same as every target prints it, written independently. */
  readonly formula: (a: Scalar, b: Scalar) => Scalar;
  readonly onnx: OnnxMapping<PairOperands, Record<never, never>>;
  readonly torch: TorchMapping<PairOperands, Record<never, never>>;
}

export const pairwise = <const Name extends string>({ meaning, formula, ...operator }: Pairwise<Name>) =>
  defineOp({
    ...operator,
    kind: 'scalar',
    operands: { a: 'one', b: 'one' },
    attrs: {},
    infer: ({ a, b }) => broadcastTypes([a, b]),
    formula: ({ a, b }) => formula(a, b),
    evaluate: ({ a, b }, _, out) => mapElements([a, b], out, (p, q) => meaning(p!, q!)),
    sample: (pick) => ({ operands: samplePair(pick), attrs: {} }),
  });

/** SUB, DIV, …: joins its values from the left, two at a time. */
export const pairWord = (keyword: string, op: ReturnType<typeof pairwise>) =>
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

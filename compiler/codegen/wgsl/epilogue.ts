// The epilogue of a node: scalar operators applied to a result as it is stored.
import { epilogueRead } from '../../ir/epilogue-operand.ts';
import type { Node, OpNode } from '../../ir/graph.ts';
import { formulaOf, resultOperand } from '../../ir/semantics.ts';
import { settledValue } from '../../scalar/evaluate.ts';
import { operand, type Scalar } from '../../scalar/expression.ts';
import { bare, printScalar } from '../../scalar/print.ts';
import { invariant } from '../../support/assert.ts';
import { code, lines } from '../../support/code.ts';
import { sizeOf } from '../../tensor/types.ts';
import { wgslSyntax, type Lanes } from './syntax.ts';

/** Where a result is stored: an element of `y`, and which vector of the channels it is, or which channel. */
export interface Place {
  readonly index: string;
  readonly vector: string;
  /** Default: a vector. */
  readonly lanes?: Lanes;
}

/** An operand of the epilogue, under the name that the shader reads it by. */
export interface EpilogueOperand {
  readonly name: string;
  readonly node: Node;
}

export function epilogueOperands(node: OpNode): EpilogueOperand[] {
  return node.epilogue.flatMap((step, i) =>
    Object.entries(step.operands).map(([name, each]) => ({ name: nameOf(i, name), node: each })),
  );
}

/** No operator has operands of such names. */
const nameOf = (step: number, name: string): string => `${name}_of_step${step}`;

/**
 * Statements that store `value`, the epilogue applied: once per scope. `value` and the place must be cheap to
 * repeat.
 */
export function storeText(node: OpNode, value: string, at: Place, fill: boolean): string {
  let temporaries = 0;
  const texts = new Map(
    epilogueOperands(node).map(({ name, node: each }) => [name, elementOf(name, each, node, at)]),
  );
  const { statements, value: result } = printScalar(
    epilogueFormula(node),
    (name) => texts.get(name) ?? value,
    wgslSyntax(at.lanes ?? 'vec4f'),
    () => `t${temporaries++}`,
  );
  return lines([
    ...statements,
    `y[${at.index}] = ${fill ? `filled(${result}, ${at.vector})` : bare(result)};`,
  ]);
}

const FILLED = '// The channels that only fill up the last vector of a pixel are zeros.';

/** Declares `filled`. */
export const filled: Readonly<Record<Lanes, string>> = {
  vec4f: code`
    ${FILLED}
    fn filled(value: vec4f, vector: i32) -> vec4f {
      return select(vec4f(), value, vec4i(0, 1, 2, 3) + 4 * vector < vec4i(shape.filled_channels));
    }
  `,
  f32: code`
    ${FILLED}
    fn filled(value: f32, channel: i32) -> f32 {
      return select(0.0, value, channel < shape.filled_channels);
    }
  `,
};

/**
 * Whether the epilogue leaves the channels that only fill up a vector zero, given zeros there. An operand
 * that holds one number for all channels has it there too.
 */
export function keepsZero(node: OpNode): boolean {
  const single = new Set(
    epilogueOperands(node).flatMap(({ name, node: { type } }) => (sizeOf(type.shape) === 1 ? [name] : [])),
  );
  return isZeroAtZero(epilogueFormula(node), (name) => single.has(name));
}

/** Whether a formula of zeros is zero, whatever the operands are that `isOther` names: numbers, infinities or NaN. */
export const isZeroAtZero = (formula: Scalar, isOther: (name: string) => boolean): boolean =>
  settledValue(formula, (name) => (isOther(name) ? undefined : 0)) === 0;

function epilogueFormula(node: OpNode): Scalar {
  return node.epilogue.reduce<Scalar>((previous, step, i) => {
    const others = Object.keys(step.operands).map((name) => [name, operand(nameOf(i, name))] as const);
    const operands = { ...Object.fromEntries(others), [resultOperand(step.op)]: previous };
    return formulaOf(step.op, operands, step.attrs);
  }, operand('result'));
}

function elementOf(name: string, other: Node, { type }: OpNode, at: Place): string {
  const read = epilogueRead(other.type, type);
  invariant(read, `${other.name} can be read by an epilogue`);
  if (read === 'single') return at.lanes === 'f32' ? `${name}[0]` : `vec4f(${name}[0].x)`;
  return `${name}[${{ element: at.index, channel: at.vector }[read]}]`;
}

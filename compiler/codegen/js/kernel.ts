// What a JavaScript kernel is given, and what it gives.
//
// A kernel is the body of a function that gets the typed arrays of its operands (`x`, `weight`, …) and of
// its result (`y`), prepares what it can, and returns `run`. The arrays are constants of that function,
// which lets the engine embed their addresses: one function of its own for every layer is faster than one
// that is shared.
import { epilogueRead } from '../../ir/epilogue-operand.ts';
import type { Node, OpNode } from '../../ir/graph.ts';
import { formulaOf, resultOperand } from '../../ir/semantics.ts';
import type { OpName, OpsOfKind } from '../../ops/index.ts';
import { fround, operand, type Scalar } from '../../scalar/expression.ts';
import { mayJump } from '../../scalar/jumps.ts';
import { bare, printScalar } from '../../scalar/print.ts';
import { invariant } from '../../support/assert.ts';
import { lines } from '../../support/code.ts';
import { JS_SYNTAX } from './syntax.ts';

/** What the user may choose about the generated JavaScript. */
export interface JsOptions {
  /** Winograd's convolution where it pays: never, F(2, 3) alone, or F(4, 3) too. */
  readonly winograd: 'off' | 'f2' | 'auto';
  /** The source line, weights and cost of the layer above each kernel. */
  readonly annotate: boolean;
  /** Every layer of every run appears in the engine's performance timeline (`performance.measure`). */
  readonly profile: boolean;
}

export const JS_DEFAULTS: JsOptions = { winograd: 'auto', annotate: false, profile: false };

export interface KernelContext extends JsOptions {
  /** Elements of `y` from one pixel to the next: its channels, and more where it is a slice of them. */
  readonly pitch: number;
  /**
   * Statements that store a result: the epilogue applied, then written to `y[index]`. `channel` is the
   * index of the result's channel. Texts must be cheap to repeat.
   */
  store(value: string, at: { index: string; channel: string }): string;
  /**
   * As `store`, for sums of products: these are as often negative as positive, so that ReLU must not branch.
   */
  storeSum(value: string, at: { index: string; channel: string }): string;
  /** An array of float64 that all kernels share, valid during one run; a name in scope. */
  scratch(length: number): string;
}

/** A kernel: decide first, then one template. */
export type Kernel<K extends OpName> = (node: OpNode<K>, context: KernelContext) => string;

/** Every operator that asks for a kernel has one: a missing one is a type error that names it. */
export type Kernels = { readonly [K in OpsOfKind<'kernel'>]: Kernel<K> };

/** The parameters of a node's function: its operands, those of its epilogue, its result. */
export interface Parameter {
  readonly name: string;
  readonly node: Node;
}

export function parametersOf(node: OpNode): Parameter[] {
  const own = Object.entries<Node | readonly Node[] | undefined>(node.operands).flatMap(
    ([name, operands]) => {
      if (operands === undefined) return [];
      return isList(operands)
        ? operands.map((each, i) => ({ name: `${name}${i}`, node: each }))
        : [{ name, node: operands }];
    },
  );
  const later = node.epilogue.flatMap((step, i) =>
    Object.entries(step.operands).map(([name, each]) => ({ name: epilogueName(i, name), node: each })),
  );
  return [...own, ...later];
}

const isList = (operand: Node | readonly Node[]): operand is readonly Node[] => Array.isArray(operand);

/** Operands of the epilogue's steps have names that no operand of an operator has. */
const epilogueName = (step: number, operandName: string): string =>
  `${operandName}${step === 0 ? '' : step}_`;

/** The store of `KernelContext`, for one node. */
export function storeResult(
  node: OpNode,
  value: string,
  at: { index: string; channel: string },
  lower: (formula: Scalar) => Scalar = (formula) => formula,
): string {
  let temporaries = 0;
  const texts = new Map([['result', value]]);
  const result = node.epilogue.reduce<Scalar>((previous, step, i) => {
    const others = Object.entries(step.operands).map(([name, each]) => {
      const parameter = epilogueName(i, name);
      texts.set(parameter, `${parameter}[${elementOf(each, node, at)}]`);
      return [name, operand(parameter)] as const;
    });
    const applied = (to: Scalar) =>
      formulaOf(step.op, { ...Object.fromEntries(others), [resultOperand(step.op)]: to }, step.attrs);
    // Without the epilogue, the value would have been stored between.
    return applied(mayJump(applied(operand('result'))) ? fround(previous) : previous);
  }, operand('result'));
  const { statements, value: final } = printScalar(
    lower(result),
    (name) => texts.get(name)!,
    JS_SYNTAX,
    () => `t${temporaries++}`,
  );
  const store = `y[${at.index}] = ${bare(final)};`;
  return statements.length === 0 ? store : `{\n${lines([...statements, store].map((s) => `  ${s}`))}\n}`;
}

function elementOf(other: Node, { type }: OpNode, at: { index: string; channel: string }): string {
  const read = epilogueRead(other.type, type);
  invariant(read, `${other.name} can be read by an epilogue`);
  return { element: at.index, channel: at.channel, single: '0' }[read];
}

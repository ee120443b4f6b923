import { inputsOf, isConstant, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';
import { sameShape, sizeOf } from '../tensor/types.ts';
import type { Slice } from './slices.ts';
import { baseOf } from './views.ts';

/** From when to when a piece of memory is in use: steps, both included; −1 is before the first. */
export interface Life {
  /** What lies there, one after the other: each of them takes the place of the one before. */
  readonly values: readonly Node[];
  /** In elements. */
  readonly length: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Lives of all values in the arena: inputs and results of steps, not weights. Outputs live to the end. A
 * result takes the place of an operand that dies in its step where it may. What is made in slices lives from
 * the first of them.
 */
export function liveness(graph: Graph, steps: readonly OpNode[], slices: ReadonlyMap<Node, Slice>): Life[] {
  const last = lastUses(graph, steps, slices);
  const lives = new Map<Node, { values: Node[]; length: number; first: number; last: number }>();
  const begin = (node: Node, first: number) =>
    lives.set(node, { values: [node], length: sizeOf(node.type.shape), first, last: last.get(node)! });
  for (const { node } of graph.inputs) begin(node, -1);
  for (const [step, node] of steps.entries()) {
    const slice = slices.get(node);
    if (slice) {
      if (!lives.has(slice.of)) begin(slice.of, step);
      continue;
    }
    const giver = replaceable(node).find((operand) => last.get(operand) === step);
    const life = giver && lives.get(giver);
    if (!life) {
      begin(node, step);
      continue;
    }
    life.values.push(node);
    life.last = last.get(node)!;
    lives.set(node, life);
  }
  return [...new Set(lives.values())];
}

/** The last step that reads each value. */
function lastUses(
  graph: Graph,
  steps: readonly OpNode[],
  slices: ReadonlyMap<Node, Slice>,
): Map<Node, number> {
  const last = new Map<Node, number>(graph.inputs.map(({ node }) => [node, -1]));
  for (const [step, node] of steps.entries()) {
    last.set(slices.get(node)?.of ?? node, step);
    for (const input of inputsOf(node)) if (!isConstant(baseOf(input))) last.set(baseOf(input), step);
  }
  for (const { node } of graph.outputs) last.set(baseOf(node), steps.length);
  return last;
}

/**
 * Operands whose memory the result may have: each element of them is read only where the same element of
 * the result is then stored. Those are operands of the epilogue, and of element-wise operators.
 */
function replaceable(node: OpNode): Node[] {
  const own = Object.values<Node | readonly Node[] | undefined>(node.operands)
    .flat()
    .filter((operand) => operand !== undefined);
  const later = node.epilogue.flatMap((step) => Object.values(step.operands));
  const [elementwise, others] =
    operatorOf(node.op).kind === 'scalar' ? [[...own, ...later], []] : [later, own];
  const isReadElsewhere = new Set(
    [...others, ...elementwise.filter(({ type }) => !sameShape(type.shape, node.type.shape))].map(baseOf),
  );
  const candidates = elementwise.map(baseOf).filter((base) => !isReadElsewhere.has(base));
  return candidates.filter((base) => isOp(base) || base.op === 'input');
}

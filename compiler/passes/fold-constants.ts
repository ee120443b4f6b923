// f(constant, …)  ⇒  constant
//
// What depends on weights alone is computed now, by the operators' own definitions. Valid when every
// operand is a constant with data.
import { inputsOf, isConstant, isOp, type ConstantNode, type Node } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { evaluateNode } from '../ir/semantics.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';

export const foldConstants: Pass = {
  name: 'fold-constants',
  doc: 'Computes what depends on constants alone.',
  numeric: 'exact',
  run(graph) {
    const folded = rebuild(graph, fold);
    return folded === graph ? graph : tidy(folded);
  },
};

function fold(node: Node): Node {
  if (!isOp(node)) return node;
  const inputs = inputsOf(node);
  if (inputs.length === 0 || !inputs.every((input) => isConstant(input) && input.data)) return node;
  // All operands were just seen to be constants with data.
  const { type, data } = evaluateNode(node, (operand) => operand as ConstantNode & { data: Float32Array });
  return {
    op: 'constant',
    name: node.name,
    type,
    origins: node.origins,
    data,
    init: 'zero',
    isStatistic: false,
  } satisfies ConstantNode;
}

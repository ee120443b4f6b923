// kernel → scalar  ⇒  kernel, with the scalar operator applied where the result is stored
// scalar → scalar  ⇒  one loop instead of two
//
// Valid when nobody else reads the first node, the scalar operator keeps its type, and its other operands
// can be read at the place of the result: they have its shape, or one element per channel. Sums and
// products may hang on either operand: a residual sum goes into the last convolution of its branch.
import { dropDead, isOp, type EpilogueStep, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { operatorOf, resultOperand } from '../ir/semantics.ts';
import { sameShape, sameType } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import type { Pass } from './pass.ts';
import { readOnce } from './tidy.ts';
import { originsOf } from './weights.ts';

export const fuseEpilogues: Pass = {
  name: 'fuse-epilogues',
  doc: 'Applies activations, normalisation and residual sums where a result is stored.',
  numeric: 'exact',
  run(graph) {
    const once = readOnce(graph);
    const fused = rebuild(graph, (node) => fuse(node, (first) => once.has(first.name)) ?? node);
    return fused === graph ? graph : renameToFirst(dropDead(fused));
  },
};

/** The node that a scalar operator reads, with the operator as the end of its epilogue. */
function fuse(node: Node, isFree: (first: Node) => boolean): OpNode | undefined {
  if (!isOp(node) || operatorOf(node.op).kind !== 'scalar') return undefined;
  for (const { first, others } of splits(node)) {
    if (!isOp(first) || operatorOf(first.op).kind === 'view' || !isFree(first)) continue;
    if (!sameType(first.type, node.type)) continue;
    if (Object.values(others).some((other) => other === first || !isReadable(other, node))) continue;
    // A scalar operator's own name and attributes, with its operands less the first.
    const step = { op: node.op, attrs: node.attrs, operands: others } as EpilogueStep;
    return {
      ...first,
      name: node.name,
      origins: originsOf(first, node),
      epilogue: [...first.epilogue, step, ...node.epilogue],
    };
  }
  return undefined;
}

const isReadable = (operand: Node, { type }: OpNode): boolean =>
  sameShape(operand.type.shape, type.shape) ||
  (operand.type.shape.length === 1 && [1, channelsOf(type.shape)].includes(operand.type.shape[0]!));

/** The operand that an epilogue hangs on, and the others: one way, or for a sum or product two. */
function splits(node: OpNode): { first: Node; others: Record<string, Node> }[] {
  if (node.op === 'add' || node.op === 'mul') {
    const { a, b } = node.operands;
    return [
      { first: a, others: { b } },
      { first: b, others: { b: a } },
    ];
  }
  // Scalar operators have one tensor per operand.
  const { [resultOperand(node.op)]: first, ...others } = node.operands as Readonly<Record<string, Node>>;
  return [{ first: first!, others }];
}

/** A fused node is called as the layer that it began with; of several uses of a layer, the first is. */
function renameToFirst(graph: Graph): Graph {
  const taken = new Set(graph.nodes.map(({ name }) => name));
  return rebuild(graph, (node) => {
    const name = node.origins[0]!.path;
    if (!isOp(node) || node.epilogue.length === 0 || taken.has(name)) return node;
    taken.add(name);
    return { ...node, name };
  });
}

// kernel → scalar  ⇒  kernel, with the scalar operator applied where the result is stored
// scalar → scalar  ⇒  one loop instead of two
//
// Valid when nobody else reads the first node, the scalar operator keeps its type, and its other operands
// can be read at the place of the result: they have its shape, or one element per channel.
import { isOp, usersOf, type EpilogueStep, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { operatorOf, resultOperand } from '../ir/semantics.ts';
import { sameShape, sameType } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { rebuild } from '../ir/rebuild.ts';
import type { Pass } from './pass.ts';
import { dropDead } from './tidy.ts';

export const fuseEpilogues: Pass = {
  name: 'fuse-epilogues',
  doc: 'Applies activations, normalisation and residual sums where a result is stored.',
  numeric: 'exact',
  run(graph) {
    const fusable = findFusable(graph);
    if (fusable.size === 0) return graph;
    const names = new Set([...fusable].map((node) => node.name));
    const fused = rebuild(graph, (node) => (isOp(node) && names.has(node.name) ? fuse(node) : node));
    return renameToFirst(dropDead(fused));
  },
};

/** Scalar operators that can become the epilogue of the node that they read first. */
function findFusable(graph: Graph): Set<OpNode> {
  const users = usersOf(graph);
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  return new Set(
    graph.nodes.filter(isOp).filter((node) => {
      if (operatorOf(node.op).kind !== 'scalar') return false;
      const { first, others } = split(node);
      return (
        isOp(first) &&
        operatorOf(first.op).kind !== 'view' &&
        users.get(first)!.length === 1 &&
        !outputs.has(first) &&
        sameType(first.type, node.type) &&
        Object.values(others).every((other) => other !== first && isReadable(other, node))
      );
    }),
  );
}

const isReadable = (operand: Node, { type }: OpNode): boolean =>
  sameShape(operand.type.shape, type.shape) ||
  (operand.type.shape.length === 1 && [1, channelsOf(type.shape)].includes(operand.type.shape[0]!));

/** The operand that the epilogue hangs on, and the others. Scalar operators have one tensor per operand. */
function split(node: OpNode): { first: Node; others: Record<string, Node> } {
  const { [resultOperand(node.op)]: first, ...others } = node.operands as Readonly<Record<string, Node>>;
  return { first: first!, others };
}

function fuse(node: OpNode): OpNode {
  const { first, others } = split(node);
  if (!isOp(first)) return node;
  // A scalar operator's own name and attributes, with its operands less the first.
  const step = { op: node.op, attrs: node.attrs, operands: others } as EpilogueStep;
  return {
    ...first,
    name: node.name,
    origins: [...new Set([...first.origins, ...node.origins])],
    epilogue: [...first.epilogue, step, ...node.epilogue],
  };
}

/** A fused node is called as the layer that it began with. */
function renameToFirst(graph: Graph): Graph {
  const taken = new Set(graph.nodes.map(({ name }) => name));
  return rebuild(graph, (node) => {
    const name = node.origins[0]!.path;
    return isOp(node) && node.epilogue.length > 0 && !taken.has(name) ? { ...node, name } : node;
  });
}

// kernel → scalar  ⇒  kernel, with the scalar operator applied where the result is stored
// scalar → scalar  ⇒  one loop instead of two
//
// Valid when nobody else reads the first node, the scalar operator keeps its type, and its other operands
// can be read at the place of the result: they have its shape, or one element per channel. A commutative
// operator may hang on either operand: a residual sum goes into the last convolution of its branch. The other
// operand cannot depend on that convolution, which only the sum reads.
import { dropDead, inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { epilogueRead } from '../ir/epilogue-operand.ts';
import { rebuild } from '../ir/rebuild.ts';
import { operatorOf, resultOperand, stepOf } from '../ir/semantics.ts';
import { sameType } from '../tensor/types.ts';
import type { Pass } from './pass.ts';
import { readOnce } from './tidy.ts';
import { originsOf } from './weights.ts';

/** An epilogue is one expression, and its values are arguments of one function: it does not grow without end. */
const MOST_STEPS = 64;

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
    if (first.epilogue.length + node.epilogue.length >= MOST_STEPS) continue;
    // Its own epilogue may read it as well: then it must be there by itself.
    if (inputsOf(node).filter((input) => input === first).length > 1) continue;
    const isReadable = (other: Node) => other !== first && epilogueRead(other.type, node.type) !== undefined;
    if (!Object.values(others).every(isReadable)) continue;
    const step = stepOf({ op: node.op, attrs: node.attrs, operands: others });
    return {
      ...first,
      name: node.name,
      origins: originsOf(first, node),
      epilogue: [...first.epilogue, step, ...node.epilogue],
    };
  }
  return undefined;
}

/** The operand that an epilogue hangs on, and the others: one way, or for a commutative operator two. */
function splits({ op, operands }: OpNode): { first: Node; others: Record<string, Node> }[] {
  const own = resultOperand(op);
  // Scalar operators have one tensor per operand.
  const { [own]: first, ...others } = operands as Readonly<Record<string, Node>>;
  const asWritten = { first: first!, others };
  if (!operatorOf(op).commutative) return [asWritten];
  const [[name, second]] = Object.entries(others) as [[string, Node]]; // a commutative operator has two operands
  return [asWritten, { first: second, others: { [name]: first! } }];
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

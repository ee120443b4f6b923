import { inputsOf, isOp, type Node } from '../ir/graph.ts';
import { operatorOf } from '../ir/semantics.ts';

/** The value whose memory a view shows; any other value is its own base. */
export function baseOf(node: Node): Node {
  let base = node;
  while (isOp(base) && operatorOf(base.op).kind === 'view') base = inputsOf(base)[0]!;
  return base;
}

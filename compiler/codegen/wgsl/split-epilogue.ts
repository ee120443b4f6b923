// An epilogue whose operands are more than one dispatch can bind goes on in dispatches of its own.
import type { Node, OpNode } from '../../ir/graph.ts';
import { stepAlone } from '../../ir/semantics.ts';
import { MAX_STORAGE_BUFFERS } from './limits.ts';

/** The node, or nodes that compute the same one after the other; the last has its name. */
export function splitEpilogue(node: OpNode): readonly OpNode[] {
  const fitting = fittingSteps(node);
  const next = node.epilogue[fitting];
  if (next === undefined) return [node];
  const first = { ...node, name: `${node.name}.begin`, epilogue: node.epilogue.slice(0, fitting) };
  const rest = { ...node, ...stepAlone(next, first, node.epilogue.slice(fitting + 1)) };
  return [first, ...splitEpilogue(rest)];
}

/** How many steps can be bound beside the node's own operands and its result. */
function fittingSteps(node: OpNode): number {
  let bindings = ownOperands(node) + 1;
  const index = node.epilogue.findIndex((step) => {
    bindings += Object.keys(step.operands).length;
    return bindings > MAX_STORAGE_BUFFERS;
  });
  return index < 0 ? node.epilogue.length : index;
}

/** A list of operands is read one per dispatch. */
const ownOperands = (node: OpNode): number =>
  Object.values<Node | readonly Node[] | undefined>(node.operands).filter((each) => each !== undefined)
    .length;

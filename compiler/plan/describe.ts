import { inputsOf, isConstant, type OpNode } from '../ir/graph.ts';
import { macsOf } from '../ir/semantics.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import type { Plan } from './plan.ts';

/** Where a result lies; a pitch is said where it is not the number of channels. */
function placeOf(node: OpNode, plan: Plan) {
  const { offset, pitch } = plan.slotOf(node);
  const { shape } = node.type;
  return { offset, length: sizeOf(shape), ...(pitch !== channelsOf(shape) && { pitch }) };
}

/** The plan as data, for the manifest: what runs in which order, and where values lie (float32 elements). */
export function describePlan(plan: Plan, scratchBytes?: number) {
  return {
    arenaBytes: 4 * plan.arenaLength,
    arenaLowerBoundBytes: 4 * plan.lowerBound,
    // Of the kernels of the JavaScript target, where that is generated.
    ...(scratchBytes !== undefined && { scratchBytes }),
    steps: plan.steps.map((node) => ({
      name: node.name,
      op: node.op,
      epilogue: node.epilogue.map(({ op }) => op),
      reads: inputsOf(node).map((input) => (isConstant(input) ? `@${input.name}` : input.name)),
      ...placeOf(node, plan),
      macs: macsOf(node),
    })),
  };
}

import { inputsOf, isConstant } from '../ir/graph.ts';
import { macsOf } from '../ir/semantics.ts';
import { sizeOf } from '../tensor/types.ts';
import type { Plan } from './plan.ts';

/** The plan as data, for the manifest: what runs in which order, and where values lie (float32 elements). */
export function describePlan(plan: Plan) {
  return {
    arenaBytes: 4 * plan.arenaLength,
    arenaLowerBoundBytes: 4 * plan.lowerBound,
    steps: plan.steps.map((node) => ({
      name: node.name,
      op: node.op,
      epilogue: node.epilogue.map(({ op }) => op),
      reads: inputsOf(node).map((input) => (isConstant(input) ? `@${input.name}` : input.name)),
      offset: plan.slotOf(node).offset,
      length: sizeOf(node.type.shape),
      macs: macsOf(node),
    })),
  };
}

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

/** What the JavaScript target says of its kernels, where it is generated. */
export interface JsKernels {
  readonly scratchBytes: number;
  /** How a step is computed where there are several ways. */
  readonly methodOf: (node: OpNode) => string | undefined;
}

function kernelOf(node: OpNode, js: JsKernels | undefined) {
  const kernel = js?.methodOf(node);
  return kernel !== undefined && { kernel };
}

/** The plan as data, for the manifest: what runs in which order, and where values lie (float32 elements). */
export function describePlan(plan: Plan, js?: JsKernels) {
  return {
    arenaBytes: 4 * plan.arenaLength,
    arenaLowerBoundBytes: 4 * plan.lowerBound,
    ...(js && { scratchBytes: js.scratchBytes }),
    steps: plan.steps.map((node) => ({
      name: node.name,
      op: node.op,
      ...kernelOf(node, js),
      epilogue: node.epilogue.map(({ op }) => op),
      reads: inputsOf(node).map((input) => (isConstant(input) ? `@${input.name}` : input.name)),
      ...placeOf(node, plan),
      macs: macsOf(node),
    })),
  };
}

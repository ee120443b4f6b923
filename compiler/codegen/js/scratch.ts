import { inputsOf, type OpNode } from '../../ir/graph.ts';
import type { Plan } from '../../plan/plan.ts';
import { emitKernel } from './emit-kernel.ts';
import { JS_DEFAULTS, type JsOptions } from './kernel.ts';

/** Memory that kernels use beside the arena: they take turns on one array. */
export interface Scratch {
  readonly bytes: number;
  /** The layer whose kernel needs that much; undefined where none needs any. */
  readonly by: OpNode | undefined;
}

/** The same that `generateJs` gives the plan, without its text. */
export function scratchOf(plan: Plan, chosen: Partial<JsOptions> = {}): Scratch {
  const options = { ...JS_DEFAULTS, ...chosen };
  // Layers that differ in nothing but their names are asked once: a deep network has thousands of them.
  const distinct = new Map(plan.steps.map((step) => [geometryOf(step), step]));
  let [length, by]: [number, OpNode | undefined] = [0, undefined];
  for (const step of distinct.values()) {
    const { scratch } = emitKernel(step, plan, options);
    if (scratch > length) [length, by] = [scratch, step];
  }
  return { bytes: Float64Array.BYTES_PER_ELEMENT * length, by };
}

const geometryOf = (step: OpNode): string =>
  JSON.stringify([step.op, step.attrs, step.type.shape, inputsOf(step).map(({ type }) => type.shape)]);

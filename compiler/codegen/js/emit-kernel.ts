import type { OpNode } from '../../ir/graph.ts';
import { operatorOf } from '../../ir/semantics.ts';
import type { Plan } from '../../plan/plan.ts';
import { invariant } from '../../support/assert.ts';
import { elementwise } from './elementwise.ts';
import { itemsOf, type Items } from './items.ts';
import { storeResult, type JsOptions, type Kernel, type KernelContext } from './kernel.ts';
import { KERNELS } from './kernels/index.ts';
import { rearrangement } from './rearrangement.ts';
import { reluWithoutBranch } from './relu.ts';

export interface EmittedKernel {
  readonly items: Items;
  /** Body of the kernel's function. */
  readonly body: string;
  /** Numbers of the shared array that it uses. */
  readonly scratch: number;
}

/** One step of a plan as code. */
export function emitKernel(step: OpNode, plan: Plan, options: JsOptions): EmittedKernel {
  const items = itemsOf(step);
  const { node } = items;
  let scratch = 0;
  const context: KernelContext = {
    ...options,
    pitch: plan.slotOf(step).pitch,
    store: (value, at) => storeResult(node, value, at),
    storeSum: (value, at) => storeResult(node, value, at, reluWithoutBranch),
    scratch: (length) => {
      scratch = Math.max(scratch, length);
      return 'scratch';
    },
  };
  return { items, body: bodyOf(node, context), scratch };
}

function bodyOf(node: OpNode, context: KernelContext): string {
  const { kind } = operatorOf(node.op);
  if (kind === 'scalar') return elementwise(node, context);
  if (kind === 'rearrangement') return rearrangement(node, context);
  invariant(kind === 'kernel', `${node.op} needs no step`);
  const kernel = KERNELS[node.op as keyof typeof KERNELS] as Kernel<never>; // complete by type, keyed by `op`
  return kernel(node as never, context);
}

// Plans → the code of every target. One that cannot do the network is left out, where another can.
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { TargetName } from '../runtime/program.ts';
import { generateJs } from './codegen/js/index.ts';
import { generateWebgpu } from './codegen/wgsl/index.ts';
import type { WebgpuCosts } from './codegen/wgsl/print-plan.ts';
import { usedHere, type Diagnostics } from './frontend/diagnostics.ts';
import { LayerRefusal } from './ir/layer-refusal.ts';
import { ALL_TARGETS, type CompileOptions } from './options.ts';
import type { Plan } from './plan/plan.ts';
import { Refusal } from './support/refusal.ts';

/** Text for the module, and what the manifest says about it. */
interface Generated {
  readonly text: string;
  readonly about?: WebgpuCosts;
}

/** What a target adds to a bundle; more where it is webgpu. */
export interface TargetCosts extends Partial<WebgpuCosts> {
  /** Of its code in the module. */
  readonly bytes: number;
}

/** Parallel to the plans. */
export type GeneratedTargets = Readonly<Partial<Record<TargetName, readonly Generated[]>>>;

const GENERATORS: Readonly<Record<TargetName, (plan: Plan, options: CompileOptions) => Generated>> = {
  webgpu: ({ graph }, options) => generateWebgpu(graph, options),
  js: (plan, options) => ({ text: generateJs(plan, options) }),
};

/**
 * Reports what a target refuses: as a warning where another target is left, as an error where none is or a budget is
 * exceeded, and gives undefined then.
 */
export function generateTargets(
  plans: readonly Plan[],
  options: CompileOptions,
  diagnostics: Diagnostics,
): GeneratedTargets | undefined {
  const refusals: Refused[] = [];
  const entries = (options.targets ?? ALL_TARGETS).flatMap((target) => {
    try {
      return [[target, plans.map((plan) => GENERATORS[target](plan, options))] as const];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push([target, error]);
      return [];
    }
  });
  const isOver = refusals.some(([, { complaint }]) => complaint.code === 'E080');
  const canDo = entries.length > 0 && !isOver;
  diagnostics.list.push(...refusals.map(canDo ? leftOut : notPossible));
  return canDo ? Object.fromEntries(entries) : undefined;
}

type Refused = readonly [TargetName, Refusal];

const leftOut = ([target, refusal]: Refused): Diagnostic => ({
  ...diagnosticOf(refusal),
  code: 'W107',
  severity: 'warning',
  message: `the target ${target} is left out: ${refusal.complaint.message}`,
});

function notPossible([target, refusal]: Refused): Diagnostic {
  const said = diagnosticOf(refusal);
  if (target === 'js' || said.code === 'E080') return said;
  const other = 'or compile for another target: --targets js';
  return { ...said, help: said.help === undefined ? other : `${said.help}; ${other}` };
}

function diagnosticOf(refusal: Refusal): Diagnostic {
  const { code, message, help } = refusal.complaint;
  const { span, blocks = [] } = (refusal instanceof LayerRefusal && refusal.origin) || {};
  return {
    code,
    severity: 'error',
    message,
    labels: span ? [{ span }, ...usedHere(blocks, span)] : [],
    ...(help !== undefined && { help }),
  };
}

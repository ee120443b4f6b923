// The graph → a plan for the GPU: WGSL modules, buffers, and dispatches over them.
import type { PackedWeights, WebgpuPlan } from '../../../runtime/webgpu/plan.ts';
import type { Graph } from '../../ir/graph.ts';
import { colourBuffers } from './buffers.ts';
import type { Source, Variant } from './dispatch.ts';
import { refuse } from '../../support/refusal.ts';
import { MAX_BINDING_BYTES } from './limits.ts';
import { describeWebgpu, pipelinesOf, printPlan, type WebgpuCosts } from './print-plan.ts';
import { WGSL_DEFAULTS, type KernelChoices, type WgslOptions } from './options.ts';
import { makeSteps } from './steps.ts';

/** Text for the bundle, and what the manifest says about it. */
export function generateWebgpu(
  graph: Graph,
  options: Partial<WgslOptions>,
): { readonly text: string; readonly about: WebgpuCosts } {
  const plan = planWebgpu(graph, options);
  return { text: printPlan(plan), about: describeWebgpu(plan) };
}

/** Throws a `Refusal` when the network is too large for what every device allows, or takes too many pipelines. */
export function planWebgpu(
  graph: Graph,
  options: Partial<WgslOptions> = {},
  bindingBytes = MAX_BINDING_BYTES,
): WebgpuPlan {
  const { winograd, maxPipelines } = { ...WGSL_DEFAULTS, ...options };
  const plan = planWith(graph, { winograd: winograd === 'auto', tiles: 'suitable', bindingBytes });
  if (pipelinesOf(plan) <= maxPipelines) return plan;
  const coarse = planWith(graph, { winograd: false, tiles: 'one', bindingBytes });
  if (pipelinesOf(coarse) <= maxPipelines) return coarse;
  return refuse(
    'E080',
    `the network takes ${pipelinesOf(coarse)} pipelines on the GPU, the budget is ${maxPipelines}`,
    {
      help: 'layers of the same kernel size, stride and activation share one',
    },
  );
}

function planWith(graph: Graph, choices: KernelChoices): WebgpuPlan {
  const { dispatches, inputs, outputs } = makeSteps(graph, choices);
  const buffers = colourBuffers(dispatches, inputs, outputs);
  const shaders = new Map<string, number>();
  const weights = new Map<string, number>();
  const packed: PackedWeights[] = [];
  const indexOf = (source: Source): number => {
    if (source.kind === 'value') return buffers.indexOf(source);
    const { tensor, layout } = source;
    const index = number(weights, JSON.stringify({ tensor, layout }));
    packed[index] = { tensor, layout };
    return buffers.sizes.length + index;
  };
  const variant = ({ text, shape, workgroups }: Variant) => ({
    shader: number(shaders, text),
    shape,
    workgroups,
  });
  const planned = dispatches.map(({ reads, writes, unshared, inSoftware, ...main }) => ({
    ...variant(main),
    bindings: [...reads, writes].map(indexOf),
    ...(unshared && { unshared: variant(unshared) }),
    ...(inSoftware && { inSoftware: variant(inSoftware) }),
  }));
  return {
    shaders: [...shaders.keys()],
    buffers: buffers.sizes,
    weights: packed,
    dispatches: planned,
    inputs: inputs.map(indexOf),
    outputs: outputs.map(indexOf),
  };
}

/** The number of a thing that may have come up before. */
function number(seen: Map<string, number>, key: string): number {
  const known = seen.get(key);
  if (known !== undefined) return known;
  seen.set(key, seen.size);
  return seen.size - 1;
}

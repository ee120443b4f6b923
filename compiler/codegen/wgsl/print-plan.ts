// A plan as text of the bundle: an expression whose value is a `WebgpuPlan`, for people to read as well.
import type { WebgpuPlan } from '../../../runtime/webgpu/plan.ts';
import { GPU_KINDS, variantsFor } from '../../../runtime/webgpu/variants.ts';
import { code, lines } from '../../support/code.ts';

export function printPlan(plan: WebgpuPlan): string {
  const { shaders, buffers, weights, dispatches, inputs, outputs } = plan;
  return code`
    {
      shaders: [
        ${lines(shaders.map((shader) => `${templateLiteral(shader)},`))}
      ],
      buffers: ${JSON.stringify(buffers)},
      weights: [
        ${lines(weights.map((each) => `${JSON.stringify(each)},`))}
      ],
      dispatches: [
        ${lines(dispatches.map((each) => `${JSON.stringify(each)},`))}
      ],
      inputs: ${JSON.stringify(inputs)},
      outputs: ${JSON.stringify(outputs)},
    }
  `;
}

/** Text as a literal that keeps its lines: comments of a shader may have backticks in them. */
const templateLiteral = (text: string): string => `\`${text.replaceAll(/[\\`$]/g, String.raw`\$&`)}\``;

/** Pipelines that a device compiles at most: those of one kind of GPU. */
export const pipelinesOf = (plan: WebgpuPlan): number =>
  Math.max(...GPU_KINDS.map((kind) => new Set(variantsFor(kind, plan).map(({ shader }) => shader)).size));

/** What a plan costs, for the manifest and whoever compiles. */
export interface WebgpuCosts {
  /** That a device compiles at most. */
  readonly pipelines: number;
  /** Of all shaders, variants for other kinds of GPUs included. */
  readonly wgslBytes: number;
  readonly dispatches: number;
  /** For values, while the network runs. */
  readonly bufferBytes: number;
}

export function describeWebgpu(plan: WebgpuPlan): WebgpuCosts {
  const { shaders, buffers, dispatches } = plan;
  return {
    pipelines: pipelinesOf(plan),
    wgslBytes: new TextEncoder().encode(shaders.join('')).length,
    dispatches: dispatches.length,
    bufferBytes: buffers.reduce((sum, bytes) => sum + bytes, 0),
  };
}

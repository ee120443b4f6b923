// A plan as text of the bundle: an expression whose value is a `WebgpuPlan`, for people to read as well.
import type { WebgpuPlan } from '../../../runtime/webgpu/plan.ts';
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

/** What a plan costs, for the manifest and the summary. */
export function describeWebgpu({ shaders, buffers, dispatches }: WebgpuPlan) {
  return {
    pipelines: shaders.length,
    wgslBytes: new TextEncoder().encode(shaders.join('')).length,
    dispatches: dispatches.length,
    bufferBytes: buffers.reduce((sum, bytes) => sum + bytes, 0),
  };
}

// Which kernel computes a convolution.
import type { OpNode } from '../../../../ir/graph.ts';
import type { JsOptions, Kernel } from '../../kernel.ts';
import { convIm2col } from '../conv-im2col.ts';
import { depthwise } from './depthwise.ts';
import { direct } from './direct.ts';
import { fewTaps, hasFewTaps } from './few-taps.ts';
import { geometry, type Geometry } from './geometry.ts';
import { chooseTransforms, titleOf, winograd } from './winograd.ts';

/** How a convolution is computed, in a few words; undefined for other operators, which have one kernel each. */
export function methodOf(node: OpNode, mode: JsOptions['winograd']): string | undefined {
  if (node.op !== 'conv') return undefined;
  if (node.attrs.lowering === 'im2col') return 'im2col';
  const shape = geometry(node);
  if (isDepthwise(shape)) return 'depthwise';
  if (hasFewTaps(shape)) return 'direct';
  const transforms = chooseTransforms(shape, node.attrs.lowering === 'direct' ? 'off' : mode);
  return transforms ? titleOf(transforms) : 'direct';
}

export const conv: Kernel<'conv'> = (node, context) => {
  if (node.attrs.lowering === 'im2col') return convIm2col(node, context);
  const shape = geometry(node);
  if (isDepthwise(shape)) return depthwise(node, context);
  if (hasFewTaps(shape)) return fewTaps(node, context);
  const transforms = chooseTransforms(shape, node.attrs.lowering === 'direct' ? 'off' : context.winograd);
  if (transforms) return winograd(node, transforms, context);
  return direct(node, context);
};

/** A group of one channel has one filter or a few, which make no tile. */
const isDepthwise = ({ groups, perGroup, kernel }: Geometry): boolean =>
  groups > 1 && perGroup.channels === 1 && kernel[0] * kernel[1] > 1 && kernel[0] * kernel[1] <= 25;

// Which kernel computes a convolution.
import type { OpNode } from '../../../../ir/graph.ts';
import type { JsOptions, Kernel } from '../../kernel.ts';
import { depthwise } from './depthwise.ts';
import { direct, sharesColumns } from './direct.ts';
import { fewTaps, hasFewTaps } from './few-taps.ts';
import { geometry, isPointwise, type Geometry } from './geometry.ts';
import { convIm2col } from './im2col.ts';
import { chooseTransforms, titleOf, winograd } from './winograd.ts';

interface Way {
  /** In a few words. */
  readonly method: string;
  readonly kernel: Kernel<'conv'>;
}

/** How a convolution is computed, in a few words; undefined for other operators, which have one kernel each. */
export const methodOf = (node: OpNode, mode: JsOptions['winograd']): string | undefined =>
  node.op === 'conv' ? wayOf(node, mode).method : undefined;

export const conv: Kernel<'conv'> = (node, context) => wayOf(node, context.winograd).kernel(node, context);

function wayOf(node: OpNode<'conv'>, mode: JsOptions['winograd']): Way {
  const { lowering } = node.attrs;
  const shape = geometry(node);
  if (lowering === 'im2col' || (lowering === 'auto' && isMatrixProduct(shape)))
    return { method: 'im2col', kernel: convIm2col };
  if (isDepthwise(shape)) return { method: 'depthwise', kernel: depthwise };
  if (hasFewTaps(shape)) return { method: 'direct', kernel: fewTaps };
  const transforms = chooseTransforms(shape, lowering === 'direct' ? 'off' : mode);
  if (!transforms) return { method: 'direct', kernel: direct };
  return {
    method: titleOf(transforms),
    kernel: (each, context) => winograd(each, transforms, context),
  };
}

/** A group of one channel has one filter or a few, which make no tile. */
const isDepthwise = ({ groups, perGroup, kernel }: Geometry): boolean =>
  groups > 1 && perGroup.channels === 1 && kernel[0] * kernel[1] > 1 && kernel[0] * kernel[1] <= 25;

/** Rows as short as these are cut into tiles badly: 7 pixels are 3 + 2 + 2. */
const SHORT_ROW = 8;

/**
 * Where windows share no columns, the band of the direct way is im2col's matrix. There the windows of several rows
 * stand in one, which is cut into tiles as a whole: 1.2 to 1.5 times as fast where rows are short, equal elsewhere.
 */
const isMatrixProduct = (shape: Geometry): boolean =>
  shape.groups === 1 &&
  shape.columns <= SHORT_ROW &&
  shape.rows > 1 &&
  !sharesColumns(shape) &&
  !isPointwise(shape) &&
  !hasFewTaps(shape);

// Which kernel computes a convolution.
import type { Kernel } from '../kernel.ts';
import { convDepthwiseStrip, suitsStrips } from './conv-depthwise-strip.ts';
import { convDepthwise } from './conv-depthwise.ts';
import { convGrouped } from './conv-grouped.ts';
import { convPointwise } from './conv-pointwise.ts';
import { convTile } from './conv-tile.ts';
import { convWinograd, suitsWinograd } from './conv-winograd.ts';
import { geometryOf, groupsAreAligned, type Geometry } from './window.ts';

export const conv: Kernel<'conv'> = (node, context) => {
  const geometry = geometryOf(node);
  const { perGroup, channels } = geometry;
  if (perGroup.channels === 1 && perGroup.filters === 1 && channels > 1)
    return suitsStrips(geometry) ? convDepthwiseStrip(node, context) : convDepthwise(node, context);
  if (!groupsAreAligned(geometry, node.attrs.groups)) return convGrouped(node, context);
  if (context.winograd && suitsWinograd(geometry, node.attrs, context.bindingBytes))
    return convWinograd(node, context);
  return isPointwise(geometry) && node.attrs.groups === 1
    ? convPointwise(node, context)
    : convTile(node, context);
};

const isPointwise = ({ kernel, stride, pad }: Geometry): boolean =>
  [...kernel, ...stride].every((size) => size === 1) && pad.every((size) => size === 0);

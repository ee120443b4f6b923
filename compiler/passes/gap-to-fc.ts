// conv 1×1 → mean of the whole map  ⇒  mean of the whole map → fc
//
// Both are linear, so they may change places; then the convolution works on one pixel instead of all
// (heads in the manner of Network in Network). Valid when the convolution has no activation, padding,
// stride or groups, nothing else reads its result, and the mean has no activation: what then stands last
// is a view, which stores nothing.
import { isConstant, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { f32, sameShape } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import type { Pass } from './pass.ts';
import { readOnce, tidy } from './tidy.ts';
import { derive, originsOf } from './weights.ts';

export const gapToFc: Pass = {
  name: 'gap-to-fc',
  doc: 'A 1×1 convolution before a global mean becomes a fully connected layer after it.',
  numeric: 'reassociates',
  run(graph) {
    const once = readOnce(graph);
    const swapped = rebuild(graph, (node) => swap(node, (first) => once.has(first.name)) ?? node);
    return swapped === graph ? graph : tidy(swapped);
  },
};

function swap(mean: Node, isFree: (node: Node) => boolean): Node | undefined {
  if (!isGlobalMean(mean)) return undefined;
  const layer = mean.operands.x;
  if (layer.op !== 'conv' || layer.epilogue.length > 0 || !isFree(layer) || !isPlainPointwise(layer))
    return undefined;
  const { x, weight, bias } = layer.operands;
  if (!isConstant(weight)) return undefined;

  const [batch, filters] = [mean.type.shape[0]!, channelsOf(mean.type.shape)];
  const ones = spatialOf(mean.type.shape);
  const pooled: OpNode<'pool'> = {
    ...mean,
    type: f32(batch, ...ones, channelsOf(x.type.shape)),
    operands: { x },
  };
  const fc: OpNode<'fc'> = {
    op: 'fc',
    name: layer.name,
    type: f32(batch, filters),
    origins: layer.origins,
    attrs: {},
    operands: { x: pooled, weight: derive(weight, weight.type.shape.slice(0, 2), weight.data), bias },
    epilogue: [],
  };
  return {
    op: 'reshape',
    name: `${mean.name}.map`,
    type: mean.type,
    origins: originsOf(layer, mean),
    attrs: { shape: mean.type.shape.slice(1), batch: 0 },
    operands: { x: fc },
    epilogue: [],
  };
}

function isGlobalMean(node: Node): node is OpNode<'pool'> {
  if (node.op !== 'pool') return false;
  const { mode, kernel, pad } = node.attrs;
  const spatial = spatialOf(node.operands.x.type.shape);
  return (
    node.epilogue.length === 0 &&
    mode === 'avg' &&
    sameShape(kernel, spatial) &&
    pad.every((p) => p === 0) &&
    spatialOf(node.type.shape).every((size) => size === 1) &&
    spatial.some((size) => size > 1)
  );
}

function isPlainPointwise({ attrs, operands, type }: OpNode<'conv'>): boolean {
  return (
    attrs.groups === 1 &&
    attrs.pad.every((p) => p === 0) &&
    operands.weight.type.shape.slice(2).every((k) => k === 1) &&
    sameShape(spatialOf(operands.x.type.shape), spatialOf(type.shape))
  );
}

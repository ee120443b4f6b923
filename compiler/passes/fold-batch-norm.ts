// conv → batch_norm  ⇒  conv       with y = scale · x + shift in its weights and bias; also deconv, fc
// batch_norm → conv  ⇒  conv       the same, seen from its input; also fc
//
// After a convolution always, when nothing else reads its result. Before one only without padding: the
// padding's zeros are not normalised, and no weights could say so. A weight with other users stays for them.
import { isConstant, isLayer, type ConstantNode, type Layer, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import type { Pass } from './pass.ts';
import { readOnce, tidy } from './tidy.ts';
import { biasBeside, dataOf, derive, originsOf, withParameters } from './weights.ts';

export const foldBatchNorm: Pass = {
  name: 'fold-batch-norm',
  doc: 'Folds batch normalisation into the weights of the layer before it, or after it where no padding is.',
  numeric: 'reassociates',
  run(graph) {
    const once = readOnce(graph);
    /** Layers that took a normalisation in have its readers. */
    const readAs = new Map<Node, string>();
    const isFree = (node: Node) => once.has(readAs.get(node) ?? node.name);
    const folded = rebuild(graph, (node) => {
      const layer = intoLayerBefore(node, isFree);
      if (layer) readAs.set(layer, node.name);
      return layer ?? intoLayerAfter(node, isFree) ?? node;
    });
    return folded === graph ? graph : tidy(folded);
  },
};

/** A layer's parameters, when they are constants. */
function parametersOf({ operands: { weight, bias } }: Layer) {
  if (!isConstant(weight) || (bias && !isConstant(bias))) return undefined;
  return { weight, bias };
}

function intoLayerBefore(norm: Node, isFree: (node: Node) => boolean): Layer | undefined {
  if (norm.op !== 'batch_norm') return undefined;
  const layer = norm.operands.x;
  const statistics = statisticsOf(norm);
  if (!isLayer(layer)) return undefined;
  const parameters = parametersOf(layer);
  if (!statistics || !parameters || !isFree(layer) || layer.epilogue.length > 0) return undefined;

  const { weight, bias } = parameters;
  const filters = channelsOf(layer.type.shape);
  const data = dataOf(weight, bias, statistics.bias);
  const affine = affineOf(statistics, norm.attrs.eps);
  const filterOf = filterIndex(layer, weight);
  const newWeight = data && affine && data[0].map((value, i) => value * affine.scale[filterOf(i)]!);
  const newBias =
    data &&
    affine &&
    Float32Array.from(affine.scale, (scale, o) => (data[1]?.[o] ?? 0) * scale + affine.shift[o]!);
  const folded = withParameters(layer, {
    weight: derive(weight, weight.type.shape, newWeight),
    bias: bias ? derive(bias, [filters], newBias) : biasBeside(weight, filters, newBias),
  });
  return { ...folded, origins: originsOf(layer, norm), epilogue: norm.epilogue };
}

function intoLayerAfter(layer: Node, isFree: (node: Node) => boolean): Layer | undefined {
  if (layer.op !== 'fc' && (layer.op !== 'conv' || layer.attrs.pad.some((p) => p > 0))) return undefined;
  const norm = layer.operands.x;
  if (norm.op !== 'batch_norm' || norm.epilogue.length > 0 || !isFree(norm)) return undefined;
  const statistics = statisticsOf(norm);
  const parameters = parametersOf(layer);
  if (!statistics || !parameters) return undefined;

  const { weight, bias } = parameters;
  const filters = channelsOf(layer.type.shape);
  const data = dataOf(weight, bias);
  const affine = affineOf(statistics, norm.attrs.eps);
  const channelOf = inputChannelIndex(layer, weight);
  const newWeight = data && affine && data[0].map((value, i) => value * affine.scale[channelOf(i)]!);
  const newBias =
    data && affine && shiftThrough(data[0], data[1], filters, (i) => affine.shift[channelOf(i)]!);
  const folded = withParameters(layer, {
    x: norm.operands.x,
    weight: derive(weight, weight.type.shape, newWeight),
    bias: bias ? derive(bias, [filters], newBias) : biasBeside(weight, filters, newBias),
  });
  return { ...folded, origins: originsOf(norm, layer) };
}

/** What a filter gives for the shift alone, added to its bias. */
function shiftThrough(
  weight: Float32Array,
  bias: Float32Array | undefined,
  filters: number,
  shiftOf: (index: number) => number,
): Float32Array {
  const perFilter = weight.length / filters;
  return Float32Array.from({ length: filters }, (_, o) => {
    let sum = bias?.[o] ?? 0;
    for (let i = o * perFilter; i < (o + 1) * perFilter; i++) sum += weight[i]! * shiftOf(i);
    return sum;
  });
}

interface Statistics {
  readonly weight: ConstantNode;
  readonly bias: ConstantNode;
  readonly mean: ConstantNode;
  readonly variance: ConstantNode;
}

function statisticsOf({ operands }: OpNode<'batch_norm'>): Statistics | undefined {
  const { weight, bias, mean, variance } = operands;
  const isKnown = isConstant(weight) && isConstant(bias) && isConstant(mean) && isConstant(variance);
  return isKnown ? { weight, bias, mean, variance } : undefined;
}

/** Batch normalisation as scale · x + shift, in double precision. */
function affineOf(statistics: Statistics, eps: number) {
  const data = dataOf(statistics.weight, statistics.bias, statistics.mean, statistics.variance);
  if (!data) return undefined;
  const [gamma, beta, mean, variance] = data;
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + eps));
  const shift = Float64Array.from(beta, (b, c) => b - mean[c]! * scale[c]!);
  return { scale, shift };
}

/** The filter that an element of the weight belongs to. */
function filterIndex(layer: Layer, { type: { shape } }: ConstantNode): (index: number) => number {
  if (layer.op !== 'deconv') {
    const perFilter = sizeOf(shape.slice(1));
    return (index) => Math.floor(index / perFilter);
  }
  // (in, out/groups, …): the group follows from the input channel.
  const [inputs, perGroup] = [shape[0]!, shape[1]!];
  const perElement = sizeOf(shape.slice(2));
  const inputsPerGroup = inputs / layer.attrs.groups;
  return (index) => {
    const pair = Math.floor(index / perElement);
    const group = Math.floor(Math.floor(pair / perGroup) / inputsPerGroup);
    return group * perGroup + (pair % perGroup);
  };
}

/** The input channel that an element of the weight multiplies. */
function inputChannelIndex(
  layer: OpNode<'conv' | 'fc'>,
  { type: { shape } }: ConstantNode,
): (index: number) => number {
  if (layer.op === 'fc') {
    // Inputs are flattened channel by channel.
    const channels = channelsOf(layer.operands.x.type.shape);
    const perChannel = shape[1]! / channels;
    return (index) => Math.floor(index / perChannel) % channels;
  }
  const [filters, perGroup] = [shape[0]!, shape[1]!];
  const perElement = sizeOf(shape.slice(2));
  const filtersPerGroup = filters / layer.attrs.groups;
  return (index) => {
    const pair = Math.floor(index / perElement);
    const group = Math.floor(Math.floor(pair / perGroup) / filtersPerGroup);
    return group * perGroup + (pair % perGroup);
  };
}

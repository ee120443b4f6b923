// What becomes of each operator at another input size: see at-size.ts.
import { isConstant, type ConstantNode, type Node, type OpNode } from '../ir/graph.ts';
import { computationOf, defaultAttrs, mapOperands, operatorOf, type Computation } from '../ir/semantics.ts';
import type { OpName } from '../ops/index.ts';
import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { sameShape, showItem } from '../tensor/types.ts';
import { channelsOf, extent, spatialOf } from '../tensor/window.ts';
import { fullCrops } from './full-crops.ts';
import { commonMeasure, grainWith, positionsPerGrain } from './grain.ts';
import type { Place, Rebuilding } from './rebuilding.ts';
import { reduceScores } from './reduce-scores.ts';

/** What stands for the value of `node`. */
export function layerAt(node: OpNode, at: Rebuilding): Place {
  invariant(node.epilogue.length === 0, `${node.name} comes from the frontend, before any fusion`);
  switch (node.op) {
    case 'conv':
      return convAt(node, at);
    case 'pool':
      return poolAt(node, at);
    case 'fc':
      return fcAt(node, at);
    case 'crop':
      return cropAt(node, at);
    case 'pad':
      return padAt(node, at);
    case 'deconv':
      return deconvAt(node, at);
    case 'resize':
      return resizeAt(node, at);
    case 'reshape':
      return reshapeAt(node, at);
    case 'softmax':
      return softmaxAt(node, at);
    case 'concat':
    case 'dropout':
    case 'lrn':
      return pointwiseAt(node, at);
    default:
      if (operatorOf(node.op).kind === 'scalar') return pointwiseAt(node, at);
      return refuse('E071', `${show(node)} does not say what it would be at another size`);
  }
}

/** Element by element, or along the channels: positions stay what they are. */
function pointwiseAt(node: OpNode, at: Rebuilding): Place {
  const places = operandsOf(node).flatMap((operand) => at.placeOf(operand) ?? []);
  const [first, ...others] = places;
  invariant(first, `${node.name} reads a value`);
  if (others.some((other) => other.isHead !== first.isHead)) refuseMiddle(node, at);
  const maps = others.filter((other) => other.rate.length === first.rate.length);
  const grain = first.grain.map((g, axis) =>
    maps.reduce((common, other) => grainWith(common, other.grain[axis]!), g),
  );
  if (first.isHead && maps.length > 0) {
    const stride = grain;
    const rate = grain.map(() => 1);
    const heads = (place: Place) => fullCrops({ ...place, grain }, at);
    return { isHead: true, stride, rate, grain, node: again(node, at, node.attrs, heads) };
  }
  for (const other of maps) requireSamePlaces(node, first, other, at);
  return { ...first, grain, node: again(node, at) };
}

/** What is joined must have its positions in the same places, in every crop. */
function requireSamePlaces(node: OpNode, a: Place, b: Place, { dense }: Rebuilding): void {
  if (dense !== undefined && !sameShape(a.stride, b.stride))
    refuse(
      'E071',
      `${show(node)} joins a map with a position every ${a.stride.join('×')} pixels and one with a position every ${b.stride.join('×')}: in another crop they would not meet`,
    );
  if (!sameShape(a.rate, b.rate))
    refuse('E071', `${show(node)} joins values of which strides were left out differently`, STITCH);
}

function convAt(node: OpNode<'conv'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  if (x.isHead) requirePointwise(node, node.operands.weight.type.shape.slice(2), node.attrs.pad);
  const { window, place } = windowAt(x, node.attrs, at);
  return { ...place, node: again(node, at, { ...node.attrs, ...window }) };
}

function poolAt(node: OpNode<'pool'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  const { attrs } = node;
  if (isGlobal(node) && !x.isHead) {
    if (at.dense === undefined) {
      const whole = spatialOf(x.node.type.shape);
      return { ...x, node: again(node, at, { ...attrs, kernel: whole, stride: whole }) };
    }
    const { stride, place } = perGrain(x);
    return { ...place, isHead: true, node: again(node, at, { ...attrs, stride, dilation: x.rate }) };
  }
  if (x.isHead) requirePointwise(node, attrs.kernel, attrs.pad);
  const ceil = at.dense === undefined && attrs.ceil;
  const pad = ceil ? attrs.pad : overhangAsPadding(node);
  const { window, place } = windowAt(x, { ...attrs, pad }, at);
  return { ...place, node: again(node, at, { ...attrs, ...window, ceil }) };
}

/** GAP, by whatever name: one window that is the whole map. A POOL that happens to cover it is none. */
const isGlobal = ({ attrs, operands, type, origins }: OpNode<'pool'>): boolean =>
  origins[0]?.keyword !== 'POOL' &&
  sameShape(attrs.kernel, spatialOf(operands.x.type.shape)) &&
  attrs.pad.every((p) => p === 0) &&
  spatialOf(type.shape).every((size) => size === 1);

/** A last window that hangs over the end sees what it saw in training when the end is padded instead. */
function overhangAsPadding({ name, attrs, operands, type }: OpNode<'pool'>): readonly number[] {
  if (!attrs.ceil) return attrs.pad;
  const axes = attrs.kernel.length;
  const positions = spatialOf(type.shape);
  return attrs.pad.map((p, side) => {
    if (side < axes) return p;
    const axis = side - axes;
    const reach =
      (positions[axis]! - 1) * attrs.stride[axis]! + extent(attrs.kernel[axis]!, attrs.dilation[axis]!);
    const over = reach - (spatialOf(operands.x.type.shape)[axis]! + attrs.pad[axis]! + p);
    if (over > 0 && attrs.mode === 'avg' && attrs.countPad)
      refuse(
        'E071',
        `POOL ${name} counts its padding, but not what hangs over (ceil): no padding can say so`,
      );
    return p + Math.max(0, over);
  });
}

interface Window {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly pad: readonly number[];
}

/** A window on a value that may be finer than in training: dilated, and without its stride where that must go. */
function windowAt(x: Place, trained: Window, at: Rebuilding) {
  const stride = x.stride.map((s, axis) => s * trained.stride[axis]!);
  const now = stride.map((s, axis) =>
    at.stride === undefined ? s / x.rate[axis]! : s / Math.round(s / commonMeasure(s, at.stride)),
  );
  const window: Window = {
    stride: now.map((s, axis) => Math.round((s * x.rate[axis]!) / x.stride[axis]!)),
    dilation: trained.dilation.map((d, axis) => d * x.rate[axis]!),
    pad: trained.pad.map((p, side) => p * x.rate[side % x.rate.length]!),
  };
  const place = {
    isHead: x.isHead,
    stride,
    rate: stride.map((s, axis) => Math.round(s / now[axis]!)),
    grain: now.map((s, axis) => grainWith(x.grain[axis]!, s)),
  };
  return { window, place };
}

/** The stride of a head, which is computed where a crop can begin and nowhere else. */
function perGrain(x: Place): { readonly stride: readonly number[]; readonly place: Place } {
  const stride = positionsPerGrain(x);
  return { stride, place: { ...x, stride: x.stride.map((s, axis) => s * stride[axis]!) } };
}

function fcAt(node: OpNode<'fc'>, at: Rebuilding): Place {
  const { x: trained, weight, bias } = node.operands;
  const x = placeOf(node, trained, at);
  const window = x.isHead ? x.rate.map(() => 1) : spatialOf(trained.type.shape);
  const isVector = spatialOf(x.node.type.shape).length <= 0;
  if (isVector || (at.dense === undefined && sameShape(trained.type.shape, x.node.type.shape)))
    return { ...x, node: again(node, at) };
  if (at.dense === undefined)
    refuse(
      'E071',
      `${show(node)} was trained on ${showItem(trained.type)}; at ${at.size.join('×')} it gets ${showItem(x.node.type)}`,
      {
        help: 'evaluate it at every position instead: add --dense',
      },
    );
  invariant(isConstant(weight), `${weight.name} is a weight`);
  const shape = [weight.type.shape[0]!, channelsOf(trained.type.shape), ...window];
  const { stride, place } = perGrain(x);
  const zeros = [...window, ...window].map(() => 0);
  const conv: Computation = {
    op: 'conv',
    operands: { x: x.node, weight: at.weight(reshaped(weight, shape)), bias },
    attrs: { ...defaultAttrs('conv'), stride, pad: zeros, dilation: x.rate },
    epilogue: [],
  };
  return { ...place, isHead: true, node: at.make(conv, node) };
}

/** The same numbers in the same order: C, H, W. */
const reshaped = (weight: ConstantNode, shape: readonly number[]): ConstantNode => ({
  ...weight,
  type: { ...weight.type, shape },
});

/** CROP keeps what it cut off; LAST takes the position that was the last in training. */
function cropAt(node: OpNode<'crop'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  const { amounts } = node.attrs;
  if (x.isHead) requirePointwise(node, [], amounts);
  if (node.origins[0]?.keyword !== 'LAST')
    return {
      ...x,
      node: again(node, at, { amounts: amounts.map((a, side) => a * x.rate[side % x.rate.length]!) }),
    };
  if (at.dense === undefined)
    return { ...x, node: again(node, at, { amounts: [spatialOf(x.node.type.shape)[0]! - 1, 0] }) };
  return { ...x, isHead: true, node: again(node, at, { amounts: [amounts[0]! * x.rate[0]!, 0] }) };
}

function padAt(node: OpNode<'pad'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  const { amounts, mode } = node.attrs;
  if (x.isHead) requirePointwise(node, [], amounts);
  if (mode !== 'zero' && x.rate.some((rate) => rate > 1))
    refuse(
      'E071',
      `${show(node)} repeats its border (mode=${mode}), which leaving out strides would change`,
      STITCH,
    );
  const scaled = amounts.map((amount, side) => amount * x.rate[side % x.rate.length]!);
  return { ...x, node: again(node, at, { ...node.attrs, amounts: scaled }) };
}

function deconvAt(node: OpNode<'deconv'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  refuseEnlarging(node, x);
  return { ...enlarged(x, node.attrs.stride), node: again(node, at) };
}

function resizeAt(node: OpNode<'resize'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  refuseEnlarging(node, x);
  const trained = spatialOf(node.operands.x.type.shape);
  const factors = node.attrs.size.map((size, axis) => size / trained[axis]!);
  const length = spatialOf(x.node.type.shape);
  const size = length.map((now, axis) => now * factors[axis]!);
  const isFactor =
    factors.every((factor) => Number.isInteger(factor)) && trained.some((positions) => positions > 1);
  const wanted = isFactor ? size : sizeBeside(node, at);
  if (at.dense !== undefined) requireSameSampling(node, { trained, length, wanted });
  return { ...enlarged(x, factors), node: again(node, at, { ...node.attrs, size: wanted }) };
}

const enlarged = (x: Place, factors: readonly number[]): Place => {
  const stride = x.stride.map((s, axis) => s / factors[axis]!);
  return { ...x, stride, grain: x.grain.map((g, axis) => grainWith(g, stride[axis]!)) };
};

interface Sampling {
  readonly trained: readonly number[];
  /** What comes in at this size. */
  readonly length: readonly number[];
  readonly wanted: readonly number[];
}

/** A crop in a larger map is sampled at the same places only if the factor is the same, and corners stay free. */
function requireSameSampling(node: OpNode<'resize'>, { trained, length, wanted }: Sampling): void {
  const { size, corners } = node.attrs;
  if (corners === 'align' && !sameShape(size, trained))
    refuse(
      'E071',
      `${show(node)} aligns corners: it stretches a crop and a larger map by different amounts`,
      { help: 'corners=half and corners=asymmetric do not depend on the size' },
    );
  const axis = wanted.findIndex((now, i) => now * trained[i]! !== size[i]! * length[i]!);
  if (axis >= 0)
    refuse(
      'E071',
      `${show(node)} enlarged ${trained[axis]!} to ${size[axis]!} positions in training, and ${length[axis]!} to ${wanted[axis]!} here: no position would show what a crop's does`,
      { help: 'give UP a factor instead of like= or size=, or a size at which the ratio is the same' },
    );
}

/** The size of the value that UP is to be like: one whose size was the same in training. */
function sizeBeside(node: OpNode<'resize'>, at: Rebuilding): readonly number[] {
  const size = at.sizeLike(node.attrs.size);
  return (
    size ??
    refuse(
      'E071',
      `${show(node)} enlarges to ${node.attrs.size.join('×')}; at ${at.size.join('×')} it is not clear to which size`,
    )
  );
}

function refuseEnlarging(node: OpNode, x: Place): void {
  if (x.isHead) refuseMiddle(node, undefined);
  if (x.rate.some((rate) => rate > 1))
    refuse('E071', `${show(node)} enlarges a map whose strides were left out`, STITCH);
}

/** From 1×1×C to a vector and back: a head's map stays a map. */
function reshapeAt(node: OpNode<'reshape'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  if (x.isHead) return x;
  if (sameShape(node.operands.x.type.shape, x.node.type.shape)) return { ...x, node: again(node, at) };
  return refuse(
    'E071',
    `${show(node)} gives ${showItem(node.operands.x.type)} another shape, which it cannot do at ${at.size.join('×')}`,
  );
}

/** Probabilities are made of the mean score, not the other way round. */
function softmaxAt(node: OpNode<'softmax'>, at: Rebuilding): Place {
  const x = placeOf(node, node.operands.x, at);
  const isReduced = x.isHead && at.dense !== undefined && at.dense !== 'map';
  const scores = isReduced ? reduceScores(fullCrops(x, at), at) : x.node;
  const made = at.make({ op: 'softmax', operands: { x: scores }, attrs: {}, epilogue: [] }, node);
  return { ...x, isHead: x.isHead && !isReduced, node: made };
}

/** The same operator over what stands for its operands. */
function again<K extends OpName>(
  node: OpNode<K>,
  at: Rebuilding,
  attrs: OpNode<K>['attrs'] = node.attrs,
  valueOf: (place: Place) => Node = (place) => place.node,
): OpNode {
  const operands = mapOperands<OpName, Node, Node>(node.operands, (operand) => {
    const place = at.placeOf(operand);
    return place ? valueOf(place) : operand;
  });
  // Name, attributes and operands are those of one use of one operator.
  return at.make(computationOf({ op: node.op, attrs, operands, epilogue: [] }), node);
}

const operandsOf = (node: OpNode): Node[] =>
  Object.values<Node | readonly Node[] | undefined>(node.operands).flatMap((operand) => operand ?? []);

function placeOf(node: OpNode, operand: Node, at: Rebuilding): Place {
  const place = at.placeOf(operand);
  return place ?? refuse('E071', `${show(node)} works on a weight`);
}

function requirePointwise(node: OpNode, kernel: readonly number[], sides: readonly number[]): void {
  if (kernel.every((k) => k === 1) && sides.every((side) => side === 0)) return;
  refuse(
    'E071',
    `${show(node)} works across positions behind the head of the network, which had one position in training`,
    {
      help: 'dense evaluation needs a head of FC, 1×1 CONV and activations',
    },
  );
}

function refuseMiddle(node: OpNode, at: Rebuilding | undefined): never {
  const global = at && operandsOf(node).find((operand) => at.placeOf(operand)?.isHead);
  return refuse(
    'E071',
    `${show(node)} joins a map with what ${global ? global.name : 'GAP'} made of all of it: each crop would have its own`,
    {
      help: 'dense evaluation is for GAP and FC at the end of a network; leave --dense out to run it at this size',
    },
  );
}

const STITCH = { help: 'use --method stitch, which shifts the input instead' };

/** `CONV conv1` */
const show = ({ name, origins }: OpNode): string => `${origins[0]?.keyword ?? ''} ${name}`.trim();

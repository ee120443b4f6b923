// The graph in the shape that words of the language give it, so that it can be said, and compared with what was said.
//
// conv → add constant              ⇒  conv with a bias; also deconv, fc
// products with gates              ⇒  activations: see name-activations.ts
// slice(slice(x)) of other axes    ⇒  slice(x)
// transpose(transpose(x))          ⇒  transpose(x), or x
// pool whose window is the map     ⇒  its stride does not matter
// a constant of one element        ⇒  a number that stretches
// reshape to as many items         ⇒  reshape that leaves the batch
// attributes                       ⇒  the shortest number that is the same float32
import {
  inputsOf,
  isConstant,
  isLayer,
  isOp,
  type ConstantNode,
  type Graph,
  type Node,
  type OpNode,
} from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { mapInputs } from '../ir/semantics.ts';
import { OPS } from '../ops/index.ts';
import { dropNoOps } from '../passes/drop-no-ops.ts';
import { eliminateCommonSubexpressions } from '../passes/eliminate-common-subexpressions.ts';
import { eliminateDeadCode } from '../passes/eliminate-dead-code.ts';
import { nameActivations } from '../passes/name-activations.ts';
import { simplify } from '../passes/simplify.ts';
import { readOnce, tidy } from '../passes/tidy.ts';
import { withParameters } from '../passes/weights.ts';
import { sameShape, sizeOf } from '../tensor/types.ts';
import { channelsOf, spatialOf, windowPositions } from '../tensor/window.ts';
import { shortest } from '../support/shortest.ts';

const SIMPLER = [eliminateDeadCode, dropNoOps, nameActivations, simplify, eliminateCommonSubexpressions];

/** A graph without epilogues → the same with as few ways to say it as possible. */
export function canonical(graph: Graph): Graph {
  let before: Graph;
  let now = graph;
  do {
    before = now;
    for (const pass of SIMPLER) now = pass.run(now);
    const once = readOnce(now);
    const rewritten = rebuild(now, (node) => (isOp(node) ? rewrite(node, once) : node));
    if (rewritten !== now) now = tidy(rewritten);
  } while (now !== before);
  return now;
}

function rewrite(given: OpNode, once: ReadonlySet<string>): Node {
  const node = plainAttributes(plainNumbers(given));
  switch (node.op) {
    case 'add':
      return withBias(node, once);
    case 'conv':
      // How it is computed is no part of the program.
      return node.attrs.lowering === 'auto' ? node : { ...node, attrs: { ...node.attrs, lowering: 'auto' } };
    case 'transpose':
      return oneTranspose(node);
    case 'slice':
      return node.attrs.axes.length === 0 ? node.operands.x : oneSlice(node, once);
    case 'pool':
      return plainPool(node);
    case 'prelu':
      return slopePerChannel(node);
    case 'reshape':
      return plainBatch(node);
    default:
      return node;
  }
}

function plainAttributes<N extends OpNode>(node: N): N {
  const entries = Object.entries<unknown>(node.attrs);
  const plain = entries.map(([name, value]) => [name, typeof value === 'number' ? shortest(value) : value]);
  return entries.every(([, value], i) => Object.is(value, plain[i]![1]))
    ? node
    : { ...node, attrs: Object.fromEntries(plain) };
}

/** The constants of one element that an element-wise operator reads, as vectors of one. */
function plainNumbers(node: OpNode): OpNode {
  if (OPS[node.op].kind !== 'scalar' || node.op === 'batch_norm' || node.op === 'prelu') return node;
  const plain = (operand: Node): Node =>
    isConstant(operand) && operand.type.shape.length > 1 && sizeOf(operand.type.shape) === 1
      ? { ...operand, type: { ...operand.type, shape: [1] } }
      : operand;
  const now = mapInputs(node, plain);
  const before = inputsOf(node);
  const after = inputsOf(now);
  const rank = Math.max(...after.map(({ type }) => type.shape.length));
  return rank === node.type.shape.length && after.some((each, i) => each !== before[i]) ? now : node;
}

function withBias(node: OpNode<'add'>, once: ReadonlySet<string>): Node {
  const { a, b } = node.operands;
  const [layer, bias] = isConstant(a) ? [b, a] : [a, b];
  if (!isLayer(layer)) return node;
  const channels = channelsOf(layer.type.shape);
  const isPerChannel = sizeOf(bias.type.shape) === channels && bias.type.shape.at(-1) === channels;
  const isFree = !layer.operands.bias && once.has(layer.name) && sameShape(layer.type.shape, node.type.shape);
  if (!isConstant(bias) || !isPerChannel || !isFree) return node;
  const flat: ConstantNode = { ...bias, type: { ...bias.type, shape: [channels] } };
  return withParameters(layer, { bias: flat });
}

function oneTranspose(node: OpNode<'transpose'>): Node {
  const inner = node.operands.x;
  if (inner.op !== 'transpose') return node;
  const perm = node.attrs.perm.map((axis) => inner.attrs.perm[axis]!);
  return perm.every((axis, i) => axis === i)
    ? inner.operands.x
    : { ...node, operands: inner.operands, attrs: { perm } };
}

function oneSlice(node: OpNode<'slice'>, once: ReadonlySet<string>): Node {
  const inner = node.operands.x;
  if (inner.op !== 'slice' || !once.has(inner.name)) return node;
  if (inner.attrs.axes.some((axis) => node.attrs.axes.includes(axis))) return node;
  const both = (name: 'axes' | 'start' | 'size' | 'step') => [...inner.attrs[name], ...node.attrs[name]];
  const attrs = { axes: both('axes'), start: both('start'), size: both('size'), step: both('step') };
  return { ...node, operands: inner.operands, attrs };
}

function plainPool(node: OpNode<'pool'>): Node {
  const { attrs } = node;
  const { kernel, pad } = attrs;
  const spatial = spatialOf(node.operands.x.type.shape);
  const hasPadding = pad.some((amount) => amount > 0);
  const isWhole = sameShape(kernel, spatial) && !hasPadding;
  const isExact = sameShape(windowPositions(spatial, attrs), spatialOf(node.type.shape));
  const plain = {
    ...attrs,
    stride: isWhole ? kernel : attrs.stride,
    dilation: isWhole ? kernel.map(() => 1) : attrs.dilation,
    ceil: attrs.ceil && !isExact,
    countPad: attrs.countPad && attrs.mode === 'avg' && hasPadding,
  };
  return JSON.stringify(plain) === JSON.stringify(attrs) ? node : { ...node, attrs: plain };
}

/** A batch that stays as it is need not be said. */
function plainBatch(node: OpNode<'reshape'>): Node {
  const { batch, shape } = node.attrs;
  const [before] = node.operands.x.type.shape;
  return batch === before ? { ...node, attrs: { shape, batch: 0 } } : node;
}

function slopePerChannel(node: OpNode<'prelu'>): Node {
  const { slope } = node.operands;
  const channels = channelsOf(node.type.shape);
  if (!isConstant(slope) || slope.type.shape[0] === channels) return node;
  const data = slope.data && new Float32Array(channels).fill(slope.data[0]!);
  const wide: ConstantNode = { ...slope, type: { ...slope.type, shape: [channels] }, data };
  return { ...node, operands: { ...node.operands, slope: wide } };
}

// conv 1×1 → conv 1×1  ⇒  conv 1×1        W = W₂ · W₁, b = W₂ · b₁ + b₂
//
// Valid when nothing stands between and nothing else reads the first; neither has padding or groups.
// Done only where it saves work: W may be larger than W₁ and W₂ together (a bottleneck).
import { isConstant, type ConstantNode, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { macsOf } from '../ir/semantics.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import type { Pass } from './pass.ts';
import { readOnce, tidy } from './tidy.ts';
import { biasBeside, dataOf, derive, originsOf } from './weights.ts';

export const mergePointwise: Pass = {
  name: 'merge-pointwise',
  doc: 'Merges consecutive 1×1 convolutions where that saves work.',
  numeric: 'reassociates',
  run(graph) {
    const once = readOnce(graph);
    const merged = rebuild(graph, (node) => merge(node, (first) => once.has(first.name)) ?? node);
    return merged === graph ? graph : tidy(merged);
  },
};

function merge(second: Node, isFree: (node: Node) => boolean): OpNode<'conv'> | undefined {
  if (!isPointwise(second)) return undefined;
  const first = second.operands.x;
  if (!isPointwise(first) || first.epilogue.length > 0 || !isFree(first)) return undefined;
  const [w1, b1, w2, b2] = [
    first.operands.weight,
    first.operands.bias,
    second.operands.weight,
    second.operands.bias,
  ];
  if (!isConstant(w1) || !isConstant(w2) || (b1 && !isConstant(b1)) || (b2 && !isConstant(b2)))
    return undefined;

  const inputs = channelsOf(first.operands.x.type.shape);
  const filters = channelsOf(second.type.shape);
  const pixels = sizeOf(second.type.shape) / filters;
  if (pixels * inputs * filters >= macsOf(first) + macsOf(second)) return undefined;

  const shape = [filters, inputs, ...w1.type.shape.slice(2)];
  const weight = derive(w2, shape, product(w2, w1));
  const bias = b2 ?? (b1 && biasBeside(w2, filters, undefined));
  return {
    ...second,
    origins: originsOf(first, second),
    attrs: {
      ...second.attrs,
      stride: second.attrs.stride.map((stride, axis) => stride * first.attrs.stride[axis]!),
    },
    operands: {
      x: first.operands.x,
      weight,
      bias: bias && b1 ? derive(bias, [filters], mergedBias(w2, b1, b2)) : bias,
    },
  };
}

function isPointwise(node: Node): node is OpNode<'conv'> {
  if (node.op !== 'conv') return false;
  const { groups, pad } = node.attrs;
  return (
    groups === 1 &&
    pad.every((p) => p === 0) &&
    node.operands.weight.type.shape.slice(2).every((k) => k === 1)
  );
}

/** W₂ · W₁ */
function product(w2: ConstantNode, w1: ConstantNode): Float32Array | undefined {
  const data = dataOf(w2, w1);
  if (!data) return undefined;
  const [outer, inner] = data;
  const [filters, middle] = [w2.type.shape[0]!, w2.type.shape[1]!];
  const inputs = w1.type.shape[1]!;
  return Float32Array.from({ length: filters * inputs }, (_, at) => {
    const [o, c] = [Math.floor(at / inputs), at % inputs];
    let sum = 0;
    for (let m = 0; m < middle; m++) sum += outer[o * middle + m]! * inner[m * inputs + c]!;
    return sum;
  });
}

/** W₂ · b₁ + b₂ */
function mergedBias(
  w2: ConstantNode,
  b1: ConstantNode,
  b2: ConstantNode | undefined,
): Float32Array | undefined {
  const data = dataOf(w2, b1, b2);
  if (!data) return undefined;
  const [outer, inner, own] = data;
  return Float32Array.from({ length: w2.type.shape[0]! }, (_, o) =>
    inner.reduce((sum, value, m) => sum + outer[o * inner.length + m]! * value, own?.[o] ?? 0),
  );
}

// x · sigmoid(x)               ⇒  swish(x)
// x · hard_sigmoid(x, ⅙, ½)    ⇒  hswish(x)
// x · tanh(softplus(x))        ⇒  mish(x)
//
// ONNX has no word for some activations, or had none when a model was written. As one operator they cost no
// pass over memory: they become the epilogue of the layer before. The gate need not be read by the product alone;
// then it stays as well.
import { isOp, type Node, type OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import { sameType } from '../tensor/types.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';
import { originsOf } from './weights.ts';

export const nameActivations: Pass = {
  name: 'name-activations',
  doc: 'Products of a value with a gate of itself become the activation that they are.',
  numeric: 'reassociates',
  run(graph) {
    const named = rebuild(graph, (node) => activation(node) ?? node);
    return named === graph ? graph : tidy(named);
  },
};

function activation(node: Node): Node | undefined {
  if (node.op !== 'mul') return undefined;
  const { a, b } = node.operands;
  for (const [x, gate] of [
    [a, b],
    [b, a],
  ] as const) {
    const op = isOp(gate) && sameType(x.type, gate.type) ? gatedBy(x, gate) : undefined;
    if (op) return { ...node, op, operands: { x }, attrs: {}, origins: originsOf(gate, node) };
  }
  return undefined;
}

/** The activation that a product of `x` and `gate` is. */
function gatedBy(x: Node, gate: OpNode): 'swish' | 'hswish' | 'mish' | undefined {
  if (gate.epilogue.length > 0) return undefined;
  switch (gate.op) {
    case 'sigmoid':
      return gate.operands.x === x ? 'swish' : undefined;
    case 'hard_sigmoid': {
      const { slope, offset } = gate.attrs;
      const isHalfWidthSix = Math.abs(slope - 1 / 6) < 1e-6 && offset === 0.5;
      return gate.operands.x === x && isHalfWidthSix ? 'hswish' : undefined;
    }
    case 'tanh': {
      const { x: inner } = gate.operands;
      const isSoftplus = inner.op === 'softplus' && inner.epilogue.length === 0;
      return isSoftplus && inner.operands.x === x ? 'mish' : undefined;
    }
    default:
      return undefined;
  }
}

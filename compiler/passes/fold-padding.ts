// pad → conv      ⇒  conv with more padding
// pad → pool avg  ⇒  pool with more padding, which it counts
// pad → pad       ⇒  pad
//
// Valid for zeros; for a mean when it counts its own padding, if it has any, and no window hangs over. A
// maximum stays: zeros may win there, padding never does.
import type { Node, OpNode } from '../ir/graph.ts';
import { rebuild } from '../ir/rebuild.ts';
import type { Pass } from './pass.ts';
import { tidy } from './tidy.ts';
import { originsOf } from './weights.ts';

export const foldPadding: Pass = {
  name: 'fold-padding',
  doc: 'Puts PAD into the convolution, mean or PAD behind it.',
  numeric: 'exact',
  run(graph) {
    const folded = rebuild(graph, fold);
    return folded === graph ? graph : tidy(folded);
  },
};

function fold(node: Node): Node {
  switch (node.op) {
    case 'conv': {
      const border = zerosBefore(node.operands.x);
      if (!border) return node;
      const pad = sum(node.attrs.pad, border.attrs.amounts);
      return {
        ...node,
        origins: originsOf(border, node),
        attrs: { ...node.attrs, pad },
        operands: { ...node.operands, x: border.operands.x },
      };
    }
    case 'pool': {
      const border = zerosBefore(node.operands.x);
      if (!border) return node;
      const pad = sum(node.attrs.pad, border.attrs.amounts);
      return canCount(node, pad)
        ? {
            ...node,
            origins: originsOf(border, node),
            attrs: { ...node.attrs, pad, countPad: true },
            operands: border.operands,
          }
        : node;
    }
    case 'pad': {
      const border = zerosBefore(node.operands.x);
      if (!border || node.attrs.mode !== 'zero' || node.attrs.value !== 0) return node;
      const amounts = sum(node.attrs.amounts, border.attrs.amounts);
      return {
        ...node,
        origins: originsOf(border, node),
        attrs: { ...node.attrs, amounts },
        operands: border.operands,
      };
    }
    default:
      return node;
  }
}

/** A border of zeros, ready to go into what reads it. */
const zerosBefore = (x: Node): OpNode<'pad'> | undefined =>
  x.op === 'pad' && x.attrs.mode === 'zero' && x.attrs.value === 0 && x.epilogue.length === 0 ? x : undefined;

function canCount({ attrs }: OpNode<'pool'>, pad: readonly number[]): boolean {
  const isCounted = attrs.countPad || attrs.pad.every((p) => p === 0);
  // No window may see nothing but padding.
  const sees = pad.every((p, side) => {
    const axis = side % attrs.kernel.length;
    return p <= (attrs.kernel[axis]! - 1) * attrs.dilation[axis]!;
  });
  return attrs.mode === 'avg' && isCounted && !attrs.ceil && sees;
}

/** Per side. */
const sum = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((amount, side) => amount + b[side]!);

import type { OpNode } from '../ir/graph.ts';
import { neighboursOf } from '../ops/resize.ts';
import { spatialOf } from '../tensor/window.ts';
import { isSpatial } from './reading.ts';
import { range } from '../support/numbers.ts';

/** Positions of the operand that position i of the result is made of; some may lie outside of it. */
export type Taps = (i: number) => readonly number[];

/** How an operator reads its first operand along an axis; undefined where it slides no window. */
export function tapsOf(node: OpNode, axis: number): Taps | undefined {
  if (!isSpatial(node, axis)) return undefined;
  switch (node.op) {
    case 'conv':
    case 'max_indices':
    case 'pool': {
      const { step, first, elements, apart } = slidingOf(node, axis);
      const offsets = range(elements).map((k) => first + k * apart);
      return (i) => offsets.map((at) => i * step + at);
    }
    case 'deconv': {
      const { stride, pad, dilation } = node.attrs;
      const elements = range(node.operands.weight.type.shape[2 + axis]!);
      return (i) =>
        elements.flatMap((k) => {
          const from = (i + pad[axis]! - k * dilation[axis]!) / stride[axis]!;
          return Number.isInteger(from) ? from : [];
        });
    }
    case 'resize': {
      const { mode, corners, size } = node.attrs;
      const [from, to] = stretchOf(node, axis);
      if (corners === 'align' && size[axis] === 1) return (i) => [i * from];
      // In the middle of a map three times as long nothing is clamped.
      const last = corners === 'align' ? 1 : 0;
      const tripled = { from: 3 * from + last, to: 3 * to + last, corners };
      return (i) =>
        neighboursOf(mode, i + to, tripled).flatMap(([position, share]) =>
          share > 0 ? position - from : [],
        );
    }
    case 'crop':
      return (i) => [i + node.attrs.amounts[axis]!];
    case 'pad':
      return (i) => [i - node.attrs.amounts[axis]!];
    case 'extend': {
      const { mode, before, after } = node.attrs;
      const amount = before[axis + 1] ?? 0;
      const goesRound = mode === 'wrap' && (amount > 0 || (after[axis + 1] ?? 0) > 0);
      return goesRound ? undefined : (i) => [i - amount];
    }
    case 'slice': {
      const { axes, start, step } = node.attrs;
      const at = axes.indexOf(axis + 1);
      return at < 0 ? undefined : (i) => [start[at]! + i * step[at]!];
    }
    default:
      return undefined;
  }
}

/** So many positions become so many. Where corners are aligned, the steps between positions are what is stretched. */
export function stretchOf(
  { operands: { x }, attrs }: OpNode<'resize'>,
  axis: number,
): readonly [number, number] {
  const [from, to] = [spatialOf(x.type.shape)[axis]!, attrs.size[axis]!];
  return attrs.corners === 'align' && to > 1 ? [from - 1, to - 1] : [from, to];
}

/** A window that slides along an axis: position i reads `first + i·step`, and every `apart`th one behind it. */
export interface Sliding {
  readonly step: number;
  readonly first: number;
  readonly elements: number;
  readonly apart: number;
}

/** The window of a convolution or a pool. */
export function slidingOf(node: OpNode<'conv' | 'max_indices' | 'pool'>, axis: number): Sliding {
  const { stride, dilation, pad } = node.attrs;
  const elements = node.op === 'conv' ? node.operands.weight.type.shape[2 + axis]! : node.attrs.kernel[axis]!;
  return { step: stride[axis]!, first: -pad[axis]!, elements, apart: dilation[axis]! };
}

import { lit } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import { f32 } from '../tensor/types.ts';
import { attr, defineOp, type Source } from './define.ts';
import { channelsFirst } from './onnx.ts';
import { rearranged } from './rearranged.ts';

const attrs = { shape: attr([1], 'Sizes to stretch to; 1 leaves an axis as it is.') };

const source: Source<{ readonly x: 'one' }, typeof attrs> = (at, _, { x }) => ({
  at: at.map((position, axis) => (x.shape[axis] === 1 ? lit(0) : position)),
});

export const expand = defineOp({
  name: 'expand',
  kind: 'rearrangement',
  doc: 'Axes of one element stretched to a shape.',
  operands: { x: 'one' },
  attrs,
  infer: ({ x }, { shape }) => {
    const fits = x.shape.every((size, axis) => size === 1 || shape[axis] === 1 || shape[axis] === size);
    invariant(
      fits && shape.length === x.shape.length,
      `${x.shape.join('×')} stretches to ${shape.join('×')}`,
    );
    return f32(...x.shape.map((size, axis) => (size === 1 ? shape[axis]! : size)));
  },
  source,
  evaluate: ({ x }, given, out) => rearranged(x, out, (at) => source(at, given, { x: x.type })),
  onnx: ({ x }, { shape }, { node, ints }) => node('Expand', [x, ints(channelsFirst(shape))]),
  sample: (pick) => {
    const shape = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 5));
    return {
      operands: { x: [pick.int(1, 2), ...shape.map((size) => pick.of([1, size]))] },
      attrs: { shape: [1, ...shape] },
    };
  },
});

import { lit } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { f32, showItem } from '../tensor/types.ts';
import { byRule, count, sizes, withDefault } from './argument.ts';
import { attr, defineOp, type OneOperand, type Source } from './define.ts';
import { defineKeyword, ofEachAxis, perItem, says } from './keyword.ts';
import { channelsFirst } from './onnx.ts';
import { rearranged } from './rearranged.ts';

const attrs = { shape: attr([1], 'Sizes to stretch to; 1 leaves an axis as it is.') };

const source: Source<OneOperand, typeof attrs> = (at, _, { x }) => ({
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
  torch: ({ x }, { shape }) =>
    `${x}.expand(${channelsFirst(shape)
      .map((size) => (size === 1 ? -1 : size))
      .join(', ')})`,
  sample: (pick) => {
    const shape = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 5));
    return {
      operands: { x: [pick.int(1, 2), ...shape.map((size) => pick.of([1, size]))] },
      attrs: { shape: [1, ...shape] },
    };
  },
});

export const EXPAND = defineKeyword({
  keyword: 'EXPAND',
  doc: expand.doc,
  positional: ['shape'],
  args: {
    shape: byRule(sizes('Sizes to stretch to, without the batch; 1 leaves an axis as it is.'), 'as it is'),
    batch: withDefault(count('Items that one becomes; 1 leaves them as they are.'), 1),
  },
  says: says(expand, ({ shape: [batch, ...shape] }) => ({ ...perItem('shape', shape), batch: batch! })),
  build: (call, { shape: written, batch }) => {
    const item = call.x.type.shape.slice(1);
    const shape = ofEachAxis(call, 'shape', { written, standard: 1 });
    if (
      shape.length !== item.length ||
      item.some((size, axis) => size !== 1 && shape[axis] !== 1 && shape[axis] !== size)
    )
      refuse('E043', `${showItem(call.x.type)} does not stretch to ${shape.join('×')}`, {
        argument: 'shape',
      });
    const items = call.x.type.shape[0]!;
    if (items !== 1 && batch !== 1 && batch !== items)
      refuse('E043', `${items} items do not stretch to ${batch}`, { argument: 'batch' });
    return call.emit(expand, { x: call.x }, { shape: [batch, ...shape] });
  },
});

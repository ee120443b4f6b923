import { invariant } from '../support/assert.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import type { Value } from './argument.ts';
import { attr, defineOp } from './define.ts';
import type { Call } from './keyword.ts';

export const reshape = defineOp({
  name: 'reshape',
  kind: 'view',
  doc: 'The same elements in the same order, under another shape.',
  operands: { x: 'one' },
  attrs: { shape: attr([1], 'The new shape of one item, without the batch.') },
  infer: ({ x }, { shape }) => {
    invariant(sizeOf(x.shape.slice(1)) === sizeOf(shape), `reshape to ${shape.join('×')} keeps the size`);
    return f32(x.shape[0]!, ...shape);
  },
  evaluate: ({ x }) => x.data,
  sample: (pick) => {
    const [a, b, c] = [pick.int(1, 4), pick.int(1, 4), pick.int(1, 4)];
    return {
      operands: { x: [pick.int(1, 2), a, b, c] },
      attrs: { shape: pick.of([[a * b * c], [a * b, c], [b, a, c], [1, 1, a * b * c]]) },
    };
  },
});

/** `x` under another shape; itself when it has that already. */
export function reshapeTo(call: Call, x: Value, shape: readonly number[]): Value {
  return x.type.shape.slice(1).join() === shape.join() ? x : call.emit(reshape, { x }, { shape });
}

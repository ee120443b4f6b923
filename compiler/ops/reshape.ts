import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { f32, showItem, showType, sizeOf, type TensorType } from '../tensor/types.ts';
import { channelsOf, spatialOf } from '../tensor/window.ts';
import { channelsFirst, channelsLast } from './onnx.ts';
import { byRule, sizes, whole0, withDefault, type ArgSpec, type Value } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { inOurOrder, inTheirOrder } from './torch.ts';
import { defineKeyword, says, type Call } from './keyword.ts';

export const reshape = defineOp({
  name: 'reshape',
  kind: 'view',
  doc: 'The same elements in the same order, under another shape.',
  operands: { x: 'one' },
  attrs: {
    shape: attr([1], 'The new shape of one item, without the batch.'),
    batch: attr(0, 'Items afterwards; 0 leaves them as they are.'),
  },
  infer: ({ x }, { shape, batch }) => {
    const whole = f32(batch === 0 ? x.shape[0]! : batch, ...shape);
    invariant(sizeOf(x.shape) === sizeOf(whole.shape), `reshape to ${showType(whole)} keeps the size`);
    return whole;
  },
  evaluate: ({ x }) => x.data,
  onnx: ({ x }, { shape, batch }, { node, ints, types, out }) => {
    // A 0 keeps the batch there too; -1 is whatever is left, for each item of one.
    const to = (item: readonly number[]) => ints([batch === 0 ? 0 : -1, ...item]);
    const ours = isOneOrder(types.x)
      ? x
      : node('Transpose', [x], { perm: channelsLast(types.x.shape.length) });
    if (isOneOrder(out)) return node('Reshape', [ours, to(channelsFirst(out.shape).slice(1))]);
    const reshaped = node('Reshape', [ours, to(shape)]);
    return node('Transpose', [reshaped], { perm: channelsFirst(out.shape.map((_, axis) => axis)) });
  },
  torch: ({ x }, { shape, batch }, { types, out }) => {
    const isFlat = batch === 0 && out.shape.length === 2 && types.x.shape.length > 1;
    const to = (item: readonly number[]) => (isFlat ? 'flatten(1)' : `reshape(${[-1, ...item].join(', ')})`);
    const ours = isOneOrder(types.x) ? x : inOurOrder(x, types.x.shape.length);
    if (isOneOrder(out)) return `${ours}.${to(channelsFirst(out.shape).slice(1))}`;
    return inTheirOrder(`${ours}.${to(shape)}`, out.shape.length);
  },
  sample: (pick) => {
    const [a, b, c] = [pick.int(1, 4), pick.int(1, 4), pick.int(1, 4)];
    return {
      operands: { x: [pick.int(1, 2), a, b, c] },
      attrs: { shape: pick.of([[a * b * c], [a * b, c], [b, a, c], [1, 1, a * b * c]]), batch: 0 },
    };
  },
});

/** Whether elements lie in the same order with channels first and last: of one pixel, or one channel. */
export const isOneOrder = ({ shape }: TensorType): boolean =>
  channelsOf(shape) === 1 || spatialOf(shape).every((size) => size === 1);

/** `x` under another shape; itself when it has that already. */
export function reshapeTo(call: Call, x: Value, shape: readonly number[]): Value {
  return x.type.shape.slice(1).join() === shape.join() ? x : call.emit(reshape, { x }, { shape });
}

const some = whole0(
  'Items afterwards; 0 leaves them as they are; all: each element is one, without axes of its own.',
);

const items: ArgSpec<number | 'all'> = {
  ...some,
  expects: `${some.expects}, or all`,
  words: ['all'],
  read: (written) => (written.kind === 'word' && written.text === 'all' ? 'all' : some.read(written)),
  show: String,
};

/** One axis, which is that of the batch. */
function inARow(call: Call, written: readonly number[] | undefined): Value {
  if (written) refuse('E037', 'where each element is an item, items have no shape', { argument: 'shape' });
  const size = sizeOf(call.x.type.shape);
  return call.emit(reshape, { x: call.x }, { shape: [], batch: size });
}

export const RESHAPE = defineKeyword({
  keyword: 'RESHAPE',
  doc: 'The same elements in the same order, channels last, under another shape.',
  positional: ['shape'],
  args: {
    shape: byRule(sizes('The new shape, without the batch.'), 'one axis'),
    batch: withDefault(items, 0),
  },
  says: says(reshape, ({ shape, batch }) =>
    shape.length === 0 ? { batch: 'all' as const } : { shape, batch },
  ),
  build: (call, { shape: written, batch }) => {
    if (batch === 'all') return inARow(call, written);
    const items = batch === 0 ? call.x.type.shape[0]! : batch;
    const size = sizeOf(call.x.type.shape) / items;
    const shape = written ?? call.decide('shape', [size], 'nothing is said');
    if (sizeOf(shape) !== size)
      refuse(
        'E043',
        `${showItem(call.x.type)} cannot become ${shape.join('×')}: RESHAPE keeps the elements`,
        {
          argument: 'shape',
        },
      );
    return call.emit(reshape, { x: call.x }, { shape, batch });
  },
});

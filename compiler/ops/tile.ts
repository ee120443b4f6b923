import { lit, rem } from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { f32 } from '../tensor/types.ts';
import { byRule, count, lengths, withDefault } from './argument.ts';
import { attr, defineOp, type OneOperand, type Source } from './define.ts';
import { defineKeyword, ofEachAxis, perItem, says } from './keyword.ts';
import { channelsFirst } from './onnx.ts';
import { rearranged } from './rearranged.ts';

const attrs = { repeats: attr([1], 'How often the operand stands behind itself, per axis.') };

const source: Source<OneOperand, typeof attrs> = (at, { repeats }, { x }) => ({
  at: at.map((position, axis) => {
    if (x.shape[axis] === 1) return lit(0);
    return repeats[axis] === 1 ? position : rem(position, lit(x.shape[axis]!));
  }),
});

export const tile = defineOp({
  name: 'tile',
  kind: 'rearrangement',
  doc: 'The operand repeated along its axes.',
  operands: { x: 'one' },
  attrs,
  infer: ({ x }, { repeats }) => f32(...x.shape.map((size, axis) => size * repeats[axis]!)),
  source,
  evaluate: ({ x }, given, out) => rearranged(x, out, (at) => source(at, given, { x: x.type })),
  onnx: ({ x }, { repeats }, { node, ints }) => node('Tile', [x, ints(channelsFirst(repeats))]),
  torch: ({ x }, { repeats }) => `${x}.repeat(${channelsFirst(repeats).join(', ')})`,
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 5));
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: { repeats: [1, ...item.map(() => pick.int(1, 3))] },
    };
  },
});

export const TILE = defineKeyword({
  keyword: 'TILE',
  doc: tile.doc,
  positional: ['repeats'],
  args: {
    repeats: byRule(lengths('How often, per axis, without the batch.', 1), 'once'),
    batch: withDefault(count('How often all items.'), 1),
  },
  says: says(tile, ({ repeats: [batch, ...repeats] }) => ({ ...perItem('repeats', repeats), batch: batch! })),
  build: (call, { repeats: written, batch }) => {
    const item = call.x.type.shape.slice(1);
    const repeats = ofEachAxis(call, 'repeats', { written, standard: 1 });
    if (repeats.length !== item.length)
      refuse('E037', `TILE's repeats has ${repeats.length} numbers for ${item.length} axes`, {
        argument: 'repeats',
      });
    return call.emit(tile, { x: call.x }, { repeats: [batch, ...repeats] });
  },
});

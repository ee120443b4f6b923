import { abs, add, le, lit, lt, max, min, rem, sub, type Scalar } from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { f32, showItem } from '../tensor/types.ts';
import { byRule, lengths, numberOrInfinity, oneOf, pair, withDefault } from './argument.ts';
import { attr, defineOp, word, type OneOperand, type Source } from './define.ts';
import { defineKeyword, ofEachAxis, perItem, says } from './keyword.ts';
import { channelsFirst } from './onnx.ts';
import { rearranged } from './rearranged.ts';
import { python } from './torch.ts';

const MODES = ['constant', 'reflect', 'edge', 'wrap'] as const;

const attrs = {
  before: attr([0], 'Elements put in front, per axis.'),
  after: attr([0], 'Elements put behind, per axis.'),
  mode: word(MODES, 'A constant; the operand mirrored at its ends; these repeated; or the operand repeated.'),
  value: attr(0, 'The constant.'),
};

const source: Source<OneOperand, typeof attrs> = (at, { before, after, mode, value }, { x }) => {
  const isExtended = (axis: number) => before[axis]! > 0 || after[axis]! > 0;
  const places = at.map((position, axis) =>
    before[axis] === 0 ? position : sub(position, lit(before[axis]!)),
  );
  if (mode !== 'constant')
    return {
      at: places.map((place, axis) =>
        isExtended(axis) ? INSIDE[mode](place, x.shape[axis]!, before[axis]!) : place,
      ),
    };
  const conditions = places.flatMap((place, axis) =>
    isExtended(axis) ? [le(lit(0), place), lt(place, lit(x.shape[axis]!))] : [],
  );
  return { at: places, conditions, otherwise: value };
};

/** The position inside `size` that a position around it shows. */
const INSIDE: Readonly<
  Record<Exclude<(typeof MODES)[number], 'constant'>, (at: Scalar, size: number, before: number) => Scalar>
> = {
  edge: (at, size) => max(lit(0), min(at, lit(size - 1))),
  // Mirrored at both ends: back where it was after twice the way.
  reflect: (at, size) => {
    const way = size - 1;
    return sub(lit(way), abs(sub(lit(way), rem(abs(at), lit(Math.max(1, 2 * way))))));
  },
  wrap: (at, size, before) => rem(add(at, lit(size * Math.ceil(before / size))), lit(size)),
};

const EXTENDED = `\
def extended(x, axis, before, after, mode):
    size = x.shape[axis]
    place = torch.arange(-before, size + after, device=x.device)
    if mode == "edge":
        place = place.clamp(0, size - 1)
    elif mode == "reflect":
        place = size - 1 - (size - 1 - place.abs() % max(1, 2 * (size - 1))).abs()
    else:
        place = place % size
    return x.index_select(axis, place)`;

/** `pad` is the same for the border of a map, and what the language has. */
export const extend = defineOp({
  name: 'extend',
  kind: 'rearrangement',
  doc: 'The operand with further elements around it, along any axes.',
  operands: { x: 'one' },
  attrs,
  infer: ({ x }, { before, after }) =>
    f32(...x.shape.map((size, axis) => before[axis]! + size + after[axis]!)),
  source,
  evaluate: ({ x }, given, out) => rearranged(x, out, (at) => source(at, given, { x: x.type })),
  onnx: ({ x }, { before, after, mode, value }, { node, ints, number }) =>
    node('Pad', [x, ints([...channelsFirst(before), ...channelsFirst(after)]), number(value)], { mode }),
  torch: ({ x }, { before, after, mode, value }, { helper }) => {
    const theirs = channelsFirst(before.map((amount, axis) => [amount, after[axis]!] as const));
    if (mode === 'constant')
      return python('F.pad', [x, `(${theirs.toReversed().flat().join(', ')})`], { value: [value, 0] });
    const extended = helper('extended', EXTENDED);
    return theirs.reduce(
      (text, [amount, behind], dim) =>
        amount === 0 && behind === 0 ? text : `${extended}(${text}, ${dim}, ${amount}, ${behind}, "${mode}")`,
      x,
    );
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(2, 6));
    const mode = pick.of(MODES);
    const amounts = () => [0, ...item.map((size) => pick.int(0, mode === 'constant' ? 4 : size - 1))];
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: { before: amounts(), after: amounts(), mode, value: pick.of([0, 1, -2.5]) },
    };
  },
});

export const EXTEND = defineKeyword({
  keyword: 'EXTEND',
  doc: 'Puts further elements around the input, along any axes; PAD does it around a map.',
  positional: ['before', 'after'],
  args: {
    before: byRule(lengths('Elements put in front, per axis, without the batch.'), 'none'),
    after: byRule(lengths('Elements put behind, per axis, without the batch.'), 'none'),
    batch: withDefault(pair('Items put in front, and behind.'), [0, 0]),
    mode: oneOf(MODES, 'A constant; the input mirrored at its ends; these repeated; or the input repeated.'),
    value: withDefault(numberOrInfinity('The constant: a number, infinity or minus_infinity.'), 0),
  },
  says: says(extend, ({ before: [front, ...before], after: [behind, ...after], mode, value }) => ({
    ...perItem('before', before),
    ...perItem('after', after),
    batch: [front!, behind!] as const,
    mode,
    value,
  })),
  build: (call, { mode, value, batch, ...written }) => {
    const [items, ...item] = call.x.type.shape;
    const before = ofEachAxis(call, 'before', { written: written.before, standard: 0 });
    const after = ofEachAxis(call, 'after', { written: written.after, standard: 0 });
    for (const [argument, amounts] of Object.entries({ before, after })) {
      if (amounts.length !== item.length)
        refuse('E037', `EXTEND's ${argument} has ${amounts.length} numbers for ${item.length} axes`, {
          argument,
        });
      if (mode === 'reflect' && amounts.some((amount, axis) => amount >= item[axis]!))
        refuse('E040', `EXTEND mirrors fewer elements than there are of ${showItem(call.x.type)}`, {
          argument,
        });
    }
    const [front, behind] = batch;
    if (mode === 'reflect' && Math.max(front, behind) >= items!)
      refuse('E040', `EXTEND mirrors fewer items than the ${items} that there are`, { argument: 'batch' });
    return call.emit(
      extend,
      { x: call.x },
      { before: [front, ...before], after: [behind, ...after], mode, value },
    );
  },
});

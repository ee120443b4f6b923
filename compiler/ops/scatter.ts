import { refuse } from '../support/refusal.ts';
import { showItem, type TensorType } from '../tensor/types.ts';
import { oneOf } from './argument.ts';
import { defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT } from './onnx.ts';
import { python } from './torch.ts';

const MODES = ['set', 'add', 'mul', 'max', 'min'] as const;
type Mode = (typeof MODES)[number];

const COMBINE: { readonly [M in Mode]: (old: number, update: number) => number } = {
  set: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
};

const DOC = {
  op: 'Updates put into a vector, or combined with what is there, each at its place.',
  mode: 'Of several updates of one element the last counts; or all are added, multiplied, or compared.',
};

const fits = (x: TensorType, updates: TensorType, places: TensorType): boolean =>
  [x, updates, places].every(({ shape }) => shape.length === 2) &&
  updates.shape.join() === places.shape.join() &&
  updates.shape[0] === x.shape[0];

/** Places are whole numbers, counted from the end where they are negative; what lies outside is left out. */
export const scatter = defineOp({
  name: 'scatter',
  kind: 'kernel',
  doc: DOC.op,
  operands: { x: 'one', updates: 'one', places: 'one' },
  attrs: { mode: word(MODES, DOC.mode) },
  infer: ({ x, updates, places }) => {
    if (!fits(x, updates, places))
      refuse(
        'E043',
        `updates of ${updates.shape.join('×')} at places of ${places.shape.join('×')} do not go with ${x.shape.join('×')}`,
      );
    return x;
  },
  evaluate: ({ x, updates, places }, { mode }) => {
    const length = x.type.shape[1]!;
    const count = updates.type.shape[1]!;
    const result = x.data.slice();
    for (let i = 0; i < updates.data.length; i++) {
      const place = Math.trunc(places.data[i]!);
      const at = place < 0 ? place + length : place;
      if (!(at >= 0 && at < length)) continue;
      const element = Math.floor(i / count) * length + at;
      result[element] = COMBINE[mode](result[element]!, updates.data[i]!);
    }
    return result;
  },
  onnx: ({ x, updates, places }, { mode }, { node }) =>
    node('ScatterElements', [x, node('Cast', [places], { to: ELEMENT.int64 }), updates], {
      axis: 1,
      reduction: mode === 'set' ? 'none' : mode,
    }),
  torch: ({ x, updates, places }, { mode }, { helper }) =>
    python(helper('scattered', SCATTERED), [
      x,
      updates,
      places,
      JSON.stringify(mode === 'set' ? mode : TORCH[mode]),
    ]),
  sample: (pick) => {
    const batch = pick.int(1, 2);
    const updates = [batch, pick.int(1, 20)];
    return {
      operands: { x: [batch, pick.int(9, 20)], updates, places: updates },
      attrs: { mode: pick.of(MODES) },
    };
  },
});

/** What lies outside goes to a place behind all others, which is cut off. */
const SCATTERED = `\
def scattered(x, updates, places, mode):
    size = x.shape[1]
    places = places.long()
    places = torch.where(places < 0, places + size, places)
    places = torch.where((places >= 0) & (places < size), places, size)
    x = F.pad(x, (0, 1))
    x = x.scatter(1, places, updates) if mode == "set" else x.scatter_reduce(1, places, updates, mode)
    return x[:, :-1]`;

const TORCH = { add: 'sum', mul: 'prod', max: 'amax', min: 'amin' } as const;

export const SCATTER = defineKeyword({
  keyword: 'SCATTER',
  doc: `Joins a vector, updates and their places: ${DOC.op.toLowerCase()}`,
  merges: true,
  positional: [],
  args: { mode: oneOf(MODES, DOC.mode) },
  says: says(scatter),
  build: (call, { mode }) => {
    const [x, updates, places, ...more] = call.values;
    if (!x || !updates || !places || more.length > 0)
      return refuse('E027', `SCATTER joins a vector, updates and places, not ${call.values.length} values`);
    if (!fits(x.type, updates.type, places.type))
      refuse(
        'E045',
        `SCATTER joins vectors, the last two as long, not ${call.values.map(({ type }) => showItem(type)).join(' and ')}`,
      );
    return call.emit(scatter, { x, updates, places }, { mode });
  },
});

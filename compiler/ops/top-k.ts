import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { count, oneOf, withDefault } from './argument.ts';
import { axisArg, chosenAxis, saidAxis } from './axis.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT, toOnnxAxis } from './onnx.ts';

const MODES = ['max', 'min'] as const;

export const topK = defineOp({
  name: 'top_k',
  kind: 'kernel',
  doc: 'Where along an axis the largest (or smallest) elements are, in order; of equal ones the first comes first.',
  operands: { x: 'one' },
  attrs: {
    mode: word(MODES, 'Largest or smallest.'),
    axis: attr(1, 'The axis.'),
    count: attr(1, 'How many places.'),
  },
  infer: ({ x: { shape } }, { axis, count: places }) => {
    invariant(axis in shape, `${axis} is an axis of ${shape.length}`);
    if (!(places >= 1 && places <= shape[axis]!))
      refuse('E043', `there are no ${places} largest of ${shape[axis]}`);
    return f32(...shape.with(axis, places));
  },
  evaluate: ({ x }, { mode, axis, count: places }, out) => {
    const length = x.type.shape[axis]!;
    const inner = sizeOf(x.type.shape.slice(axis + 1));
    const sign = mode === 'max' ? 1 : -1;
    const result = new Float32Array(sizeOf(out.shape));
    for (let row = 0; row < sizeOf(x.type.shape) / length; row++) {
      const [outer, at] = [Math.floor(row / inner), row % inner];
      const value = (k: number) => sign * x.data[(outer * length + k) * inner + at]!;
      const order = Array.from({ length }, (_, k) => k).toSorted((a, b) => value(b) - value(a) || a - b);
      for (let i = 0; i < places; i++) result[(outer * places + i) * inner + at] = order[i]!;
    }
    return result;
  },
  onnx: ({ x }, { mode, axis, count: places }, { second, node, ints, types }) => {
    const attributes = { axis: toOnnxAxis(axis, types.x.shape.length), largest: Number(mode === 'max') };
    return node('Cast', [second('TopK', [x, ints([places])], attributes)], { to: ELEMENT.float });
  },
  torch: ({ x }, { mode, axis, count: places }, { types }) => {
    const dim = toOnnxAxis(axis, types.x.shape.length);
    const order = `torch.argsort(${x}, dim=${dim}, descending=${mode === 'max' ? 'True' : 'False'}, stable=True)`;
    return `${order}.narrow(${dim}, 0, ${places}).float()`;
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 6));
    const axis = pick.int(1, item.length);
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: { mode: pick.of(MODES), axis, count: pick.int(1, item[axis - 1]!) },
    };
  },
});

export const TOP_K = defineKeyword({
  keyword: 'TOP_K',
  doc: topK.doc,
  positional: ['count'],
  args: {
    count: withDefault(count('How many places.'), 1),
    axis: axisArg,
    mode: oneOf(MODES, 'Largest or smallest.'),
  },
  says: says(topK, ({ count, axis, mode }, { x }) => ({
    count,
    axis: saidAxis(axis, x),
    mode,
  })),
  build: (call, { axis, ...attrs }) =>
    call.emit(topK, { x: call.x }, { axis: chosenAxis(call, call.x, axis), ...attrs }),
});

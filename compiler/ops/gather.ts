import { refuse } from '../support/refusal.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { axisArg, chosenAxis, saidAxis } from './axis.ts';
import { attr, defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { channelsLast, ELEMENT, toOnnxAxis } from './onnx.ts';
import { inOurOrder, python } from './torch.ts';

/**
 * Slices of `x` along one axis, in the order that `indices` says: whole numbers, counted from the end where
 * they are negative (ONNX Gather). Fractions are cut off.
 */
export const gather = defineOp({
  name: 'gather',
  kind: 'kernel',
  doc: 'Slices along one axis, picked by their indices.',
  operands: { x: 'one', indices: 'one' },
  attrs: { axis: attr(1, 'The axis.') },
  infer: ({ x, indices }, { axis }) => f32(...x.shape.with(axis, sizeOf(indices.shape))),
  evaluate: ({ x, indices }, { axis }, out) => {
    const length = x.type.shape[axis]!;
    const inner = sizeOf(x.type.shape.slice(axis + 1));
    return Float32Array.from({ length: sizeOf(out.shape) }, (_, i) => {
      const outer = Math.floor(i / inner / indices.data.length);
      const index = Math.trunc(indices.data[Math.floor(i / inner) % indices.data.length]!);
      return x.data[(outer * length + (index < 0 ? index + length : index)) * inner + (i % inner)]!;
    });
  },
  onnx: ({ x, indices }, { axis }, { node, ints, types, out }) => {
    const { length } = types.indices.shape;
    const ours = length < 3 ? indices : node('Transpose', [indices], { perm: channelsLast(length) });
    const list = length === 1 ? indices : node('Reshape', [ours, ints([-1])]);
    return node('Gather', [x, node('Cast', [list], { to: ELEMENT.int64 })], {
      axis: toOnnxAxis(axis, out.shape.length),
    });
  },
  torch: ({ x, indices }, { axis }, { types }) => {
    const { shape } = types.x;
    const places = `${inOurOrder(indices, types.indices.shape.length)}.flatten().long() % ${shape[axis]}`;
    return python(`${x}.index_select`, [toOnnxAxis(axis, shape.length), places]);
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 5));
    const axis = pick.int(1, item.length);
    return {
      operands: { x: [pick.int(1, 2), ...item.with(axis - 1, pick.int(8, 12))], indices: [pick.int(1, 9)] },
      attrs: { axis },
    };
  },
});

export const GATHER = defineKeyword({
  keyword: 'GATHER',
  doc: 'Slices of the first value along one axis, picked by the second: whole numbers from 0.',
  merges: true,
  positional: [],
  args: { axis: axisArg },
  says: says(gather, ({ axis }, { x }) => ({ axis: saidAxis(axis, x) })),
  build: (call, { axis }) => {
    const [x, indices, ...more] = call.values;
    if (!x || !indices || more.length > 0)
      return refuse('E027', `GATHER joins a value and its indices, not ${call.values.length} values`);
    return call.emit(gather, { x, indices }, { axis: chosenAxis(call, x, axis) });
  },
});

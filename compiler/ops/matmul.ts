import { refuse } from '../support/refusal.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { defineOp } from './define.ts';
import { broadcastIndex, broadcastTypes } from './elementwise.ts';
import { defineKeyword, says } from './keyword.ts';
import { channelsLast } from './onnx.ts';
import { inOurOrder, inTheirOrder } from './torch.ts';

export const matmul = defineOp({
  name: 'matmul',
  kind: 'kernel',
  doc: 'Products of matrices, the last two axes of values of as many axes; those before stretch to each other.',
  operands: { a: 'one', b: 'one' },
  attrs: {},
  infer: ({ a, b }) => {
    const [k, rows] = [b.shape.at(-2), a.shape.at(-2)];
    if (a.shape.length < 2 || a.shape.length !== b.shape.length || a.shape.at(-1) !== k)
      refuse('E043', `matrices of ${a.shape.join('×')} and ${b.shape.join('×')} have no product`);
    const outer = broadcastTypes([a, b].map(({ shape }) => f32(...shape.slice(0, -2))));
    return f32(...outer.shape, rows!, b.shape.at(-1)!);
  },
  evaluate: ({ a, b }, _, out) => {
    const [rows, inner, columns] = [out.shape.at(-2)!, a.type.shape.at(-1)!, out.shape.at(-1)!];
    const outer = out.shape.slice(0, -2);
    const ofA = broadcastIndex(a.type.shape.slice(0, -2), outer);
    const ofB = broadcastIndex(b.type.shape.slice(0, -2), outer);
    const result = new Float32Array(sizeOf(out.shape));
    for (let matrix = 0; matrix < result.length / (rows * columns); matrix++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++)
            sum +=
              a.data[(ofA(matrix) * rows + i) * inner + k]! *
              b.data[(ofB(matrix) * inner + k) * columns + j]!;
          result[(matrix * rows + i) * columns + j] = sum;
        }
    return result;
  },
  macs: ({ a }, _, out) => sizeOf(out.shape) * a.shape.at(-1)!,
  onnx: ({ a, b }, _, { node, out: { shape } }) => {
    if (shape.length < 3) return node('MatMul', [a, b]);
    const toOurs = channelsLast(shape.length);
    const toTheirs = toOurs.map((_, axis) => toOurs.indexOf(axis));
    const [left, right] = [a, b].map((x) => node('Transpose', [x], { perm: toOurs }));
    return node('Transpose', [node('MatMul', [left, right])], { perm: toTheirs });
  },
  torch: ({ a, b }, _, { out: { shape } }) => {
    const [left, right] = [a, b].map((x) => inOurOrder(x, shape.length));
    return shape.length < 3 ? `${left} @ ${right}` : inTheirOrder(`(${left} @ ${right})`, shape.length);
  },
  sample: (pick) => {
    const [rows, inner, columns] = [pick.int(1, 7), pick.int(1, 9), pick.int(1, 9)];
    const batch = pick.int(1, 2);
    const outer = pick.of([[], [pick.int(1, 3)], [pick.int(1, 3), pick.int(1, 3)]]);
    const stretched = outer.map((size) => pick.of([size, size, 1]));
    const [first, second] = pick.of([
      [outer, stretched],
      [stretched, outer],
    ]);
    return {
      operands: { a: [batch, ...first, rows, inner], b: [batch, ...second, inner, columns] },
      attrs: {},
    };
  },
});

export const MATMUL = defineKeyword({
  keyword: 'MATMUL',
  doc: 'Product of two values as matrices: their last two axes.',
  merges: true,
  positional: [],
  args: {},
  says: says(matmul),
  build: (call) => {
    const [a, b, ...more] = call.values;
    if (!a || !b || more.length > 0)
      return refuse('E027', `MATMUL joins two values, not ${call.values.length}`);
    return call.emit(matmul, { a, b });
  },
});

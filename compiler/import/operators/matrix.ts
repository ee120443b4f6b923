// Products of matrices. What is known of them when the network is compiled decides how: weights make a fully
// connected layer of one row, a 1×1 convolution of several; two computed factors are multiplied as they are.
import type { Node } from '../../ir/graph.ts';
import { add } from '../../ops/add.ts';
import { conv } from '../../ops/conv.ts';
import { fc } from '../../ops/fc.ts';
import { matmul } from '../../ops/matmul.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { addAxes, dropAxes } from './drop-axes.ts';
import { combine } from './elementwise.ts';
import { permuted } from './shuffles.ts';

/** alpha · A · B + beta · C, either matrix perhaps transposed. */
const gemm: Import = (call) => {
  for (const { dims } of [call.input(0), call.input(1)])
    if (dims.length !== 2) refuse('E043', `${dims.join('×')} is no matrix`);
  const turned = (value: Value, flag: boolean): Value => (flag ? transposed(value) : value);
  const scaled = (value: Value, by: number) =>
    by === 1 ? value : combine(call, mul, value, call.scalar(by));
  const [alpha, beta] = [call.float('alpha', 1), call.float('beta', 1)];
  const a = turned(call.input(0), call.flag('transA', false));
  const b = turned(call.input(1), call.flag('transB', false));
  const c = call.optional(2);
  // On a weight, a factor costs nothing.
  const [left, right] = dataOf(b.node) ? [a, scaled(b, alpha)] : [scaled(a, alpha), b];
  const shift = c && beta !== 0 ? scaled(c, beta) : undefined;
  const bias = shift && biasOf(call, shift, right);
  if (bias) return multiply(call, left, right, bias);
  const product = multiply(call, left, right);
  return shift ? combine(call, add, product, shift) : product;
};

/** What is added to every row of a product with weights, as such a layer has it: a number per column. */
function biasOf(call: Call, c: Value, b: Value): Node | undefined {
  const columns = b.dims.at(-1)!;
  const isPerColumn = sizeOf(c.dims) === columns && (c.dims.at(-1) === columns || columns === 1);
  return dataOf(b.node) && dataOf(c.node) && isPerColumn ? call.view(call.plain(c), [columns]) : undefined;
}

/** With the last two axes swapped. */
function transposed(x: Value): Value {
  const rank = x.dims.length;
  return permuted(x, [...plainOrder(rank - 2), rank - 1, rank - 2]);
}

/** The product of two values as NumPy's matmul has it. `bias`, for each column, goes with a known `b`. */
export function multiply(call: Call, a: Value, b: Value, bias?: Node): Value {
  if (a.dims.length === 0 || b.dims.length === 0) refuse('E043', 'a number is no matrix');
  // A vector is a row on the left, a column on the right.
  if (a.dims.length === 1)
    return withoutAxis(
      call,
      multiply(call, addAxes(call, a, new Set([0])), b),
      b.dims.length === 1 ? -1 : -2,
    );
  if (b.dims.length === 1) return withoutAxis(call, multiply(call, a, addAxes(call, b, new Set([1]))), -1);
  if (a.dims.at(-1) !== b.dims.at(-2))
    refuse('E043', `${a.dims.join('×')} and ${b.dims.join('×')} do not go together`);
  if (a.dims.at(-1) === 0) refuse('E043', `${a.dims.join('×')} holds nothing`);
  if (dataOf(b.node) && b.dims.length === 2) return byWeights(call, a, b, bias);
  // (b' · a')' with a' known.
  if (dataOf(a.node) && a.dims.length === 2 && !dataOf(b.node))
    return transposed(byWeights(call, transposed(b), transposed(a), undefined));
  const rank = Math.max(a.dims.length, b.dims.length);
  const [left, right] = [a, b].map((value) => call.plain(call.widened(value, rank)));
  return call.plainValue(call.emit(matmul, { a: left!, b: right! }), a.sort);
}

const withoutAxis = (call: Call, x: Value, axis: number): Value =>
  dropAxes(call, x, new Set([axis + x.dims.length]));

/** Rows of `a`, in the order in which they lie, times a matrix of weights. */
function byWeights(call: Call, a: Value, b: Value, bias: Node | undefined): Value {
  const [inputs, units] = b.dims as [number, number];
  const last = a.dims.length - 1;
  const order = [...a.order.filter((axis) => axis !== last), last];
  const x = call.inOrder(a, order);
  const rows = sizeOf(a.dims) / inputs;
  const weight = call.inOrder(b, [1, 0]);
  const node =
    rows === 1
      ? call.emit(fc, { x: call.view(x, [1, inputs]), weight, bias })
      : call.emit(
          conv,
          { x: call.view(x, [1, rows, inputs]), weight: call.view(weight, [units, inputs, 1]), bias },
          { stride: [1], pad: [0, 0], dilation: [1] },
        );
  const shape = [...x.type.shape.slice(0, -1), units];
  return call.ordered(call.view(node, shape), order, a.sort);
}

export const MATRICES: Readonly<Record<string, Import>> = {
  Gemm: gemm,
  MatMul: (call) => multiply(call, call.input(0), call.input(1)),
};

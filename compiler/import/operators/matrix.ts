// Products of matrices.
import { add } from '../../ops/add.ts';
import { fc } from '../../ops/fc.ts';
import { mul } from '../../ops/mul.ts';
import { refuse } from '../../support/refusal.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import type { Value } from '../value.ts';
import { combine } from './elementwise.ts';

/** alpha · A · B + beta · C, either matrix perhaps transposed. */
const gemm: Import = (call) => {
  const turned = (value: Value, flag: boolean): Value =>
    flag ? { ...value, order: value.order.map((axis) => 1 - axis), dims: value.dims.toReversed() } : value;
  const a = turned(call.input(0), call.flag('transA', false));
  const b = turned(call.input(1), call.flag('transB', false));
  const c = call.optional(2);
  const scaled = (value: Value, by: number) =>
    by === 1 ? value : combine(call, mul, value, call.scalar(by));
  const product = scaled(multiply(call, a, b), call.float('alpha', 1));
  const beta = call.float('beta', 1);
  return c && beta !== 0 ? combine(call, add, product, scaled(c, beta)) : product;
};

/** The product of two values as NumPy's matmul has it. */
export function multiply(call: Call, a: Value, b: Value): Value {
  if (a.dims.at(-1) !== b.dims.at(b.dims.length === 1 ? 0 : -2))
    refuse('E043', `${a.dims.join('×')} and ${b.dims.join('×')} do not go together`);
  if (dataOf(b.node) && b.dims.length === 2) {
    const [inputs, units] = b.dims as [number, number];
    const rows = call.view(call.plain(a), [a.dims.slice(0, -1).reduce((x, y) => x * y, 1), inputs]);
    const weight = call.inOrder({ ...b, order: b.order }, [1, 0]);
    const result = call.emit(fc, { x: rows, weight, bias: undefined });
    return call.reshape(result, [...a.dims.slice(0, -1), units], a.sort);
  }
  return refuse('E091', 'neither factor is known when the network is compiled');
}

export const MATRICES: Readonly<Record<string, Import>> = {
  Gemm: gemm,
  MatMul: (call) => multiply(call, call.input(0), call.input(1)),
};

// Products of matrices: a thread sums four rows × four columns, four products of each at a time.
import { isConstant, type Node } from '../../../ir/graph.ts';
import { broadcastStrides } from '../../../ops/elementwise.ts';
import { code, lines } from '../../../support/code.ts';
import { sizeOf, type Shape } from '../../../tensor/types.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { likeValue } from '../packing.ts';
import { put } from './tiles.ts';
import { range } from '../../../support/numbers.ts';

const ROWS = 4;
const LANES = ['x', 'y', 'z', 'w'];

export const matmul: Kernel<'matmul'> = (node, context) => {
  const { a, b } = node.operands;
  const { shape } = node.type;
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const inner = a.type.shape.at(-1)!;
  const outer = shape.slice(0, -2);
  const each = range(ROWS);
  return [
    context.dispatch({
      title: `matmul: ${ROWS} rows × 4 columns per thread`,
      reads: [readMatrices(context, 'a', a), readMatrices(context, 'b', b)],
      sizes: { rows, inner, vectors: vectors(inner), tiles: Math.ceil(rows / ROWS) },
      constants: { ROWS },
      threads: [vectors(columns), sizeOf(outer) * Math.ceil(rows / ROWS)],
      declarations: put(context),
      body: code`
        let columns = shape.threads.x;
        let matrix = thread.y / shape.tiles;
        let row = thread.y % shape.tiles * ROWS;
        let base = (${matrixOf(a.type.shape, outer)}) * shape.rows;
        ${lines(each.map((i) => `let row${i} = (base + min(row + ${i}, shape.rows - 1)) * shape.vectors;`))}
        let column = (${matrixOf(b.type.shape, outer)}) * shape.inner * columns + thread.x;
        ${lines(each.map((i) => `var sum${i} = vec4f();`))}
        for (var k = 0; k < shape.vectors; k++) {
          ${lines(LANES.map((_, lane) => `let b${lane} = b[column + min(4 * k + ${lane}, shape.inner - 1) * columns];`))}
          ${lines(each.map((i) => `let a${i} = a[row${i} + k];`))}
          ${lines(each.map((i) => `sum${i} += ${LANES.map((lane, j) => `a${i}.${lane} * b${j}`).join(' + ')};`))}
        }
        let to = (matrix * shape.rows + row) * columns + thread.x;
        ${lines(each.map((i) => `if (row + ${i} < shape.rows) { put(to + ${i} * columns, thread.x, sum${i}); }`))}
      `,
    }),
  ];
};

/** Rows filled up with zeros, as those of values are: they meet what lies beyond the last row of `b`. */
const readMatrices = (context: KernelContext, name: string, node: Node) =>
  isConstant(node)
    ? context.weights(name, node, likeValue(node.type.shape), 'vec4f')
    : context.read(name, node);

/** The matrix of an operand that the result's `matrix` is made of. */
function matrixOf(from: Shape, outer: Shape): string {
  const strides = broadcastStrides(from.slice(0, -2), outer);
  if (sizeOf(from.slice(0, -2)) === sizeOf(outer)) return 'matrix';
  const terms: string[] = [];
  let step = 1;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== 0) terms.push(`matrix / ${step} % ${outer[axis]} * ${strides[axis]}`);
    step *= outer[axis]!;
  }
  return terms.toReversed().join(' + ') || '0';
}

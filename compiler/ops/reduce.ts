import { abs, add, div, max, min, mul, sqrt, type Scalar } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import { f32, sizeOf, type Shape } from '../tensor/types.ts';
import { oneOf } from './argument.ts';
import { axesArg, chosenAxes, saidAxes } from './axis.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { toOnnxAxis } from './onnx.ts';
import { stridesOf } from './rearranged.ts';

const MODES = ['sum', 'mean', 'max', 'min', 'prod', 'sum_square', 'l1', 'l2'] as const;
export type ReduceMode = (typeof MODES)[number];

interface Reduction {
  /** The result for no elements at all. */
  readonly start: number;
  /** What of an element counts. */
  readonly of: (element: Scalar) => Scalar;
  /** The result of two parts from their results. */
  readonly meet: (a: Scalar, b: Scalar) => Scalar;
  /** What the result for that many elements is in the end. */
  readonly finish: (result: Scalar, count: Scalar) => Scalar;
}

const asIs = (x: Scalar): Scalar => x;
const square = (x: Scalar): Scalar => mul(x, x);

/** How targets compute the modes. */
export const REDUCTIONS = {
  sum: { start: 0, of: asIs, meet: add, finish: asIs },
  mean: { start: 0, of: asIs, meet: add, finish: div },
  max: { start: -Infinity, of: asIs, meet: max, finish: asIs },
  min: { start: Infinity, of: asIs, meet: min, finish: asIs },
  prod: { start: 1, of: asIs, meet: mul, finish: asIs },
  sum_square: { start: 0, of: square, meet: add, finish: asIs },
  l1: { start: 0, of: abs, meet: add, finish: asIs },
  l2: { start: 0, of: square, meet: add, finish: sqrt },
} as const satisfies Record<ReduceMode, Reduction>;

const MEANING: Readonly<Record<ReduceMode, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  max: (values) => values.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Infinity),
  prod: (values) => values.reduce((a, b) => a * b, 1),
  sum_square: (values) => values.reduce((a, b) => a + b * b, 0),
  l1: (values) => values.reduce((a, b) => a + Math.abs(b), 0),
  l2: (values) => Math.sqrt(values.reduce((a, b) => a + b * b, 0)),
};

const ONNX: Readonly<Record<ReduceMode, string>> = {
  sum: 'ReduceSum',
  mean: 'ReduceMean',
  max: 'ReduceMax',
  min: 'ReduceMin',
  prod: 'ReduceProd',
  sum_square: 'ReduceSumSquare',
  l1: 'ReduceL1',
  l2: 'ReduceL2',
};

export const reduce = defineOp({
  name: 'reduce',
  kind: 'kernel',
  doc: 'Sum, mean, maximum, … along some axes, of each of which one element is left.',
  operands: { x: 'one' },
  attrs: {
    mode: word(MODES, 'What is made of the elements.'),
    axes: attr([1], 'Axes along which they lie.'),
  },
  infer: ({ x: { shape } }, { axes }) => {
    invariant(
      new Set(axes).size === axes.length && axes.every((axis) => axis in shape),
      `${axes.join(', ')} are axes of ${shape.length}`,
    );
    return f32(...shape.map((size, axis) => (axes.includes(axis) ? 1 : size)));
  },
  evaluate: ({ x }, { mode, axes }, out) => {
    const sets: number[][] = Array.from({ length: sizeOf(out.shape) }, () => []);
    const [from, to] = [stridesOf(x.type.shape), stridesOf(out.shape)];
    x.data.forEach((value, i) => {
      const place = (step: number, axis: number) =>
        axes.includes(axis) ? 0 : (Math.floor(i / from[axis]!) % x.type.shape[axis]!) * step;
      sets[to.map(place).reduce((a, b) => a + b)]!.push(value);
    });
    return Float32Array.from(sets, MEANING[mode]);
  },
  macs: ({ x }) => sizeOf(x.shape),
  onnx: ({ x }, { mode, axes }, { node, ints, types }) =>
    node(ONNX[mode], [x, ints(axes.map((axis) => toOnnxAxis(axis, types.x.shape.length)))]),
  torch: ({ x }, { mode, axes }, { types }) => {
    const dims = axes.map((axis) => toOnnxAxis(axis, types.x.shape.length));
    const along = (callee: string, from = x): string =>
      dims.length === 0 ? from : `${from}.${callee}((${dims.join(', ')},), keepdim=True)`;
    switch (mode) {
      case 'max':
        return along('amax');
      case 'min':
        return along('amin');
      case 'prod':
        return dims.reduce((product, dim) => `${product}.prod(${dim}, keepdim=True)`, x);
      case 'sum_square':
        return along('sum', `${x}.square()`);
      case 'l1':
        return along('sum', `${x}.abs()`);
      case 'l2':
        return `${along('sum', `${x}.square()`)}.sqrt()`;
      default:
        return along(mode);
    }
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 6));
    const chosen = item.map((_, i) => i + 1).filter(() => pick.of([true, false]));
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: {
        mode: pick.of(MODES),
        axes: chosen.length > 0 ? chosen : [item.length],
      },
    };
  },
});

/** Axes that follow each other and are treated alike, as one: so many steps of `stride` elements. */
export interface AxisGroup {
  readonly size: number;
  readonly stride: number;
}

/** A shape's axes as groups that are reduced and groups that are kept, the outermost first. */
export function axisGroups(
  shape: Shape,
  axes: readonly number[],
): { readonly kept: readonly AxisGroup[]; readonly reduced: readonly AxisGroup[] } {
  const strides = stridesOf(shape);
  const groups: (AxisGroup & { readonly isReduced: boolean })[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const isReduced = axes.includes(axis);
    const before = groups.at(-1)?.isReduced === isReduced ? groups.pop()!.size : 1;
    groups.push({ size: before * size, stride: strides[axis]!, isReduced });
  });
  return {
    kept: groups.filter(({ isReduced }) => !isReduced),
    reduced: groups.filter(({ isReduced }) => isReduced),
  };
}

export const REDUCE = defineKeyword({
  keyword: 'REDUCE',
  doc: reduce.doc,
  positional: ['axes'],
  args: {
    axes: axesArg,
    mode: oneOf(MODES, 'What is made of the elements.'),
  },
  says: says(reduce, ({ axes, mode }, { x }) => ({ axes: saidAxes(axes, x), mode })),
  build: (call, { axes, mode }) => call.emit(reduce, { x: call.x }, { mode, axes: chosenAxes(call, axes) }),
});

// Operators that only say a shape, or read one; what depends on shapes alone is known at once.
import { concat } from '../../ops/concat.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { elementType, readElements } from '../elements.ts';
import type { Call, Import } from '../call.ts';
import { toPath } from '../../support/names.ts';
import { commonOrder, elementsLike, plainOrder, type Value } from '../value.ts';
import { addAxes, dropAxes } from './drop-axes.ts';
import { regroup } from './regroup.ts';
import { permuted } from './shuffles.ts';

const reshape: Import = (call) => {
  const x = call.input(0);
  const asked = call.optional(1) ? call.integers(1, 'shape') : call.ints('shape');
  const keepsZero = call.flag('allowzero', false);
  const dims = asked.map((size, axis) => (size === 0 && !keepsZero ? x.dims[axis]! : size));
  const rest = sizeOf(x.dims) / sizeOf(dims.filter((size) => size !== -1));
  const whole = dims.map((size) => (size === -1 ? rest : size));
  if (whole.some((size) => !Number.isSafeInteger(size) || size < 0) || sizeOf(whole) !== sizeOf(x.dims))
    refuse('E043', `${x.dims.join('×')} cannot become ${asked.join('×')}`);
  return regroup(call, x, whole);
};

const flatten: Import = (call) => {
  const x = call.input(0);
  const axis = call.int('axis', 1);
  const first = axis < 0 ? axis + x.dims.length : axis;
  if (!(first >= 0 && first <= x.dims.length)) refuse('E090', `its axis ${axis} is none of ${x.dims.length}`);
  return regroup(call, x, [sizeOf(x.dims.slice(0, first)), sizeOf(x.dims.slice(first))]);
};

/** Axes of one element more or fewer move no data, wherever they are. */
const unsqueeze: Import = (call) => {
  const x = call.input(0);
  const axes = call.numbersOrAttribute(1, 'axes') ?? [];
  const rank = x.dims.length + axes.length;
  const added = new Set(axes.map((axis) => call.axis(axis, rank)));
  if (added.size !== axes.length) refuse('E090', `its axes are ${axes.join(', ')}`);
  return addAxes(call, x, added);
};

const squeeze: Import = (call) => {
  const x = call.input(0);
  const axes = call.numbersOrAttribute(1, 'axes');
  // An empty list is none, as in ONNX Runtime.
  const isSaid = axes !== undefined && axes.length > 0;
  const gone = new Set(
    isSaid
      ? axes.map((axis) => call.axis(axis, x.dims.length))
      : plainOrder(x.dims.length).filter((axis) => x.dims[axis] === 1),
  );
  if ([...gone].some((axis) => x.dims[axis] !== 1))
    refuse('E043', `axes ${[...gone].join(', ')} of ${x.dims.join('×')} have more than one element`);
  return dropAxes(call, x, gone);
};

const transpose: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const perm = call.ints('perm', plainOrder(rank).toReversed()).map((axis) => call.axis(axis, rank));
  if (perm.length !== rank || new Set(perm).size !== rank) refuse('E090', `its perm is ${perm.join(', ')}`);
  return permuted(x, perm);
};

const shape: Import = (call) => {
  const { dims } = call.input(0);
  const bound = (name: string, otherwise: number) => {
    const at = call.int(name, otherwise);
    return Math.min(Math.max(at < 0 ? at + dims.length : at, 0), dims.length);
  };
  const part = dims.slice(bound('start', 0), bound('end', dims.length));
  return call.constant(Float32Array.from(part), [part.length], 'shape', 'int');
};

/** Behind each other along any axis: as channels, where everything from that axis on counts as channels. */
export function join(call: Call, values: readonly Value[], axis: number): Value {
  if (values.some(({ dims }) => dims.length !== values[0]!.dims.length))
    refuse('E043', `its inputs are ${values.map(({ dims }) => dims.join('×')).join(' and ')}`);
  const filled = values.filter(({ dims }) => sizeOf(dims) > 0);
  if (filled.length === 0) return joinedEmpty(call, values, axis);
  requireSameSizes(filled, axis);
  const order = commonOrder(filled);
  const nodes = filled.map((value) => call.inOrder(value, order));
  const place = order.indexOf(axis);
  const dims = filled[0]!.dims.map((size, each) =>
    each === axis ? filled.reduce((sum, value) => sum + value.dims[axis]!, 0) : size,
  );
  const whole = order.map((each) => dims[each]!);
  const rows = nodes.map((node) => {
    const { shape: sizes } = node.type;
    return call.view(node, [sizeOf(sizes.slice(0, place)), sizeOf(sizes.slice(place))]);
  });
  const isLast = place === order.length - 1;
  const joined = call.emit(concat, { x: isLast ? nodes : rows });
  return { node: call.view(joined, whole), dims, order, ...elementsLike(values[0]!) };
}

/** Refuses values that differ along other axes. */
function requireSameSizes(values: readonly Value[], axis: number): void {
  const { dims } = values[0]!;
  if (values.some((value) => value.dims.some((size, each) => each !== axis && size !== dims[each])))
    refuse('E043', `its inputs differ in size: ${values.map((value) => value.dims.join('×')).join(' and ')}`);
}

/** Nothing behind nothing is as long as both together. */
function joinedEmpty(call: Call, values: readonly Value[], axis: number): Value {
  requireSameSizes(values, axis);
  const [first] = values as [Value];
  const size = values.reduce((sum, { dims }) => sum + dims[axis]!, 0);
  return call.constant(new Float32Array(0), first.dims.with(axis, size), 'empty', first);
}

const constant: Import = (call) => {
  const tensor = call.tensor('value') ?? call.tensor('sparse_value', 'sparse tensor');
  if (tensor) return call.tensorValue(tensor);
  for (const [name, sort] of [
    ['value_float', 'float'],
    ['value_int', 'int'],
  ] as const)
    if (call.has(name)) return call.scalar(call.float(name, 0), sort);
  for (const [name, sort] of [
    ['value_floats', 'float'],
    ['value_ints', 'int'],
  ] as const)
    if (call.has(name)) {
      const values = call.floats(name);
      return call.constant(Float32Array.from(values), [values.length], 'value', sort);
    }
  if (call.has('value_string') || call.has('value_strings')) refuse('E091', 'its value is a text');
  return refuse('E090', 'it has no value');
};

const constantOfShape: Import = (call) => {
  const dims = call.integers(0, 'shape');
  const tensor = call.tensor('value');
  const value = tensor ? readElements(tensor)[0]! : 0;
  const { sort, name: type } = elementType(tensor?.type ?? 1, 'its value');
  // Published models without their weights fill these in here.
  return call.constant(call.make(dims).fill(value), dims, toPath(call.node.outputs[0]!), { sort, type });
};

/** What was dropped only in training. The mask says that all is kept. */
const dropout: Import = (call) => {
  const x = call.input(0);
  if (call.optional(2) && call.numbers(2, 'training_mode')[0] !== 0) {
    const ratio = call.optional(1) ? call.numbers(1, 'ratio')[0] : 0.5;
    if (ratio !== 0) refuse('E091', 'it drops at random, as in training');
  }
  const mask = () => call.constant(call.make(x.dims).fill(1), x.dims, 'mask', 'bool');
  return call.outputs > 1 ? [x, mask()] : x;
};

export const SHAPES: Readonly<Record<string, Import>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Identity: (call) => call.input(0),
  Dropout: dropout,
  Shape: shape,
  Size: (call) => call.scalar(sizeOf(call.input(0).dims), 'int'),
  Concat: (call) => {
    const values = call.all();
    const first = values[0] ?? refuse('E090', 'it has no inputs');
    return join(call, values, call.axis(call.int('axis', 1), first.dims.length));
  },
  Constant: constant,
  ConstantOfShape: constantOfShape,
};

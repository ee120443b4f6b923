// Elements picked one by one, and what masks and triangles of ones can say.
//
// Positions are arithmetic: the place of an element in its tensor, all axes in one row, is a sum of products that
// is as good for indices that are computed as for those that are known. Exact up to 2^24 elements.
import { add } from '../../ops/add.ts';
import { max, min } from '../../ops/arithmetic.ts';
import { equal, less } from '../../ops/comparison.ts';
import { gather } from '../../ops/gather.ts';
import { mul } from '../../ops/mul.ts';
import { stridesOf } from '../../ops/rearranged.ts';
import { scatter } from '../../ops/scatter.ts';
import { topK } from '../../ops/top-k.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { addAxes } from './drop-axes.ts';
import { choose, combine } from './elementwise.ts';
import { partOf } from './indexing.ts';
import { regroup } from './regroup.ts';
import { join } from './shape.ts';

/** More elements than float32 can count. */
const MOST = 2 ** 24;

/** Elements of `x` at these positions of all its elements in a row. */
export function picked(call: Call, x: Value, positions: Value): Value {
  if (sizeOf(x.dims) > MOST) refuse('E091', `it picks from ${x.dims.join('×')} elements; 2^24 are supported`);
  const row = call.view(call.plain(x), [1, sizeOf(x.dims)]);
  const indices = call.view(call.plain(positions), [1, sizeOf(positions.dims)]);
  return call.reshape(call.emit(gather, { x: row, indices }, { axis: 1 }), positions.dims, x);
}

/** Numbers along one axis of a value of this shape: what `of` says of the position. */
export function along(
  call: Call,
  dims: readonly number[],
  axis: number,
  of: (position: number) => number,
): Value {
  const sizes = dims.map((size, each) => (each === axis ? size : 1));
  return call.constant(
    Float32Array.from({ length: dims[axis]! }, (_, i) => of(i)),
    sizes,
    'positions',
    'int',
  );
}

/** Indices counted from the end are brought to the front. */
function positive(call: Call, indices: Value, length: number): Value {
  const isBehind = combine(call, less, indices, call.scalar(0), 'int');
  return combine(call, add, indices, combine(call, mul, isBehind, call.scalar(length, 'int')));
}

/** Positions in `x` of elements that indices name along one axis; along the others they stand where they are. */
export function elementsAt(call: Call, x: Value, indices: Value, axis: number): Value {
  const isWithin = indices.dims.every((size, each) => each === axis || size <= x.dims[each]!);
  if (indices.dims.length !== x.dims.length || !isWithin) refuseIndices(x, indices);
  const strides = stridesOf(x.dims);
  const own = combine(call, mul, positive(call, indices, x.dims[axis]!), call.scalar(strides[axis]!, 'int'));
  return plainOrder(x.dims.length)
    .filter((each) => each !== axis)
    .reduce(
      (sum, each) =>
        combine(
          call,
          add,
          sum,
          along(call, indices.dims, each, (i) => i * strides[each]!),
        ),
      own,
    );
}

const refuseIndices = (x: Value, indices: Value): never =>
  refuse('E043', `indices of ${indices.dims.join('×')} do not go with ${x.dims.join('×')}`);

/** The axis that a call names. */
const namedAxis = (call: Call, x: Value, otherwise: number): number =>
  call.axis(call.int('axis', otherwise), x.dims.length);

const gatherElements: Import = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  return picked(call, x, elementsAt(call, x, indices, namedAxis(call, x, 0)));
};

/** The largest or smallest along an axis, and their places. */
const topElements: Import = (call) => {
  const x = call.input(0);
  const axis = namedAxis(call, x, -1);
  const count = call.opset < 10 ? call.int('k', 0) : call.numbers(1, 'k')[0]!;
  if (!(Number.isInteger(count) && count >= 0 && count <= x.dims[axis]!))
    refuse('E043', `there are no ${count} largest of ${x.dims[axis]}`);
  const dims = x.dims.with(axis, count);
  if (count === 0)
    return [x.sort, 'int' as const].map((sort) => call.constant(new Float32Array(0), dims, 'none', sort));
  const mode = call.flag('largest', true) ? 'max' : 'min';
  const node = call.emit(topK, { x: x.node }, { mode, axis: x.order.indexOf(axis), count });
  const places: Value = { node, dims, order: x.order, sort: 'int' };
  return [picked(call, x, elementsAt(call, x, places, axis)), places];
};

/** Positions of the slices that rows of indices name, and the sizes of what they are positions of. */
function slicesAt(call: Call, x: Value, indices: Value, batches: number): Value {
  const depth = indices.dims.at(-1) ?? 0;
  if (depth < 1 || batches < 0 || batches >= indices.dims.length || batches + depth > x.dims.length)
    refuseIndices(x, indices);
  const outer = indices.dims.slice(0, -1);
  const strides = stridesOf(x.dims);
  const named = Array.from({ length: depth }, (_, i) => {
    const last = indices.dims.length - 1;
    const one = partOf(call, indices, [{ axis: last, start: i, size: 1, step: 1 }]);
    return combine(
      call,
      mul,
      positive(call, one, x.dims[batches + i]!),
      call.scalar(strides[batches + i]!, 'int'),
    );
  });
  const starts = named.reduce((a, b) => combine(call, add, a, b));
  const batched = plainOrder(batches).reduce(
    (sum, axis) =>
      combine(
        call,
        add,
        sum,
        along(call, [...outer, 1], axis, (i) => i * strides[axis]!),
      ),
    starts,
  );
  const inner = x.dims.slice(batches + depth);
  const whole = regroup(call, batched, [...outer, ...inner.map(() => 1)]);
  return inner.reduce(
    (sum, _, i) =>
      combine(
        call,
        add,
        sum,
        along(call, [...outer, ...inner], outer.length + i, (k) => k * strides[batches + depth + i]!),
      ),
    whole,
  );
}

const gatherNd: Import = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  return picked(call, x, slicesAt(call, x, indices, call.int('batch_dims', 0)));
};

const REDUCTIONS = { add, mul, max, min } as const;

/** Updates of one element that are combined with it one after the other. */
const MOST_ROUNDS = 8;

/** Known places of more updates than this are as good as computed ones. */
const MOST_KNOWN = 2 ** 16;

type Reduction = 'none' | keyof typeof REDUCTIONS;

/** How a call combines updates. */
const reductionOf = (call: Call): Reduction => call.word('reduction', ['none', 'add', 'mul', 'max', 'min']);

/**
 * Updates put into a value, or combined with what is there: of several of one element the last one counts, or all
 * are combined. Where it is known where they go, each element of the result is picked from the value or from the
 * updates.
 */
export function scattered(
  call: Call,
  x: Value,
  { updates, positions, reduction }: { updates: Value; positions: Value; reduction: Reduction },
): Value {
  const size = sizeOf(x.dims);
  if (sizeOf(updates.dims) !== sizeOf(positions.dims))
    refuse('E043', `${updates.dims.join('×')} updates do not go with ${positions.dims.join('×')} places`);
  const places = dataOf(call.plain(positions));
  if (size === 0 || sizeOf(updates.dims) === 0) return x;
  if (!places || places.length > MOST_KNOWN) return put(call, x, { updates, positions, reduction });
  const outside = places.find((place) => !(place >= 0 && place < size));
  if (outside !== undefined) refuse('E043', `it updates element ${outside} of ${size}`);
  if (reduction === 'none') {
    const from = Float32Array.from({ length: size }, (_, i) => i);
    for (const [i, place] of places.entries()) from[place] = size + i;
    const rows = [x, updates].map((value) => call.reshape(call.plain(value), [sizeOf(value.dims)], x));
    return picked(call, join(call, rows, 0), call.constant(from, x.dims, 'positions', 'int'));
  }
  const rounds = roundsOf(places);
  if (rounds.length > MOST_ROUNDS) return put(call, x, { updates, positions, reduction });
  return rounds.reduce((value, round) => {
    const from = new Float32Array(size);
    const isHit = new Float32Array(size);
    for (const [place, i] of round) [from[place], isHit[place]] = [i, 1];
    const update = picked(call, updates, call.constant(from, x.dims, 'positions', 'int'));
    const combined = combine(call, REDUCTIONS[reduction], value, update);
    return choose(call, call.constant(isHit, x.dims, 'hits', 'bool'), combined, value);
  }, x);
}

/** The same at places that only the data says. */
function put(
  call: Call,
  x: Value,
  { updates, positions, reduction }: Parameters<typeof scattered>[2],
): Value {
  if (sizeOf(x.dims) > MOST) refuse('E091', `it updates ${x.dims.join('×')} elements; 2^24 are supported`);
  const row = (value: Value) => call.view(call.plain(value), [1, sizeOf(value.dims)]);
  const operands = { x: row(x), updates: row(updates), places: row(positions) };
  const node = call.emit(scatter, operands, { mode: reduction === 'none' ? 'set' : reduction });
  return call.reshape(node, x.dims, x);
}

/** Numbers of the first updates of all places that have one, of the second ones, and so on. */
function roundsOf(places: Float32Array): Map<number, number>[] {
  const rounds: Map<number, number>[] = [];
  const seen = new Map<number, number>();
  for (const [i, place] of places.entries()) {
    const round = seen.get(place) ?? 0;
    seen.set(place, round + 1);
    (rounds[round] ??= new Map()).set(place, i);
  }
  return rounds;
}

const scatterElements: Import = (call) => {
  const [x, indices, updates] = [call.input(0), call.input(1), call.input(2)];
  const positions = elementsAt(call, x, indices, namedAxis(call, x, 0));
  return scattered(call, x, { updates, positions, reduction: reductionOf(call) });
};

const scatterNd: Import = (call) => {
  const [x, indices, updates] = [call.input(0), call.input(1), call.input(2)];
  const positions = slicesAt(call, x, indices, 0);
  return scattered(call, x, { updates, positions, reduction: reductionOf(call) });
};

const oneHot: Import = (call) => {
  const indices = call.input(0);
  const depth = call.numbers(1, 'depth')[0]!;
  if (!(Number.isInteger(depth) && depth >= 1 && depth <= MOST)) refuse('E046', `its depth is ${depth}`);
  if (call.input(2).dims.join() !== '2') refuse('E043', 'its values are not two');
  const rank = indices.dims.length + 1;
  const axis = call.axis(call.int('axis', -1), rank);
  const wide = addAxes(call, positive(call, { ...indices, sort: 'int' }, depth), new Set([axis]));
  const classes = along(
    call,
    plainOrder(rank).map((each) => (each === axis ? depth : 1)),
    axis,
    (i) => i,
  );
  const isIt = combine(call, equal, wide, classes, 'bool');
  const [off, on] = [0, 1].map((i) => partOf(call, call.input(2), [{ axis: 0, start: i, size: 1, step: 1 }]));
  return choose(call, isIt, on!, off!);
};

/** A triangle of ones, `offset` columns right of the diagonal. */
const triangle = (
  rows: number,
  columns: number,
  isIn: (row: number, column: number) => boolean,
): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, i) => Number(isIn(Math.floor(i / columns), i % columns)));

const trilu: Import = (call) => {
  const x = call.input(0);
  const offset = call.optional(1) ? call.numbers(1, 'k')[0]! : 0;
  if (x.dims.length < 2) refuse('E043', 'its input is no matrix');
  const [rows, columns] = x.dims.slice(-2) as [number, number];
  const isUpper = call.flag('upper', true);
  const mask = triangle(rows, columns, (row, column) =>
    isUpper ? column >= row + offset : column <= row + offset,
  );
  return choose(call, call.constant(mask, [rows, columns], 'triangle', 'bool'), x, call.scalar(0, x));
};

/** Cut or filled up, equally at both ends. */
const centerCropPad: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const axes = call.ints('axes', plainOrder(rank)).map((axis) => call.axis(axis, rank));
  const sizes = call.numbers(1, 'shape');
  if (sizes.length !== axes.length || sizes.some((size) => !Number.isInteger(size) || size < 0))
    refuse('E090', `its shape is ${sizes.join(', ')} for ${axes.length} axes`);
  const cut = partOf(
    call,
    x,
    axes.flatMap((axis, i) => {
      const [have, want] = [x.dims[axis]!, sizes[i]!];
      return want < have ? [{ axis, start: Math.floor((have - want) / 2), size: want, step: 1 }] : [];
    }),
  );
  return axes.reduce((value, axis, i) => {
    const more = sizes[i]! - value.dims[axis]!;
    if (more <= 0) return value;
    const side = (count: number): Value[] => {
      const dims = value.dims.with(axis, count);
      return count === 0 ? [] : [call.constant(call.make(dims), dims, 'border', x)];
    };
    return join(call, [...side(Math.floor(more / 2)), value, ...side(Math.ceil(more / 2))], axis);
  }, cut);
};

export const SELECTIONS: Readonly<Record<string, Import>> = {
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  Scatter: scatterElements,
  ScatterND: scatterNd,
  TopK: topElements,
  OneHot: oneHot,
  Trilu: trilu,
  CenterCropPad: centerCropPad,
};

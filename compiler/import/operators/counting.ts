// Operators the number of whose results depends on data. A network computes as many numbers whatever it is given, so
// that what decides must be known when it is compiled.
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { stridesOf } from '../../ops/rearranged.ts';
import type { Call, Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { pick } from './indexing.ts';
import { regroup } from './regroup.ts';
import { suppressed } from './suppression.ts';

const BECAUSE = 'the number of results depends on data';

/** Numbers that decide how many results there are, at most. */
const MOST = 2 ** 22;

/** Numbers that decide how many results there are. */
function known(call: Call, i: number, what: string): Float32Array {
  const data = call.weight(call.input(i), what, BECAUSE).data!; // those of a file have data
  if (data.length > MOST) refuse('E046', `its ${what} are ${data.length} numbers; ${MOST} are supported`);
  return data;
}

const whole = (call: Call, numbers: readonly number[], dims = [numbers.length]): Value =>
  call.constant(Float32Array.from(numbers), dims, 'places', 'int');

/** For each axis, where what is not 0 lies on it. */
const nonZero: Import = (call) => {
  const data = known(call, 0, 'input');
  const { dims } = call.input(0);
  const shape = dims.length === 0 ? [1] : dims;
  const found = [...data.keys()].filter((i) => data[i] !== 0);
  if (found.length * shape.length > MOST) refuse('E046', `it would find ${found.length} places`);
  const strides = stridesOf(shape);
  const places = shape.flatMap((size, axis) => found.map((i) => Math.floor(i / strides[axis]!) % size));
  return whole(call, places, [shape.length, found.length]);
};

/** Slices where a condition is true. */
const compress: Import = (call) => {
  const isFlat = !call.has('axis');
  const x = isFlat ? regroup(call, call.input(0), [sizeOf(call.input(0).dims)]) : call.input(0);
  const axis = call.axis(call.int('axis', 0), x.dims.length);
  const condition = known(call, 1, 'condition');
  const kept = [...condition.keys()].filter((i) => condition[i] !== 0);
  return pick(call, x, axis, whole(call, kept));
};

/** Elements or slices that differ, where each is first, which one each is, and how often there are such. */
const unique: Import = (call) => {
  const data = call.numbersOf(call.input(0), 'input', BECAUSE);
  const { dims, sort } = call.input(0);
  const axis = call.has('axis') ? call.axis(call.int('axis', 0), dims.length) : undefined;
  const shape = axis === undefined ? [data.length] : dims;
  const along = axis ?? 0;
  const [length, inner] = [shape[along]!, sizeOf(shape.slice(along + 1))];
  const outer = plainOrder(data.length / Math.max(1, length * inner));
  const slices = plainOrder(length).map((k) =>
    outer.flatMap((o) => data.slice((o * length + k) * inner, (o * length + k + 1) * inner)),
  );
  const first = new Map<string, number>();
  for (const [k, slice] of slices.entries()) if (!first.has(slice.join())) first.set(slice.join(), k);
  const places = [...first.values()];
  if (call.flag('sorted', true)) places.sort((a, b) => compare(slices[a]!, slices[b]!));
  const numbers = new Map(places.map((place, i) => [slices[place]!.join(), i]));
  const inverse = slices.map((slice) => numbers.get(slice.join())!);
  const counts = places.map(() => 0);
  for (const i of inverse) counts[i]!++;
  const flat = call.reshape(call.plain(call.input(0)), shape, sort);
  return [
    pick(call, flat, along, whole(call, places)),
    whole(call, places),
    whole(call, inverse),
    whole(call, counts),
  ];
};

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, k) => value !== b[k]);
  return i < 0 ? 0 : a[i]! - b[i]!;
}

/** The best of boxes that overlap: item, class and box of each. */
const nonMaxSuppression: Import = (call) => {
  const boxes = call.input(0);
  const scores = call.input(1);
  const [items, count, four] = boxes.dims;
  if (
    four !== 4 ||
    boxes.dims.length !== 3 ||
    scores.dims.length !== 3 ||
    scores.dims[0] !== items ||
    scores.dims[2] !== count
  )
    refuse('E043', `boxes of ${boxes.dims.join('×')} do not go with scores of ${scores.dims.join('×')}`);
  const number = (i: number, what: string, otherwise: number) =>
    call.optional(i) ? call.numbers(i, what)[0]! : otherwise;
  const chosen = suppressed({
    boxes: call.numbersOf(boxes, 'boxes', BECAUSE),
    scores: call.numbersOf(scores, 'scores', BECAUSE),
    count: count!,
    classes: scores.dims[1]!,
    most: number(2, 'max_output_boxes_per_class', 0),
    overlap: number(3, 'iou_threshold', 0),
    least: number(4, 'score_threshold', -Infinity),
    isCentred: call.flag('center_point_box', false),
  });
  return whole(call, chosen.flat(), [chosen.length, 3]);
};

export const COUNTING: Readonly<Record<string, Import>> = {
  NonZero: nonZero,
  Compress: compress,
  Unique: unique,
  NonMaxSuppression: nonMaxSuppression,
};

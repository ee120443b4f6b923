// Operators that pick, repeat or move elements.
import type { Node } from '../../ir/graph.ts';
import { expand } from '../../ops/expand.ts';
import { extend } from '../../ops/extend.ts';
import { gather } from '../../ops/gather.ts';
import { slice } from '../../ops/slice.ts';
import { tile } from '../../ops/tile.ts';
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import { dataOf, type Call, type Import } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';
import { dropAxes } from './drop-axes.ts';
import { regroup } from './regroup.ts';

/** Positions of one axis. */
interface Part {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** Part of a value, in the order in which it lies. */
export function partOf(call: Call, x: Value, parts: readonly Part[]): Value {
  for (const { axis, start, size, step } of parts) {
    const [length, last] = [x.dims[axis] ?? 0, start + (size - 1) * step];
    if (size > 0 && !(Math.min(start, last) >= 0 && Math.max(start, last) < length))
      refuse('E043', `positions ${start} to ${last} are not on axis ${axis} of ${x.dims.join('×')}`);
  }
  const changing = parts.filter(({ axis, size, step }) => size !== x.dims[axis] || step !== 1);
  const node =
    changing.length === 0
      ? x.node
      : call.emit(
          slice,
          { x: x.node },
          {
            axes: changing.map(({ axis }) => x.order.indexOf(axis)),
            start: changing.map(({ start }) => start),
            size: changing.map(({ size }) => size),
            step: changing.map(({ step }) => step),
          },
        );
  const sizes = new Map(parts.map(({ axis, size }) => [axis, size]));
  return { ...x, node, dims: x.dims.map((length, axis) => sizes.get(axis) ?? length) };
}

/** The largest whole number of 32 bits, or a larger one: up to the last element, whichever way a slice goes. */
const TO_THE_END = 2 ** 31 - 1;

const slicing: Import = (call) => {
  const x = call.input(0);
  const fromInput = (i: number, name: string) => (call.optional(i) ? call.integers(i, name) : undefined);
  const starts = fromInput(1, 'starts') ?? call.ints('starts');
  const ends = fromInput(2, 'ends') ?? call.ints('ends');
  const axes = fromInput(3, 'axes') ?? call.ints('axes', plainOrder(starts.length));
  const steps = fromInput(4, 'steps') ?? starts.map(() => 1);
  const places = new Set(axes.map((axis) => call.axis(axis, x.dims.length)));
  if ([ends, steps, [...places]].some((list) => list.length !== starts.length) || steps.includes(0))
    refuse(
      'E090',
      `its starts are ${starts.join(', ')}, its ends ${ends.join(', ')}, its steps ${steps.join(', ')}`,
    );
  const parts = axes.map((written, i): Part => {
    const axis = call.axis(written, x.dims.length);
    const length = x.dims[axis]!;
    const step = steps[i]!;
    const place = (at: number) => (at < 0 ? at + length : at);
    const isToTheEnd = step < 0 && ends[i]! >= TO_THE_END;
    const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
    const start = Math.min(Math.max(place(starts[i]!), step > 0 ? 0 : 0), high);
    const end = isToTheEnd ? low : Math.min(Math.max(place(ends[i]!), low), high);
    return { axis, start, size: Math.max(0, Math.ceil((end - start) / step)), step };
  });
  return partOf(call, x, parts);
};

const split: Import = (call) => {
  const x = call.input(0);
  const axis = call.axis(call.int('axis', 0), x.dims.length);
  const length = x.dims[axis]!;
  const count = call.int('num_outputs', call.outputs);
  if (count !== call.outputs) refuse('E090', `it gives ${call.outputs} parts of ${count}`);
  const even = Array.from({ length: count }, (_, i) => {
    const chunk = Math.ceil(length / count);
    return Math.max(0, Math.min(chunk, length - i * chunk));
  });
  const sizes = call.numbersOrAttribute(1, 'split') ?? even;
  if (sizes.reduce((a, b) => a + b, 0) !== length || sizes.some((size) => size < 0))
    refuse('E043', `its parts of ${sizes.join(', ')} do not make up ${length}`);
  return sizes.map((size, i) => {
    const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
    return partOf(call, x, [{ axis, start, size, step: 1 }]);
  });
};

const gathering: Import = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = call.axis(call.int('axis', 0), x.dims.length);
  const picked = pick(call, x, axis, indices);
  if (indices.dims.length === 1) return picked;
  if (indices.dims.length === 0) return dropAxes(call, picked, new Set([axis]));
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return regroup(call, picked, dims);
};

/** Slices along an axis: a part of it, where the indices are known and equally far apart. */
export function pick(call: Call, x: Value, axis: number, indices: Value): Value {
  const count = sizeOf(indices.dims);
  const node = call.plain(indices);
  const length = x.dims[axis]!;
  const places = dataOf(node)?.map((index) => (index < 0 ? index + length : index));
  if (places?.some((place) => !(Number.isInteger(place) && place >= 0 && place < length)))
    refuse('E090', `its indices are not all on an axis of ${length}`);
  if (places && places.length > 0) {
    const [start, step] = [places[0]!, places.length === 1 ? 1 : places[1]! - places[0]!];
    if (step !== 0 && places.every((place, i) => place === start + i * step))
      return partOf(call, x, [{ axis, start, size: places.length, step }]);
  }
  const list = call.view(node, places ? [count] : [1, count]);
  const result = call.emit(gather, { x: x.node, indices: list }, { axis: x.order.indexOf(axis) });
  return { ...x, node: result, dims: x.dims.with(axis, count) };
}

const expanding: Import = (call) => {
  const x = call.input(0);
  const asked = call.integers(1, 'shape');
  const rank = Math.max(x.dims.length, asked.length);
  const wide = call.widened(x, rank);
  const shape = [...plainOrder(rank - asked.length).map(() => 1), ...asked];
  const dims = wide.dims.map((size, axis) => (size === 1 ? shape[axis]! : size));
  if (wide.dims.some((size, axis) => size !== 1 && shape[axis] !== 1 && shape[axis] !== size))
    refuse('E043', `${x.dims.join('×')} cannot stretch to ${asked.join('×')}`);
  return stretched(call, wide, dims);
};

/** Axes of one element stretched. */
export function stretched(call: Call, x: Value, dims: readonly number[]): Value {
  if (dims.every((size, axis) => size === x.dims[axis])) return x;
  const node = call.emit(expand, { x: x.node }, { shape: x.order.map((axis) => dims[axis]!) });
  return { ...x, node, dims };
}

const tiling: Import = (call) => {
  const x = call.input(0);
  const repeats =
    call.opset < 6
      ? x.dims.map((_, axis) => (axis === call.numbers(2, 'axis')[0] ? call.integers(1, 'tiles')[0]! : 1))
      : call.integers(1, 'repeats');
  if (repeats.length !== x.dims.length || repeats.some((count) => count < 0))
    refuse('E090', `its repeats are ${repeats.join(', ')}`);
  if (repeats.every((count) => count === 1)) return x;
  const node = call.emit(tile, { x: x.node }, { repeats: x.order.map((axis) => repeats[axis]!) });
  return { ...x, node, dims: x.dims.map((size, axis) => size * repeats[axis]!) };
};

/** Borders, along any axes; below 0 they are cut off. */
const padding: Import = (call) => {
  const x = call.input(0);
  const rank = x.dims.length;
  const amounts = call.numbersOrAttribute(1, 'pads') ?? call.ints('paddings');
  const axes = call.optional(3)
    ? call.numbers(3, 'axes').map((axis) => call.axis(axis, rank))
    : plainOrder(rank);
  if (amounts.length !== 2 * axes.length || new Set(axes).size !== axes.length)
    refuse('E090', `its pads are ${amounts.join(', ')}`);
  const mode = call.word('mode', ['constant', 'reflect', 'edge', 'wrap']);
  const value = call.optional(2) ? call.numbers(2, 'value')[0]! : call.float('value', 0);
  if (Number.isNaN(value)) refuse('E091', 'its value is no number');
  const side = (first: number) => x.dims.map((_, axis) => amounts[first + axes.indexOf(axis)] ?? 0);
  const before = side(0).map((amount, axis) => (axes.includes(axis) ? amount : 0));
  const after = side(axes.length).map((amount, axis) => (axes.includes(axis) ? amount : 0));
  const cut = partOf(
    call,
    x,
    x.dims.map((size, axis) => {
      const start = Math.max(0, -before[axis]!);
      const rest = size - start - Math.max(0, -after[axis]!);
      if (rest < 0) refuse('E043', `its pads of ${amounts.join(', ')} cut off more than ${size}`);
      return { axis, start, size: rest, step: 1 };
    }),
  );
  const grown = (amounts_: readonly number[]) => x.order.map((axis) => Math.max(0, amounts_[axis]!));
  if ([...grown(before), ...grown(after)].every((amount) => amount === 0)) return cut;
  const isReflected = (amounts_: readonly number[]) =>
    amounts_.some((amount, axis) => amount > 0 && amount >= cut.dims[axis]!);
  if (mode === 'reflect' && [before, after].some(isReflected))
    refuse('E040', `its pads of ${amounts.join(', ')} reflect more than ${cut.dims.join('×')} has`);
  const node: Node = call.emit(
    extend,
    { x: cut.node },
    { before: grown(before), after: grown(after), mode, value },
  );
  const dims = cut.dims.map((size, axis) => size + Math.max(0, before[axis]!) + Math.max(0, after[axis]!));
  return { ...cut, node, dims };
};

const range: Import = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => call.numbers(i, 'bounds')[0]!) as [
    number,
    number,
    number,
  ];
  if (delta === 0) refuse('E090', 'its delta is 0');
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count <= 2 ** 24)) refuse('E046', `it would be ${count} numbers`);
  const values = call.make([count]).map((_, i) => start + i * delta);
  return call.constant(values, [count], 'range', call.input(0));
};

export const INDEXING: Readonly<Record<string, Import>> = {
  Slice: slicing,
  Split: split,
  Gather: gathering,
  Expand: expanding,
  Tile: tiling,
  Pad: padding,
  Range: range,
};

import { add as plus, lit, mul as times } from '../scalar/expression.ts';
import { invariant } from '../support/assert.ts';
import { refuse } from '../support/refusal.ts';
import { f32 } from '../tensor/types.ts';
import { byRule, lengths, wholes, withDefault } from './argument.ts';
import { axesArg, chosenAxes, saidAxes } from './axis.ts';
import { attr, defineOp, type OneOperand, type Source } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { toOnnxAxis } from './onnx.ts';
import { rearranged } from './rearranged.ts';

const attrs = {
  axes: attr([1], 'Axes of which a part is taken.'),
  start: attr([0], 'First position, per axis.'),
  size: attr([1], 'Positions taken, per axis.'),
  step: attr([1], 'From one position to the next, per axis; below 0 for backwards.'),
};

const source: Source<OneOperand, typeof attrs> = (at, { axes, start, step }) => ({
  at: at.map((position, axis) => {
    const i = axes.indexOf(axis);
    if (i < 0) return position;
    const scaled = step[i] === 1 ? position : times(position, lit(step[i]!));
    return start[i] === 0 ? scaled : plus(scaled, lit(start[i]!));
  }),
});

/** Past every beginning: where a backward slice of ONNX ends that reaches position 0. */
const BEFORE_ALL = -(2 ** 31);

/** Steps are no longer. */
const MOST = 2 ** 31 - 1;

export const slice = defineOp({
  name: 'slice',
  kind: 'rearrangement',
  doc: 'A part of the operand along some axes, every so many positions.',
  operands: { x: 'one' },
  attrs,
  infer: ({ x: { shape } }, { axes, start, size, step }) => {
    axes.forEach((axis, i) => {
      const last = start[i]! + step[i]! * (size[i]! - 1);
      const isInside = [start[i]!, last].every((at) => at >= 0 && at < shape[axis]!);
      invariant(isInside || size[i] === 0, `positions ${start[i]} to ${last} are on axis ${axis}`);
    });
    return f32(...shape.map((length, axis) => (axes.includes(axis) ? size[axes.indexOf(axis)]! : length)));
  },
  source,
  evaluate: ({ x }, given, out) => rearranged(x, out, (at) => source(at, given, { x: x.type })),
  onnx: ({ x }, { axes, start, size, step }, { node, ints, out }) => {
    const ends = start.map((first, i) => {
      const end = first + step[i]! * size[i]!;
      return end < 0 ? BEFORE_ALL : end;
    });
    const theirs = axes.map((axis) => toOnnxAxis(axis, out.shape.length));
    return node('Slice', [x, ints(start), ints(ends), ints(theirs), ints(step)]);
  },
  torch: ({ x }, { axes, start, size, step }, { types }) => {
    const { shape } = types.x;
    const flips: number[] = [];
    const parts = shape.map(() => ':');
    axes.forEach((axis, i) => {
      const dim = toOnnxAxis(axis, shape.length);
      // PyTorch goes forwards only.
      const first = step[i]! < 0 ? shape[axis]! - 1 - start[i]! : start[i]!;
      if (step[i]! < 0) flips.push(dim);
      const pace = Math.abs(step[i]!);
      const end = first + pace * (size[i]! - 1) + 1;
      const isWhole = pace === 1 && first === 0 && end === shape[axis];
      if (!isWhole) parts[dim] = `${first === 0 ? '' : first}:${end}${pace === 1 ? '' : `:${pace}`}`;
    });
    const turned = flips.length > 0 ? `${x}.flip(${flips.join(', ')})` : x;
    const kept = parts.slice(0, parts.findLastIndex((part) => part !== ':') + 1);
    return kept.length > 0 ? `${turned}[${kept.join(', ')}]` : turned;
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 9));
    const axes = item.map((_, axis) => axis + 1).filter(() => pick.of([true, false]));
    const parts = axes.map((axis) => {
      const length = item[axis - 1]!;
      const step = pick.of([1, 1, 2, 3, -1, -2]);
      const size = pick.int(1, Math.ceil(length / Math.abs(step)));
      const reach = Math.abs(step) * (size - 1);
      const first = pick.int(0, length - 1 - reach);
      return { start: step > 0 ? first : first + reach, size, step };
    });
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: {
        axes,
        start: parts.map(({ start }) => start),
        size: parts.map(({ size }) => size),
        step: parts.map(({ step }) => step),
      },
    };
  },
});

export const SLICE = defineKeyword({
  keyword: 'SLICE',
  doc: 'A part of the input along some axes, every so many positions.',
  positional: ['start', 'size'],
  args: {
    start: withDefault(lengths('First position, per axis.'), [0]),
    size: byRule(lengths('Positions taken, per axis.', 1), 'as many as there are'),
    step: byRule(wholes('From one position to the next, per axis; below 0 for backwards.', -MOST), '1'),
    axes: axesArg,
  },
  says: says(slice, ({ start, size, step, axes }, { x }) => ({
    start,
    size,
    step: { is: step, unless: step.map(() => 1) },
    axes: saidAxes(axes, x),
  })),
  build: (call, { start, size: writtenSize, step: writtenStep, axes: writtenAxes }) => {
    const { shape } = call.x.type;
    const axes = chosenAxes(call, writtenAxes);
    const ones = axes.map(() => 1);
    const step = writtenStep ?? call.decide('step', ones, 'nothing is said');
    for (const [argument, numbers = ones] of Object.entries({ start, step, size: writtenSize }))
      if (numbers.length !== axes.length)
        refuse('E037', `SLICE's ${argument} has ${numbers.length} numbers for ${axes.length} axes`, {
          argument,
        });
    if (step.includes(0)) refuse('E037', "SLICE's step is not 0", { argument: 'step' });
    axes.forEach((axis, i) => {
      if (start[i]! >= shape[axis]!)
        refuse(
          'E040',
          `SLICE starts at ${start[i]}; the last position of axis ${axis} is ${shape[axis]! - 1}`,
          {
            argument: 'start',
          },
        );
    });
    const room = (i: number) => (step[i]! < 0 ? start[i]! + 1 : shape[axes[i]!]! - start[i]!);
    const most = axes.map((_, i) => Math.ceil(room(i) / Math.abs(step[i]!)));
    const size = writtenSize ?? call.decide('size', most, 'up to the end');
    axes.forEach((axis, i) => {
      if (size[i]! > most[i]!)
        refuse(
          'E040',
          `SLICE takes ${size[i]} positions of axis ${axis}; from ${start[i]} on there are ${most[i]}`,
          {
            argument: 'size',
          },
        );
    });
    return call.emit(slice, { x: call.x }, { axes, start, size, step });
  },
});

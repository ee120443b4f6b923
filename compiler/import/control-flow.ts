// Control flow that does not depend on data: the branch that is meant, and the rounds of loops one after the other,
// stand in the graph as if they had been written there.
import { refuse } from '../support/refusal.ts';
import type { Call } from './call.ts';
import type { OnnxGraph } from './model.ts';
import { addAxes, dropAxes } from './operators/drop-axes.ts';
import { partOf } from './operators/indexing.ts';
import { join } from './operators/shape.ts';
import type { Value } from './value.ts';

/** The nodes of a graph for these inputs; gives its outputs. */
export type Run = (inputs: readonly Value[]) => readonly Value[];

/** Lets `use` run a graph that belongs to a node, as often as it likes. */
export type Within = <T>(graph: OnnxGraph, use: (run: Run) => T) => T;

type ControlFlow = (call: Call, within: Within) => readonly Value[];

const branch: ControlFlow = (call, within) => {
  const [condition] = call.numbers(0, 'condition');
  return within(call.graph(condition !== 0 ? 'then_branch' : 'else_branch'), (run) => run([]));
};

const BECAUSE = 'the number of rounds depends on data';

/** Rounds until the count is reached or the condition is false; what they carry on, and what they leave behind. */
const loop: ControlFlow = (call, within) => {
  const most = call.optional(0) ? call.numbersOf(call.input(0), 'trip count', BECAUSE)[0]! : Infinity;
  const begins = call.optional(1) ? call.numbersOf(call.input(1), 'condition', BECAUSE)[0] !== 0 : true;
  let carried: readonly Value[] = call.inputs.slice(2).map((_, i) => call.input(i + 2));
  const left: (readonly Value[])[] = [];
  within(call.graph('body'), (run) => {
    for (let round = 0, goesOn = begins; round < most && goesOn; round++) {
      const [condition, ...results] = run([call.scalar(round, 'int'), call.scalar(1, 'bool'), ...carried]);
      if (!condition || results.length < carried.length) refuse('E090', 'its body gives too few outputs');
      left.push(results.slice(carried.length));
      carried = results.slice(0, carried.length);
      goesOn = call.numbersOf(condition, 'condition', BECAUSE)[0] !== 0;
    }
  });
  return [...carried, ...stacked(call, left, call.outputs - carried.length, () => 0)];
};

/** A round for each element along an axis. */
const scan: ControlFlow = (call, within) => {
  if (call.opset < 9) refuse('E091', 'Scan is supported from operator set 9 on');
  const count = call.int('num_scan_inputs', 0);
  if (!(count >= 1 && count <= call.inputs.length)) refuse('E090', `it scans ${count} of its inputs`);
  const first = call.inputs.length - count;
  const [axes, directions] = [call.ints('scan_input_axes'), call.ints('scan_input_directions')];
  const scanned = Array.from({ length: count }, (_, i) => {
    const value = call.input(first + i);
    return { value, axis: call.axis(axes[i] ?? 0, value.dims.length), isReverse: directions[i] === 1 };
  });
  const length = scanned[0]!.value.dims[scanned[0]!.axis]!;
  if (scanned.some(({ value, axis }) => value.dims[axis] !== length))
    refuse(
      'E043',
      `its inputs are not equally long: ${scanned.map(({ value }) => value.dims.join('×')).join(' and ')}`,
    );
  let carried: readonly Value[] = Array.from({ length: first }, (_, i) => call.input(i));
  const left: (readonly Value[])[] = [];
  within(call.graph('body'), (run) => {
    for (let round = 0; round < length; round++) {
      const elements = scanned.map(({ value, axis, isReverse }) => {
        const start = isReverse ? length - 1 - round : round;
        return dropAxes(call, partOf(call, value, [{ axis, start, size: 1, step: 1 }]), new Set([axis]));
      });
      const results = run([...carried, ...elements]);
      if (results.length < first) refuse('E090', 'its body gives too few outputs');
      left.push(results.slice(first));
      carried = results.slice(0, first);
    }
  });
  const [places, prepends] = [call.ints('scan_output_axes'), call.ints('scan_output_directions')];
  const stacks = stacked(
    call,
    left,
    call.outputs - first,
    (i) => places[i] ?? 0,
    (i) => prepends[i] === 1,
  );
  return [...carried, ...stacks];
};

/** What the rounds left behind, behind each other along a new axis. */
function stacked(
  call: Call,
  rounds: readonly (readonly Value[])[],
  count: number,
  axisOf: (i: number) => number,
  isReversed: (i: number) => boolean = () => false,
): Value[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    if (rounds.length === 0)
      refuse('E091', `there is no round, and nothing says the size of output ${i + 1}`);
    const values = rounds.map((results) => results[i] ?? refuse('E090', 'its body gives too few outputs'));
    const axis = call.axis(axisOf(i), values[0]!.dims.length + 1);
    const columns = values.map((value) => addAxes(call, value, new Set([axis])));
    return join(call, isReversed(i) ? columns.toReversed() : columns, axis);
  });
}

export const CONTROL_FLOW: ReadonlyMap<string, ControlFlow> = new Map([
  ['If', branch],
  ['Loop', loop],
  ['Scan', scan],
]);

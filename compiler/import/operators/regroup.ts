// Reshapes that move no data where they need not.
//
// A reshape splits axes and joins neighbours: [N, C, H, W] → [N, 2, C/2, H, W] splits one axis and leaves the
// others alone. Wherever that axis lies, its elements keep their places. Only axes that are joined must lie
// behind each other. So a channel shuffle (split C, swap the parts, join them) takes one transpose of the
// channels, and none between layouts.
import { refuse } from '../../support/refusal.ts';
import { sizeOf } from '../../tensor/types.ts';
import type { Call } from '../call.ts';
import { requireShape } from '../emitter.ts';
import { plainOrder, type Value } from '../value.ts';
import { addAxes, dropAxes } from './drop-axes.ts';

/** `x` with other sizes, in ONNX's order of elements. */
export function regroup(call: Call, x: Value, dims: readonly number[]): Value {
  requireShape(dims);
  if (sizeOf(dims) !== sizeOf(x.dims)) refuse('E043', `${x.dims.join('×')} cannot become ${dims.join('×')}`);
  if (sizeOf(dims) === 0)
    return { ...x, node: call.view(x.node, dims), dims, order: plainOrder(dims.length) };
  // A batch of one stays a batch.
  const first = x.dims[0] === dims[0] ? 1 : 0;
  const from = dropAxes(call, x, axesOfOne(x.dims, first));
  const ones = axesOfOne(dims, first);
  const to = dims.filter((_, axis) => !ones.has(axis));
  const groups = groupsOf(from.dims, to);
  const physical = groups.toSorted((a, b) => placeOf(from, a) - placeOf(from, b));
  const node = call.inOrder(
    from,
    physical.flatMap((group) => group.from),
  );
  const order = physical.flatMap((group) => group.to);
  const joined = call.view(
    node,
    order.map((axis) => to[axis]!),
  );
  return addAxes(call, { ...x, node: joined, dims: to, order }, ones);
}

const axesOfOne = (dims: readonly number[], first: number): ReadonlySet<number> =>
  new Set(plainOrder(dims.length).filter((axis) => axis >= first && dims[axis] === 1));

/** Axes before and after that hold the same elements. */
interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Where a group lies: where its first axis does. */
const placeOf = ({ order }: Value, { from }: Group): number =>
  Math.min(...from.map((axis) => order.indexOf(axis)));

/** The smallest groups of neighbours that hold the same number of elements; no axis but the first has one. */
function groupsOf(from: readonly number[], to: readonly number[]): Group[] {
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  while (i < from.length) {
    const group = { from: [i], to: [j] };
    let [left, right] = [from[i++]!, to[j++]!];
    while (left !== right) {
      if (left < right) {
        group.from.push(i);
        left *= from[i++]!;
      } else {
        group.to.push(j);
        right *= to[j++]!;
      }
    }
    groups.push(group);
  }
  return groups;
}

import type { Call } from '../call.ts';
import { plainOrder, type Value } from '../value.ts';

/** Without axes of one element. */
export function dropAxes(call: Call, x: Value, gone: ReadonlySet<number>): Value {
  const kept = plainOrder(x.dims.length).filter((axis) => !gone.has(axis));
  const order = x.order.filter((axis) => !gone.has(axis)).map((axis) => kept.indexOf(axis));
  const dims = kept.map((axis) => x.dims[axis]!);
  const node = call.view(
    x.node,
    order.map((axis) => dims[axis]!),
  );
  return { ...x, node, dims, order };
}

/** With axes of one element at these places of the result. */
export function addAxes(call: Call, x: Value, added: ReadonlySet<number>): Value {
  const rank = x.dims.length + added.size;
  const kept = plainOrder(rank).filter((axis) => !added.has(axis));
  const dims = plainOrder(rank).map((axis) => (added.has(axis) ? 1 : x.dims[kept.indexOf(axis)]!));
  const moved = x.order.map((axis) => kept[axis]!);
  // What lies in front stays there, which is the batch in most cases.
  const inFront = added.has(0) ? 0 : 1;
  const order = [...moved.slice(0, inFront), ...added, ...moved.slice(inFront)];
  const node = call.view(
    x.node,
    order.map((axis) => dims[axis]!),
  );
  return { ...x, node, dims, order };
}

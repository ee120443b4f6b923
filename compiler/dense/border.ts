// Which positions of a value are made of something that is not the picture: padding, what a last window
// hangs over, pixels repeated at an end. Counted position by position along each axis, because sizes that
// do not divide let one end see what the other does not.
import { inputsOf, isOp, type Graph, type Node, type OpNode } from '../ir/graph.ts';
import { spatialOf } from '../tensor/window.ts';
import { tapsOf } from './taps.ts';

/** What a position sees beyond the picture: its first end, its last, or both. */
export const [BEFORE, BEHIND] = [1, 2];

/** One number per position, for each axis. */
export type Sights = readonly Uint8Array[];

/** By output. */
export type AllSights = ReadonlyMap<string, Sights>;

export interface Seen {
  readonly sights: Sights;
  /** Layers that look beyond their input, in order. */
  readonly layers: readonly string[];
  /** They pad it, all of them. */
  readonly isPadding: boolean;
}

/** What each output sees beyond the picture. */
export function sightsOf(graph: Graph): ReadonlyMap<string, Seen> {
  const seen = new Map<Node, Seen>();
  for (const node of graph.nodes) seen.set(node, seenBy(node, seen));
  return new Map(graph.outputs.map(({ name, node }) => [name, seen.get(node)!]));
}

const NOTHING: Seen = { sights: [], layers: [], isPadding: true };

function seenBy(node: Node, known: ReadonlyMap<Node, Seen>): Seen {
  if (node.op === 'input')
    return { ...NOTHING, sights: spatialOf(node.type.shape).map((length) => new Uint8Array(length)) };
  if (!isOp(node)) return NOTHING;
  const x = inputsOf(node)
    .map((operand) => known.get(operand)!)
    .reduce(union, NOTHING);
  const along = x.sights.map((sights, axis) => look(node, axis, sights));
  const looksBeyond = along.some((each) => each.isBeyond);
  return {
    sights: along.map(({ sights }) => sights),
    layers: looksBeyond ? [...x.layers, node.origins[0]?.path ?? node.name] : x.layers,
    isPadding: x.isPadding && (!looksBeyond || pads(node)),
  };
}

function look(node: OpNode, axis: number, x: Uint8Array): { sights: Uint8Array; isBeyond: boolean } {
  const positions = spatialOf(node.type.shape)[axis] ?? 1;
  const taps = tapsOf(node, axis);
  if (!taps) {
    const isWhole = positions !== x.length;
    return { sights: isWhole ? new Uint8Array(positions).fill(all(x)) : x, isBeyond: false };
  }
  let isBeyond = false;
  const sights = Uint8Array.from({ length: positions }, (_, i) =>
    taps(i).reduce((sight, at) => {
      const inside = x[at];
      if (inside === undefined) isBeyond = true;
      return sight | (inside ?? (at < 0 ? BEFORE : BEHIND));
    }, 0),
  );
  return { sights, isBeyond };
}

const pads = (node: OpNode): boolean =>
  node.op === 'pad' ||
  node.op === 'extend' ||
  ((node.op === 'conv' || node.op === 'pool' || node.op === 'max_indices') &&
    node.attrs.pad.some((p) => p > 0));

/** What a value sees that is made of all of these. */
export const all = (sights: Uint8Array): number => sights.reduce((sum, sight) => sum | sight, 0);

function union(a: Seen, b: Seen): Seen {
  const isPadding = a.isPadding && b.isPadding;
  const layers = [...new Set([...a.layers, ...b.layers])];
  if (a.sights.length === 0 || b.sights.length === 0)
    return { sights: a.sights.length === 0 ? b.sights : a.sights, layers, isPadding };
  const sights = a.sights.map((one, axis) => {
    const other = b.sights[axis]!;
    const [long, short] = one.length < other.length ? [other, one] : [one, other];
    return long.map((sight, i) => sight | short[short.length === 1 ? 0 : i]!);
  });
  return { sights, layers, isPadding };
}

/** How many positions at each end of an axis look beyond the picture. */
export const widthsOf = (sights: Uint8Array): readonly [begin: number, end: number] => [
  sights.findLastIndex((sight) => (sight & BEFORE) > 0) + 1,
  sights.length - firstBehind(sights),
];

function firstBehind(sights: Uint8Array): number {
  const first = sights.findIndex((sight) => (sight & BEHIND) > 0);
  return first < 0 ? sights.length : first;
}

import type { Node } from '../ir/graph.ts';
import { sizeOf } from '../tensor/types.ts';
import type { Life } from './liveness.ts';

/** A place in the arena, in elements. */
export interface Slot {
  readonly offset: number;
  readonly length: number;
}

export interface Arena {
  readonly slots: ReadonlyMap<Node, Slot>;
  /** Elements in all. */
  readonly length: number;
}

/**
 * Gives every value a place that it shares with none that lives at the same time: the largest values
 * first, each at the lowest offset where it fits (greedy by size, Pisarchyk and Lee, "Efficient Memory
 * Management for Deep Neural Net Inference", 2020).
 */
export function placeBuffers(lives: readonly Life[]): Arena {
  const slots = new Map<Node, Slot>();
  const placedAt = new Map<number, Slot[]>();
  const bySize = lives
    .map((life) => ({ ...life, length: sizeOf(life.node.type.shape) }))
    .toSorted((a, b) => b.length - a.length || a.first - b.first);
  for (const { node, first, last, length } of bySize) {
    const neighbours = new Set<Slot>();
    for (let step = first; step <= last; step++)
      for (const slot of placedAt.get(step) ?? []) neighbours.add(slot);
    const slot = { offset: lowestGap([...neighbours], length), length };
    slots.set(node, slot);
    for (let step = first; step <= last; step++) {
      const placed = placedAt.get(step);
      if (placed) placed.push(slot);
      else placedAt.set(step, [slot]);
    }
  }
  let end = 0;
  for (const { offset, length } of slots.values()) end = Math.max(end, offset + length);
  return { slots, length: end };
}

function lowestGap(taken: readonly Slot[], length: number): number {
  let offset = 0;
  for (const slot of taken.toSorted((a, b) => a.offset - b.offset)) {
    if (slot.offset - offset >= length) break;
    offset = Math.max(offset, slot.offset + slot.length);
  }
  return offset;
}

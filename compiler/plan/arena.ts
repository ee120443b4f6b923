import type { Node } from '../ir/graph.ts';
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

/** Orders that are tried until one reaches the bound. */
const MOST_TRIES = 200;

/**
 * Gives every life a place that it shares with none at the same time: the largest first, each at the lowest
 * offset where it fits (greedy by size, Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020). Where that needs more than `lowerBound`, what sticks out at the top goes first next time.
 */
export function placeBuffers(lives: readonly Life[], lowerBound: number): Arena {
  let order = lives.toSorted((a, b) => b.length - a.length || a.first - b.first);
  let best = placeInOrder(order);
  let latest = best;
  for (let tries = 1; best.length > lowerBound && tries < MOST_TRIES; tries++) {
    const highest = order.findLast((life) => endOf(life, latest) === latest.length)!;
    order = [highest, ...order.filter((life) => life !== highest)];
    latest = placeInOrder(order);
    if (latest.length < best.length) best = latest;
  }
  return best;
}

function endOf({ values, length }: Life, { slots }: Arena): number {
  return slots.get(values[0]!)!.offset + length;
}

function placeInOrder(lives: readonly Life[]): Arena {
  const slots = new Map<Node, Slot>();
  const placedAt = new Map<number, Slot[]>();
  for (const { values, first, last, length } of lives) {
    const neighbours = new Set<Slot>();
    for (let step = first; step <= last; step++)
      for (const slot of placedAt.get(step) ?? []) neighbours.add(slot);
    const slot = { offset: lowestGap([...neighbours], length), length };
    for (const value of values) slots.set(value, slot);
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

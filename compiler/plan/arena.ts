import type { Node } from '../ir/graph.ts';
import { placeInOrderOfTime } from './in-order-of-time.ts';
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
/** Steps and neighbours that are looked at in all tries together: some tenths of a second. */
const MOST_LOOKS = 5_000_000;

/**
 * Gives every life a place that it shares with none at the same time: the largest first, each at the lowest
 * offset where it fits (greedy by size, Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020). Where that needs more than `lowerBound`, what sticks out at the top goes first next time.
 * This takes the square of what is alive at once; where that is too much, places are given in order of time.
 */
export function placeBuffers(lives: readonly Life[], lowerBound: number): Arena {
  const placer = new Placer(lives);
  let order = lives.toSorted((a, b) => b.length - a.length || a.first - b.first);
  let latest = placer.place(order);
  let best = latest ?? placeInOrderOfTime(lives);
  for (let tries = 1; latest && lengthOf(best) > lowerBound && tries < MOST_TRIES; tries++) {
    const [offsets, end] = [latest, lengthOf(latest)];
    const highest = order.findLast((life) => offsets.get(life)! + life.length === end)!;
    order = [highest, ...order.filter((life) => life !== highest)];
    latest = placer.place(order);
    if (latest && lengthOf(latest) < lengthOf(best)) best = latest;
  }
  return { slots: slotsOf(best), length: lengthOf(best) };
}

/** Where lives begin in the arena. */
type Offsets = ReadonlyMap<Life, number>;

function lengthOf(offsets: Offsets): number {
  let end = 0;
  for (const [{ length }, offset] of offsets) end = Math.max(end, offset + length);
  return end;
}

function slotsOf(offsets: Offsets): Map<Node, Slot> {
  const slots = new Map<Node, Slot>();
  for (const [{ values, length }, offset] of offsets)
    for (const value of values) slots.set(value, { offset, length });
  return slots;
}

class Placer {
  readonly #steps: number;
  #looksLeft = MOST_LOOKS;

  constructor(lives: readonly Life[]) {
    this.#steps = lives.reduce((most, { last }) => Math.max(most, last + 2), 0);
  }

  /** Undefined when it takes too long. */
  place(lives: readonly Life[]): Offsets | undefined {
    const offsets = new Map<Life, number>();
    // By step, of which −1 is the first: what is placed and begins there, and what is alive there.
    const begins: Slot[][] = Array.from({ length: this.#steps }, () => []);
    const alive: Slot[][] = Array.from({ length: this.#steps }, () => []);
    this.#looksLeft -= this.#steps;
    for (const life of lives) {
      const neighbours = [...alive[life.first + 1]!];
      for (let at = life.first + 2; at <= life.last + 1; at++)
        for (const slot of begins[at]!) neighbours.push(slot);
      this.#looksLeft -= 2 * (life.last - life.first + 1) + neighbours.length;
      if (this.#looksLeft < 0) return undefined;
      const slot = { offset: lowestGap(neighbours, life.length), length: life.length };
      offsets.set(life, slot.offset);
      begins[life.first + 1]!.push(slot);
      for (let at = life.first + 1; at <= life.last + 1; at++) alive[at]!.push(slot);
    }
    return offsets;
  }
}

function lowestGap(taken: readonly Slot[], length: number): number {
  let offset = 0;
  for (const slot of taken.toSorted((a, b) => a.offset - b.offset)) {
    if (slot.offset - offset >= length) break;
    offset = Math.max(offset, slot.offset + slot.length);
  }
  return offset;
}

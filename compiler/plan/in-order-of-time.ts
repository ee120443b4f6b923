// Memory as a heap would give it: each life, when it begins, the lowest gap between those that are alive. This
// takes hardly longer than reading the lives, and where all are of one size no arena is smaller.
import type { Life } from './liveness.ts';

interface Gap {
  offset: number;
  length: number;
}

/** So many gaps are looked at for each life; what fits into none of them goes on top. */
const MOST_GAPS = 1000;

/** The offset of each life. */
export function placeInOrderOfTime(lives: readonly Life[]): ReadonlyMap<Life, number> {
  const offsets = new Map<Life, number>();
  const heap = new Heap();
  const ending = lives.toSorted((a, b) => a.last - b.last);
  let ended = 0;
  for (const life of lives.toSorted((a, b) => a.first - b.first || b.length - a.length)) {
    for (; ending[ended]!.last < life.first; ended++) {
      const { length } = ending[ended]!;
      heap.free({ offset: offsets.get(ending[ended]!)!, length });
    }
    offsets.set(life, heap.take(life.length));
  }
  return offsets;
}

class Heap {
  /** In order of their offsets; no two of them touch. */
  readonly #gaps: Gap[] = [];
  #end = 0;

  /** Takes the lowest place of this length. */
  take(length: number): number {
    const most = Math.min(this.#gaps.length, MOST_GAPS);
    for (let at = 0; at < most; at++) {
      const gap = this.#gaps[at]!;
      if (gap.length < length) continue;
      const { offset } = gap;
      gap.offset += length;
      gap.length -= length;
      if (gap.length === 0) this.#gaps.splice(at, 1);
      return offset;
    }
    const last = this.#gaps.at(-1);
    const isAtEnd = last !== undefined && last.offset + last.length === this.#end;
    const offset = isAtEnd ? last.offset : this.#end;
    if (isAtEnd) this.#gaps.pop();
    this.#end = offset + length;
    return offset;
  }

  free({ offset, length }: Gap): void {
    if (length === 0) return;
    const at = this.#firstBehind(offset);
    const [before, after] = [this.#gaps[at - 1], this.#gaps[at]];
    const joinsBefore = before !== undefined && before.offset + before.length === offset;
    const joinsAfter = after?.offset === offset + length;
    if (joinsBefore) before.length += length + (joinsAfter ? after.length : 0);
    else if (joinsAfter) Object.assign(after, { offset, length: length + after.length });
    else this.#gaps.splice(at, 0, { offset, length });
    if (joinsBefore && joinsAfter) this.#gaps.splice(at, 1);
  }

  #firstBehind(offset: number): number {
    let [low, high] = [0, this.#gaps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#gaps[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

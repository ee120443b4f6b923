// Which values share a buffer. A dispatch may not read and write the same buffer, not even different parts
// of it, so values that live at the same time get different buffers, whole ones: greedy colouring, largest
// values first, so that a buffer is made once in its final size.
import type { Dispatch, Value } from './dispatch.ts';

export interface Buffers {
  /** Bytes of each. */
  readonly sizes: readonly number[];
  indexOf(value: Value): number;
}

/** Dispatches during which a value keeps its memory, both included. */
interface Life {
  readonly value: Value;
  readonly first: number;
  readonly last: number;
}

export function colourBuffers(
  dispatches: readonly Dispatch[],
  inputs: readonly Value[],
  outputs: readonly Value[],
): Buffers {
  const colours: { bytes: number; lives: Life[] }[] = [];
  const indices = new Map<Value, number>();
  const bySize = livesOf(dispatches, inputs, outputs).toSorted(
    (a, b) => b.value.bytes - a.value.bytes || a.first - b.first,
  );
  for (const life of bySize) {
    const free = colours.findIndex(({ lives }) => lives.every((other) => !overlap(life, other)));
    const index = free < 0 ? colours.push({ bytes: life.value.bytes, lives: [] }) - 1 : free;
    colours[index]!.lives.push(life);
    indices.set(life.value, index);
  }
  return {
    sizes: colours.map(({ bytes }) => bytes),
    indexOf: (value) => indices.get(value)!, // every value is read, written, or given
  };
}

const overlap = (a: Life, b: Life): boolean => a.first <= b.last && b.first <= a.last;

function livesOf(
  dispatches: readonly Dispatch[],
  inputs: readonly Value[],
  outputs: readonly Value[],
): readonly Life[] {
  const lives = new Map<Value, { first: number; last: number }>();
  const touch = (value: Value, step: number) => {
    const life = lives.get(value);
    if (life) life.last = step;
    else lives.set(value, { first: step, last: step });
  };
  for (const value of inputs) touch(value, -1);
  for (const [step, { reads, writes }] of dispatches.entries()) {
    for (const source of reads) if (source.kind === 'value') touch(source, step);
    touch(writes, step);
  }
  for (const value of outputs) touch(value, dispatches.length);
  return [...lives].map(([value, { first, last }]) => ({ value, first, last }));
}

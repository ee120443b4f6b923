// Strips: a thread computes results below each other, some rows of its columns. What it finds out once holds for
// all of them, and rows that it has read serve the next result too.
import type { DispatchParts } from '../dispatch.ts';

/** What is to be cut into strips. */
export interface Columns {
  readonly batch: number;
  readonly rows: number;
  /** Threads side by side: vectors of channels, or channels, × columns. */
  readonly across: readonly [vectors: number, columns: number];
}

type Strips = Pick<DispatchParts, 'sizes' | 'threads'>;

const ENOUGH_THREADS = {
  /** Below this a GPU waits for memory. */
  hardware: 8192,
  /** Below this a processor that imitates one has idle cores. It likes long strips: starting a thread is dear. */
  software: 1024,
};

/** The longest strips that leave enough threads. */
export function inStrips(
  { batch, rows, across: [vectors, columns] }: Columns,
  gpu: keyof typeof ENOUGH_THREADS,
): Strips {
  const longest = Math.max(1, Math.floor((batch * rows * vectors * columns) / ENOUGH_THREADS[gpu]));
  const strips = Math.ceil(rows / longest);
  return {
    sizes: { across: columns, strips, strip_rows: Math.ceil(rows / strips) },
    threads: [vectors, batch * strips * columns],
  };
}

/** Declares `image`, `column`, and the rows from `begin` to `end`. `shape` has what `inStrips` gives, and `rows`. */
export const STRIP = `\
let column = thread.y % shape.across;
let strip = thread.y / shape.across;
let image = strip / shape.strips;
let begin = strip % shape.strips * shape.strip_rows;
let end = min(begin + shape.strip_rows, shape.rows);`;

// Heights. dagre says what stands in which rank; here each rank becomes a row, as high as what is in it, with room
// above and below for edges and names of frames and for arrows that spread or meet.

/** Something that stands in a row. */
export interface InRow {
  /** dagre's height of the rank, which is that of no other. */
  readonly rank: number;
  readonly height: number;
  /** What is kept free above it and below. */
  readonly above: number;
  readonly below: number;
}

export interface Row {
  readonly middle: number;
  readonly height: number;
}

export interface Rows {
  /** The row of a rank. */
  readonly rowOf: (rank: number) => Row;
  /** Of all rows. */
  readonly height: number;
}

/** Free space between rows, and around all of them. */
const SPACE = { between: 11, around: 24 } as const;

export function rowsOf(contents: readonly InRow[]): Rows {
  const rows = new Map<number, InRow>();
  for (const next of contents) {
    const row = rows.get(next.rank) ?? next;
    rows.set(next.rank, {
      rank: next.rank,
      height: Math.max(row.height, next.height),
      above: Math.max(row.above, next.above),
      below: Math.max(row.below, next.below),
    });
  }
  const placed = new Map<number, Row>();
  let end = SPACE.around - SPACE.between;
  for (const { rank, height, above, below } of [...rows.values()].toSorted((a, b) => a.rank - b.rank)) {
    const top = end + SPACE.between + above;
    placed.set(rank, { middle: top + height / 2, height });
    end = top + height + below;
  }
  return { rowOf: (rank) => placed.get(rank)!, height: end + SPACE.around };
}

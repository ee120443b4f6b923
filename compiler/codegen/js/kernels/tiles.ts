/** A stretch that is cut into tiles of one size. */
export interface TileRun {
  readonly size: number;
  readonly begin: number;
  readonly end: number;
}

/** Whole tiles of `size`, then one for the rest. */
export function tileRuns(length: number, size: number): TileRun[] {
  const rest = length % size;
  const runs = [
    { size, begin: 0, end: length - rest },
    { size: rest, begin: length - rest, end: length },
  ];
  return runs.filter(({ begin, end }) => begin < end);
}

/** 0, 1, …, length − 1 */
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

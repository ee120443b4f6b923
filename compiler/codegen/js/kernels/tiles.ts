/** A stretch that is cut into tiles of one size. */
export interface TileRun {
  readonly size: number;
  readonly begin: number;
  readonly end: number;
}

/** Whole tiles of `size`, then one for the rest; a rest of one is evened out with the tile before it. */
export function tileRuns(length: number, size: number): TileRun[] {
  const rest = length % size;
  const isLonely = rest === 1 && length > size && size > 2;
  const whole = length - rest - (isLonely ? size : 0);
  const last = length - whole;
  const tail = isLonely ? [Math.ceil(last / 2), Math.floor(last / 2)] : [last];
  const sizes = [...range(whole / size).map(() => size), ...tail].filter((each) => each > 0);
  let begin = 0;
  const runs: TileRun[] = [];
  for (const each of sizes) {
    const end = begin + each;
    const previous = runs.at(-1);
    if (previous?.size === each) runs[runs.length - 1] = { ...previous, end };
    else runs.push({ size: each, begin, end });
    begin = end;
  }
  return runs;
}

/** 0, 1, …, length − 1 */
export const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

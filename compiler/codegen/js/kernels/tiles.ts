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
  const runs: TileRun[] = whole > 0 ? [{ size, begin: 0, end: whole }] : [];
  for (const each of tail) {
    if (each === 0) continue;
    const previous = runs.at(-1);
    const begin = previous?.end ?? 0;
    const end = begin + each;
    if (previous?.size === each) runs[runs.length - 1] = { ...previous, end };
    else runs.push({ size: each, begin, end });
  }
  return runs;
}

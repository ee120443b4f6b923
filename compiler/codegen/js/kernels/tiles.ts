import { sumOf } from './terms.ts';

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

/** A statement for every tile of a run; `name` is where it begins, counted from `first` on. */
export const forTiles = (
  { name, first = 0 }: { readonly name: string; readonly first?: string | number },
  { size, begin, end }: TileRun,
  statement: string,
): string =>
  `for (let ${name} = ${sumOf(first, begin)}; ${name} < ${sumOf(first, end)}; ${name} += ${size}) ${statement}`;

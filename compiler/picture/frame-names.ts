// Where the name of a frame stands: at its upper edge, as far to the left as nothing runs through it.
import { spotsOn, type Point, type Rectangle } from './geometry.ts';

/** Free space beside a name. */
const MARGIN = { frame: 9, line: 5 } as const;

/** What stands in the way of names. */
interface Obstacles {
  readonly arrows: readonly { readonly points: readonly Point[] }[];
  readonly labels: readonly Rectangle[];
}

/** A function from the band of a frame in which its name stands, and the name's width, to the name's left end. */
export function roomOf({ arrows, labels }: Obstacles): (band: Rectangle, width: number) => number {
  const pieces = arrows.flatMap(({ points }) => {
    const spots = spotsOn(points);
    return spots.slice(1).map((to, at) => around(spots[at]!, to));
  });
  const obstacles = [...pieces, ...labels].toSorted((a, b) => a.x - b.x);
  return (band, width) => {
    const first = band.x + MARGIN.frame;
    let left = first;
    for (const each of obstacles) {
      if (each.y + each.height < band.y || each.y > band.y + band.height) continue;
      if (each.x - MARGIN.line >= left + width) break;
      left = Math.max(left, each.x + each.width + MARGIN.line);
    }
    return left + width <= band.x + band.width ? left : first;
  };
}

const around = (a: Point, b: Point): Rectangle => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

// How arrows run: they leave a box at its lower edge and enter one at its upper edge, side by side in the order in
// which they come, each with a head of its own; and beside boxes and labels they run straight down.
import type { Point, Rectangle } from './geometry.ts';
import type { Rows } from './rows.ts';
import type { Arrow } from './scene.ts';

/** The room of an arrow's head. */
const HEAD = { width: 12, height: 10 } as const;

/** How far above and below a row arrows run straight down already. */
const STRAIGHT = 5;

/** How wide a box is at least, into which so many arrows run. */
export const widthForArrows = (arrows: number): number => (arrows < 2 ? 0 : (arrows + 1) * HEAD.width);

/** The height in which arrows spread from a box, or meet at one, whose courses are so far to its left or right. */
export function roomToSpread(distances: readonly number[]): number {
  if (distances.length < 2) return 0;
  return 10 + 2 * distances.length + Math.min(40, Math.max(...distances) / 12);
}

/** Arrows by the boxes which they leave or enter. */
export function arrowsBy<A extends Arrow>(
  arrows: readonly A[],
  end: 'from' | 'to',
): ReadonlyMap<string, readonly A[]> {
  const by = new Map<string, A[]>();
  for (const arrow of arrows) {
    const known = by.get(arrow[end]);
    if (known) known.push(arrow);
    else by.set(arrow[end], [arrow]);
  }
  return by;
}

interface Surroundings {
  /** With how far arrows run straight down below them, out of frames. */
  readonly boxes: readonly { readonly id: string; readonly at: Rectangle; readonly straight: number }[];
  /** Where a rank is in the picture. */
  readonly rowOf: Rows['rowOf'];
}

/** An arrow with a point in each rank between its boxes. */
type Ranked = Arrow & { readonly points: readonly Point[] };

/** Arrows with points for `bendsOf`. */
export function drawArrows<A extends Ranked>(arrows: readonly A[], { boxes, rowOf }: Surroundings): A[] {
  const places = new Map(boxes.map((box) => [box.id, box]));
  const starts = endsOf(arrows, 'from', boxes);
  const ends = endsOf(arrows, 'to', boxes);
  return arrows.map((arrow) => {
    const [start, end] = [starts.get(arrow)!, ends.get(arrow)!];
    const between = arrow.points.flatMap(({ x, y }) => {
      const { middle, height } = rowOf(y);
      const half = height / 2 + STRAIGHT;
      return [
        { x, y: middle - half },
        { x, y: middle + half },
      ];
    });
    const leaving = { ...start, y: start.y + places.get(arrow.from)!.straight + HEAD.height };
    const entering = { ...end, y: end.y - HEAD.height };
    return { ...arrow, points: [start, leaving, ...between, entering, end] };
  });
}

/** Where arrows leave their boxes or enter them. */
function endsOf<A extends Ranked>(
  arrows: readonly A[],
  end: 'from' | 'to',
  boxes: Surroundings['boxes'],
): ReadonlyMap<A, Point> {
  const places = new Map(boxes.map(({ id, at }) => [id, at]));
  const next = end === 'from' ? 0 : -1;
  const found = new Map<A, Point>();
  for (const [id, together] of arrowsBy(arrows, end)) {
    const { x, y, width, height } = places.get(id)!;
    const inOrder = together.toSorted((a, b) => a.points.at(next)!.x - b.points.at(next)!.x);
    for (const [at, arrow] of inOrder.entries())
      found.set(arrow, {
        x: x + (width * (at + 1)) / (together.length + 1),
        y: end === 'from' ? y + height : y,
      });
  }
  return found;
}

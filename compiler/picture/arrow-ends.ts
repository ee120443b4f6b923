// Arrows into one box end side by side at its upper edge, in the order in which they come, and never in one head.
import type { Point, Rectangle } from './geometry.ts';
import type { Arrow } from './scene.ts';

/** The room of an arrow's head. */
const HEAD = { width: 12, height: 10 } as const;

/** How wide a box is at least, into which so many arrows run. */
export const widthForHeads = (arrows: number): number => (arrows < 2 ? 0 : (arrows + 1) * HEAD.width);

/** Arrows by the boxes into which they run. */
export function arrowsInto<A extends Arrow>(arrows: readonly A[]): ReadonlyMap<string, readonly A[]> {
  const into = new Map<string, A[]>();
  for (const arrow of arrows) {
    const known = into.get(arrow.to);
    if (known) known.push(arrow);
    else into.set(arrow.to, [arrow]);
  }
  return into;
}

type Drawn = Arrow & { readonly points: readonly Point[] };

export function endsApart<A extends Drawn>(
  arrows: readonly A[],
  boxes: readonly { readonly id: string; readonly at: Rectangle }[],
): A[] {
  const places = new Map(boxes.map(({ id, at }) => [id, at]));
  const ends = new Map<A, Point>();
  for (const [id, into] of arrowsInto(arrows)) {
    if (into.length < 2) continue;
    const { x, y, width } = places.get(id)!;
    const inOrder = into.toSorted((a, b) => a.points.at(-2)!.x - b.points.at(-2)!.x);
    for (const [at, arrow] of inOrder.entries())
      ends.set(arrow, { x: x + (width * (at + 1)) / (into.length + 1), y });
  }
  return arrows.map((arrow) => {
    const end = ends.get(arrow);
    if (!end) return arrow;
    return { ...arrow, points: [...arrow.points.slice(0, -1), { ...end, y: end.y - HEAD.height }, end] };
  });
}

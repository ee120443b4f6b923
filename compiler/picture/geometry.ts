// Points, rectangles, and how an arrow runs: a smooth line through the middles between its points, each of which
// bends it.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its upper left corner. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** A quadratic Bézier curve, from where the one before it ends. */
export interface Bend {
  readonly control: Point;
  readonly end: Point;
}

/** Between two points it is straight. */
export function bendsOf(points: readonly Point[]): Bend[] {
  return points.slice(1, -1).map((control, at) => {
    const next = points[at + 2]!;
    return { control, end: at + 3 === points.length ? next : middle(control, next) };
  });
}

/** Points on the line, so near to each other that it is as good as straight between them. */
export function spotsOn(points: readonly Point[]): Point[] {
  let start = points[0]!;
  const bends = bendsOf(points);
  if (bends.length === 0) return [...points];
  const spots = [start];
  for (const { control, end } of bends) {
    for (let i = 1; i <= STEPS; i++) {
      const t = i / STEPS;
      spots.push(between(between(start, control, t), between(control, end, t), t));
    }
    start = end;
  }
  return spots;
}

const STEPS = 8;

const between = (a: Point, b: Point, t: number): Point => ({
  x: a.x + t * (b.x - a.x),
  y: a.y + t * (b.y - a.y),
});

const middle = (a: Point, b: Point): Point => between(a, b, 0.5);

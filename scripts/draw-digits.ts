// Draws the digits of examples/digits/: strokes through a few points each, with a round pen, on 28×28
// pixels, white on black, fitted into 20×20 and centred by mass as the pictures of MNIST are.
//
//   npx node scripts/draw-digits.ts
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';

type Point = readonly [x: number, y: number];
/** Points that the pen passes through in one curve, without being lifted. */
type Stroke = readonly Point[];

interface Drawing {
  readonly strokes: readonly Stroke[];
  /** Degrees; positive leans the digit to the right. */
  readonly slant?: number;
  /** Degrees, clockwise. */
  readonly turn?: number;
  /** Radius of the pen in pixels. */
  readonly pen?: number;
}

const SIZE = 28;
const BOX = 20;
const PEN = 1.3;
/** Samples per pixel in each direction, for soft edges. */
const SAMPLES = 6;

/** Coordinates as on paper: x to the right, y down, about 20 units high. */
// prettier-ignore
const DRAWINGS: Readonly<Record<string, Drawing>> = {
  '0-a': { slant: 8, strokes: [[[10, 1], [5, 4], [3, 10], [5, 16], [10, 19], [15, 15], [16, 9], [14, 4], [10, 1], [8, 1.5]]] },
  '1-a': { slant: 9, strokes: [[[10, 1], [9.8, 7], [10.1, 13], [10, 19]]] },
  '1-b': { turn: 3, pen: 1.4, strokes: [[[6.5, 5.5], [8.5, 3.5], [10, 1]], [[10, 1], [10.2, 10], [10, 19]]] },
  '2-a': { slant: 6, strokes: [[[4, 5], [6, 2], [10, 1], [14, 3], [14, 7], [11, 12], [7, 16], [3, 19]], [[3, 19], [9, 18.2], [16, 19]]] },
  '2-b': { turn: -4, strokes: [[[4, 4], [8, 1], [13, 3], [13, 8], [9, 14], [5, 18], [3, 17], [5, 15.5], [9, 17.5], [13, 19], [16, 17.5]]] },
  '3-a': { slant: 5, strokes: [[[4, 3], [8, 1], [13, 2], [14, 6], [12, 9], [8, 10]], [[8, 10], [13, 11], [15, 14], [13, 18], [8, 19], [3, 17]]] },
  '4-a': { slant: 6, strokes: [[[5.5, 1], [4.5, 6], [3, 11.5]], [[3, 11.5], [9, 11.3], [16, 10.5]], [[13, 2], [12.3, 10], [12, 19]]] },
  '4-b': { turn: 3, strokes: [[[12, 1], [8, 6], [3, 12.5]], [[3, 12.5], [9, 12.5], [16, 12]], [[12, 1], [12, 10], [11.5, 19]]] },
  '5-a': { slant: 8, strokes: [[[15, 1], [10, 1.3], [5, 1.5]], [[5, 1.5], [4.7, 5], [4.5, 9]], [[4.5, 9], [8, 7.5], [13, 9], [15, 13], [13, 17], [8, 19], [3, 17.5]]] },
  '6-a': { slant: 4, strokes: [[[13, 1], [8, 5], [5, 11], [5, 16], [9, 19], [13, 17.5], [14, 14], [11, 11.2], [7, 12.5], [5, 15.5]]] },
  '7-a': { slant: 4, strokes: [[[3, 2.5], [9, 2], [15, 1.5]], [[15, 1.5], [12, 8], [9.5, 13.5], [8, 19]]] },
  '7-b': { turn: 4, strokes: [[[3, 3.5], [4, 1.8], [9, 2], [15, 1.5]], [[15, 1.5], [12.5, 7], [10.5, 13], [9.5, 19]], [[6.5, 10], [10, 9.6], [14.5, 9.5]]] },
  '8-a': { slant: 7, strokes: [[[13, 4], [10, 1], [6, 2], [5, 5], [8, 8.5], [13, 12], [14, 16], [10, 19], [6, 17.5], [5, 14], [8, 11], [12, 7.5], [13, 4]]] },
  '9-a': { slant: 3, strokes: [[[14, 4], [11, 1.3], [7, 2], [5, 5.5], [7, 9.3], [11, 8.8], [14, 4]], [[14, 4], [13.7, 11], [12.5, 19]]] },
};

const degrees = (angle: number): number => (angle * Math.PI) / 180;

/** Leans and turns about the middle of the drawing. */
function distort([x, y]: Point, { slant = 0, turn = 0 }: Drawing): Point {
  const [dx, dy] = [x - 10 - (y - 10) * Math.tan(degrees(slant)), y - 10];
  const [cos, sin] = [Math.cos(degrees(turn)), Math.sin(degrees(turn))];
  return [dx * cos - dy * sin, dx * sin + dy * cos];
}

/** A Catmull-Rom curve through the points, as a polyline. */
function curve(points: Stroke, steps = 16): Stroke {
  const at = (i: number): Point => points[Math.min(Math.max(i, 0), points.length - 1)]!;
  const line: Point[] = [at(0)];
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      const along = (axis: 0 | 1): number =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t ** 2 +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t ** 3);
      line.push([along(0), along(1)]);
    }
  }
  return line;
}

/** Scales the lines so that the ink, pen included, fills the box in its longer direction. */
function fitIntoBox(lines: readonly Stroke[], pen: number): readonly Stroke[] {
  const [xs, ys] = ([0, 1] as const).map((axis) => lines.flat().map((point) => point[axis]));
  const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const scale = (BOX - 2 * pen) / Math.max(extent(xs!), extent(ys!));
  return lines.map((line) => line.map(([x, y]): Point => [x * scale, y * scale]));
}

/** Distance from a place to the segment from a to b. */
function distanceTo([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length2));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/** Grey values of the lines drawn with a round pen, their origin at `center`. */
function rasterize(lines: readonly Stroke[], pen: number, center: Point): Uint8Array {
  const isInk = (place: Point): boolean =>
    lines.some((line) => line.some((point, i) => distanceTo(place, point, line[i + 1] ?? point) <= pen));
  return Uint8Array.from({ length: SIZE * SIZE }, (_, pixel) => {
    let inked = 0;
    for (let sample = 0; sample < SAMPLES ** 2; sample++) {
      const x = (pixel % SIZE) + ((sample % SAMPLES) + 0.5) / SAMPLES - center[0];
      const y = Math.floor(pixel / SIZE) + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - center[1];
      if (isInk([x, y])) inked++;
    }
    return Math.round((255 * inked) / SAMPLES ** 2);
  });
}

function centerOfMass(grey: Uint8Array): Point {
  const sum = (weigh: (pixel: number) => number): number =>
    grey.reduce((total, value, pixel) => total + value * weigh(pixel), 0);
  const mass = sum(() => 1);
  return [sum((pixel) => (pixel % SIZE) + 0.5) / mass, sum((pixel) => Math.floor(pixel / SIZE) + 0.5) / mass];
}

function draw(drawing: Drawing): Uint8Array {
  const pen = drawing.pen ?? PEN;
  const lines = fitIntoBox(
    drawing.strokes.map((stroke) => curve(stroke.map((point) => distort(point, drawing)))),
    pen,
  );
  const middle: Point = [SIZE / 2, SIZE / 2];
  const [x, y] = centerOfMass(rasterize(lines, pen, middle));
  return rasterize(lines, pen, [SIZE - x, SIZE - y]);
}

const folder = join(import.meta.dirname, '../examples/digits');
for (const [name, drawing] of Object.entries(DRAWINGS)) {
  const png = encode({ width: SIZE, height: SIZE, channels: 1, depth: 8, data: draw(drawing) });
  await writeFile(join(folder, `${name}.png`), png);
}
console.log(`${Object.keys(DRAWINGS).length} digits in ${folder}`);

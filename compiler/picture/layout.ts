// A scene → places. The layout is dagre's (layered, after Sugiyama and Gansner); we give it the sizes.
import { Graph, layout } from '@dagrejs/dagre';
import { arrowsBy, drawArrows, roomToSpread, widthForArrows } from './arrow-courses.ts';
import { roomOf } from './frame-names.ts';
import type { Point, Rectangle } from './geometry.ts';
import { orderArms } from './order-arms.ts';
import { rowsOf, type InRow, type Rows } from './rows.ts';
import type { Arrow, Box, Frame, Scene } from './scene.ts';

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (Box & { readonly at: Rectangle })[];
  readonly frames: readonly (Frame & { readonly at: Rectangle; readonly nameAt: Point })[];
  readonly arrows: readonly (Arrow & { readonly points: readonly Point[]; readonly labelAt: Rectangle })[];
}

/** Widths of text in the fonts of svg.ts, near enough for boxes around it. */
const CHARACTER = { title: 7.6, detail: 6.3, label: 7, name: 6.6 } as const;
const BOX = { least: 72, padding: 14, line: 17, height: 26 } as const;
const FRAME = { above: 25, below: 11, margin: 9 } as const;
const LABEL_HEIGHT = 14;
/** Of a frame's name: the band below the frame's upper edge, and its base line in there. */
const NAME = { above: 3, height: 16, base: 15 } as const;

export function place(scene: Scene): Placed {
  const around = framesAround(scene);
  const ranked = rank(scene, around);
  const kept = spaceAround(ranked, around);
  const { rowOf, height } = rowsInto(ranked, kept);
  const boxes = ranked.boxes.map(({ x, y, size, ...box }) => ({
    ...box,
    at: { x: x - size.width / 2, y: rowOf(y).middle - size.height / 2, ...size },
  }));
  const courses = drawArrows(ranked.arrows, {
    boxes: boxes.map(({ id, at }) => ({ id, at, straight: kept.get(id)!.framesBelow })),
    rowOf,
  });
  const arrows = courses.map(({ x, y, ...arrow }) => {
    const width = arrow.label.length * CHARACTER.label;
    const top = rowOf(y).middle - LABEL_HEIGHT / 2;
    return { ...arrow, labelAt: { x: x - width / 2, y: top, width, height: LABEL_HEIGHT } };
  });
  const frames = named(placeFrames(ranked.frames, boxes), arrows);
  return { width: ranked.width, height, boxes, frames, arrows };
}

type Size = Pick<Rectangle, 'width' | 'height'>;

/** A scene as dagre has it: what is `y` here tells ranks apart, and nothing else. */
interface Ranked {
  readonly width: number;
  readonly boxes: readonly (Box & Point & { readonly size: Size })[];
  readonly frames: readonly (Frame & { readonly x: number; readonly width: number })[];
  /** With the middle of their labels; of the points only those between the two ends. */
  readonly arrows: readonly (Arrow & Point & { readonly points: readonly Point[] })[];
}

/** Brings boxes and bends of arrows into ranks, and into an order there. */
function rank(scene: Scene, around: FramesAround): Ranked {
  // dagre keeps nodes in plain objects, where a layer called `constructor` would meet what is there already.
  const boxIds = numbered('n', scene.boxes);
  const frameIds = numbered('f', scene.frames);
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, edgesep: 18, marginx: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of scene.frames) graph.setNode(frameIds(frame.id), {});
  const sizeOf = sizes(scene);
  const room = roomForNames(scene, around);
  for (const box of scene.boxes) {
    const { width, height } = sizeOf(box);
    graph.setNode(boxIds(box.id), { width: Math.max(width, 2 * (room.get(box.id) ?? 0)), height });
  }
  for (const { id, frame } of scene.frames)
    if (frame !== undefined) graph.setParent(frameIds(id), frameIds(frame));
  for (const { id, frame } of scene.boxes)
    if (frame !== undefined) graph.setParent(boxIds(id), frameIds(frame));
  for (const [at, { from, to, label }] of scene.arrows.entries()) {
    const space = { width: label.length * CHARACTER.label, height: LABEL_HEIGHT, labelpos: 'r' };
    graph.setEdge(boxIds(from), boxIds(to), space, String(at));
  }
  layout(graph, { customOrder: orderArms });

  const { width = 0 } = graph.graph();
  return {
    width,
    boxes: scene.boxes.map((box) => {
      const { x, y } = graph.node(boxIds(box.id)) as Point;
      return { ...box, x, y, size: sizeOf(box) };
    }),
    frames: scene.frames.map((frame) => {
      const { x, width: wide } = graph.node(frameIds(frame.id)) as Rectangle;
      return { ...frame, x: x - wide / 2, width: wide };
    }),
    arrows: scene.arrows.map((arrow, at) => {
      const { points, x, y } = graph.edge(boxIds(arrow.from), boxIds(arrow.to), String(at));
      return { ...arrow, x, y, points: points.slice(1, -1) };
    }),
  };
}

/** What is kept free around a box: for the frames that begin or end there, and for its arrows. */
interface Kept {
  readonly above: number;
  readonly framesBelow: number;
  readonly below: number;
}

function spaceAround({ boxes, arrows }: Ranked, around: FramesAround): ReadonlyMap<string, Kept> {
  const extent = new Map<Frame, { first: number; last: number }>();
  for (const { id, y } of boxes)
    for (const frame of around(id)) {
      const { first, last } = extent.get(frame) ?? { first: y, last: y };
      extent.set(frame, { first: Math.min(first, y), last: Math.max(last, y) });
    }
  const [out, into] = [arrowsBy(arrows, 'from'), arrowsBy(arrows, 'to')];
  return new Map(
    boxes.map(({ id, x, y }) => {
      const begin = around(id).filter((frame) => extent.get(frame)!.first === y).length;
      const framesBelow = FRAME.below * around(id).filter((frame) => extent.get(frame)!.last === y).length;
      const toSpread = (some: Ranked['arrows'] = [], end: 0 | -1) =>
        roomToSpread(some.map(({ points }) => Math.abs(points.at(end)!.x - x)));
      const above = begin * FRAME.above + toSpread(into.get(id), -1);
      return [id, { above, framesBelow, below: framesBelow + toSpread(out.get(id), 0) }];
    }),
  );
}

/** The heights of ranks. */
function rowsInto({ boxes, arrows }: Ranked, kept: ReadonlyMap<string, Kept>): Rows {
  const line = { height: 0, above: 0, below: 0 };
  return rowsOf([
    ...boxes.map(({ id, y, size }): InRow => ({ ...line, rank: y, height: size.height, ...kept.get(id)! })),
    ...arrows.flatMap(({ points }) => points.map(({ y }): InRow => ({ ...line, rank: y }))),
    ...arrows.map(({ y }): InRow => ({ ...line, rank: y, height: LABEL_HEIGHT })),
  ]);
}

type FramesAround = (box: string) => readonly Frame[];

/** The frames that a box stands in, from the inside out. */
function framesAround({ boxes, frames }: Scene): FramesAround {
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const frameOf = new Map(boxes.map(({ id, frame }) => [id, frame]));
  return (box) => {
    const found: Frame[] = [];
    for (let id = frameOf.get(box); id !== undefined; id = found.at(-1)!.frame) found.push(byId.get(id)!);
    return found;
  };
}

/**
 * How far to the left of a box room is needed for the names of the frames that its arrows enter. Names stand on
 * the left, so the first box that is entered makes the room.
 */
function roomForNames({ arrows }: Scene, around: FramesAround): ReadonlyMap<string, number> {
  const room = new Map<string, number>();
  const done = new Set<Frame>();
  for (const { from, to } of arrows) {
    const outside = new Set(around(from));
    for (const frame of around(to)) {
      if (outside.has(frame) || done.has(frame)) continue;
      done.add(frame);
      room.set(to, Math.max(room.get(to) ?? 0, frame.title.length * CHARACTER.name + FRAME.margin));
    }
  }
  return room;
}

/** Names of our own for some things, by their ids. */
function numbered(prefix: string, things: readonly { readonly id: string }[]): (id: string) => string {
  const names = new Map(things.map(({ id }, at) => [id, `${prefix}${at + 1}`]));
  return (id) => names.get(id)!;
}

/** Frames are as wide as dagre has them, and as high as their titles need, the inner ones first. */
function placeFrames(
  frames: Ranked['frames'],
  boxes: Placed['boxes'],
): (Frame & { readonly at: Rectangle })[] {
  const inside = new Map<string, Rectangle[]>(frames.map(({ id }) => [id, []]));
  for (const { frame, at } of boxes) if (frame !== undefined) inside.get(frame)!.push(at);
  const placed = frames.toReversed().map((frame) => {
    const members = inside.get(frame.id)!;
    const top = Math.min(...members.map(({ y }) => y)) - FRAME.above;
    const bottom = Math.max(...members.map(({ y, height }) => y + height)) + FRAME.below;
    const at = { x: frame.x, width: frame.width, y: top, height: bottom - top };
    if (frame.frame !== undefined) inside.get(frame.frame)!.push(at);
    return { ...frame, at };
  });
  return placed.toReversed();
}

/** Names stand where no arrow and no label is. */
function named(frames: readonly (Frame & { readonly at: Rectangle })[], arrows: Placed['arrows']) {
  const labels = arrows.filter(({ label }) => label !== '').map(({ labelAt }) => labelAt);
  const leftOf = roomOf({ arrows, labels });
  return frames.map((frame) => {
    const { x, y, width } = frame.at;
    const band = { x, y: y + NAME.above, width, height: NAME.height };
    return {
      ...frame,
      nameAt: { x: leftOf(band, frame.title.length * CHARACTER.name), y: y + NAME.base },
    };
  });
}

/** How large boxes are: for their texts, and for the arrows that end there. */
function sizes({ arrows }: Scene): (box: Box) => { width: number; height: number } {
  const into = arrowsBy(arrows, 'to');
  return ({ id, title, detail }) => {
    const text = Math.max(title.length * CHARACTER.title, detail.length * CHARACTER.detail);
    const heads = widthForArrows(into.get(id)?.length ?? 0);
    return {
      width: Math.max(BOX.least, heads, Math.round(text) + 2 * BOX.padding),
      height: BOX.height + (detail === '' ? 0 : BOX.line),
    };
  };
}

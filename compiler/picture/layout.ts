// A scene → places. The layout is dagre's (layered, after Sugiyama and Gansner); we give it the sizes.
import { Graph, layout } from '@dagrejs/dagre';
import { arrowsInto, endsApart, widthForHeads } from './arrow-ends.ts';
import { roomOf } from './frame-names.ts';
import type { Point, Rectangle } from './geometry.ts';
import { orderArms } from './order-arms.ts';
import type { Arrow, Box, Frame, Scene } from './scene.ts';

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (Box & { readonly at: Rectangle })[];
  readonly frames: readonly (Frame & { readonly at: Rectangle; readonly nameAt: Point })[];
  readonly arrows: readonly (Arrow & { readonly points: readonly Point[]; readonly labelAt: Point })[];
}

/** Widths of text in the fonts of svg.ts, near enough for boxes around it. */
const CHARACTER = { title: 7.6, detail: 6.3, label: 6, name: 6.6 } as const;
const BOX = { least: 72, padding: 14, line: 17, height: 26 } as const;
const FRAME = { above: 25, below: 11, margin: 9 } as const;
/** What is left of its line is kept further from it: some texts are wider than thought. */
const LABEL = { height: 14, padding: 4 } as const;
/** Of a frame's name: the band below the frame's upper edge, and its base line in there. */
const NAME = { above: 3, height: 16, base: 15 } as const;

export function place(scene: Scene): Placed {
  // dagre keeps nodes in plain objects, where a layer called `constructor` would meet what is there already.
  const boxIds = numbered('n', scene.boxes);
  const frameIds = numbered('f', scene.frames);
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, edgesep: 18, ranksep: 22, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of scene.frames) graph.setNode(frameIds(frame.id), {});
  const around = framesAround(scene);
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
  const isOnTheLeft = leftArms(scene);
  for (const [at, arrow] of scene.arrows.entries()) {
    const { from, to, label } = arrow;
    graph.setEdge(
      boxIds(from),
      boxIds(to),
      {
        width: label.length * CHARACTER.label + (isOnTheLeft(arrow) ? 2 * LABEL.padding : 0),
        height: labelSpace(around(from), around(to)).height,
        labelpos: isOnTheLeft(arrow) ? 'l' : 'r',
      },
      String(at),
    );
  }
  layout(graph, { customOrder: orderArms });

  const rectangle = (id: string): Rectangle => {
    const { x, y, width = 0, height = 0 } = graph.node(id) as Required<Rectangle>;
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const boxes = scene.boxes.map((box) => ({
    ...box,
    at: narrowed(rectangle(boxIds(box.id)), sizeOf(box).width),
  }));
  const bent = scene.arrows.map((arrow, at) => {
    const { points, x, y } = graph.edge(boxIds(arrow.from), boxIds(arrow.to), String(at));
    const { height, above } = labelSpace(around(arrow.from), around(arrow.to));
    return { ...arrow, points, labelAt: { x, y: y - height / 2 + above + LABEL.height / 2 } };
  });
  const arrows = endsApart(bent, boxes);
  const frames = named(
    placeFrames(scene.frames, boxes, (id) => rectangle(frameIds(id))),
    arrows,
  );
  const { width = 0, height = 0 } = graph.graph();
  return { width, height, boxes, frames, arrows };
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

/** A label stands between the frames that its arrow leaves and those that it enters, and on no edge of one. */
function labelSpace(from: readonly Frame[], to: readonly Frame[]): { height: number; above: number } {
  const left = from.filter((frame) => !to.includes(frame)).length;
  const entered = to.filter((frame) => !from.includes(frame)).length;
  const above = left * FRAME.below;
  return { above, height: above + LABEL.height + entered * FRAME.above };
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

/** The middle of a rectangle. */
const narrowed = ({ x, y, width, height }: Rectangle, to: number): Rectangle => ({
  x: x + (width - to) / 2,
  y,
  width: to,
  height,
});

/** Names of our own for some things, by their ids. */
function numbered(prefix: string, things: readonly { readonly id: string }[]): (id: string) => string {
  const names = new Map(things.map(({ id }, at) => [id, `${prefix}${at + 1}`]));
  return (id) => names.get(id)!;
}

/** Frames are as wide as dagre has them, and as high as their titles need, the inner ones first. */
function placeFrames(
  frames: readonly Frame[],
  boxes: Placed['boxes'],
  rectangle: (id: string) => Rectangle,
): (Frame & { readonly at: Rectangle })[] {
  const inside = new Map<string, Rectangle[]>(frames.map(({ id }) => [id, []]));
  for (const { frame, at } of boxes) if (frame !== undefined) inside.get(frame)!.push(at);
  const placed = frames.toReversed().map((frame) => {
    const members = inside.get(frame.id)!;
    const top = Math.min(...members.map(({ y }) => y)) - FRAME.above;
    const bottom = Math.max(...members.map(({ y, height }) => y + height)) + FRAME.below;
    const at = { ...rectangle(frame.id), y: top, height: bottom - top };
    if (frame.frame !== undefined) inside.get(frame.frame)!.push(at);
    return { ...frame, at };
  });
  return placed.toReversed();
}

/** Names stand where no arrow and no label is. */
function named(frames: readonly (Frame & { readonly at: Rectangle })[], arrows: Placed['arrows']) {
  const labels = arrows
    .filter(({ label }) => label !== '')
    .map(({ label, labelAt: { x, y } }) => {
      const width = label.length * CHARACTER.label;
      return { x: x - width / 2, y: y - LABEL.height / 2, width, height: LABEL.height };
    });
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

/** Whether an arrow comes to a merge from the left, as `orderArms` puts it: its label is out of its way there. */
function leftArms({ arrows }: Scene): (arrow: Arrow) => boolean {
  const into = arrowsInto(arrows);
  return (arrow) => {
    const arms = into.get(arrow.to)!;
    return arms.indexOf(arrow) < (arms.length - 1) / 2;
  };
}

/** How large boxes are: for their texts, and for the arrows that end there. */
function sizes({ arrows }: Scene): (box: Box) => { width: number; height: number } {
  const into = arrowsInto(arrows);
  return ({ id, title, detail }) => {
    const text = Math.max(title.length * CHARACTER.title, detail.length * CHARACTER.detail);
    const heads = widthForHeads(into.get(id)?.length ?? 0);
    return {
      width: Math.max(BOX.least, heads, Math.round(text) + 2 * BOX.padding),
      height: BOX.height + (detail === '' ? 0 : BOX.line),
    };
  };
}

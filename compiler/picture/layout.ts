// A scene → places. The layout is dagre's (layered, after Sugiyama and Gansner); we give it the sizes.
import { Graph, layout } from '@dagrejs/dagre';
import type { Arrow, Box, Frame, Scene } from './scene.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle by its upper left corner. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (Box & { readonly at: Rectangle })[];
  readonly frames: readonly (Frame & { readonly at: Rectangle })[];
  readonly arrows: readonly (Arrow & { readonly points: readonly Point[]; readonly labelAt: Point })[];
}

/** Widths of text in the fonts of svg.ts, near enough for boxes around it. */
const CHARACTER = { title: 7.6, detail: 6.3, label: 6 } as const;
const BOX = { least: 72, padding: 14, line: 17, height: 26 } as const;
const FRAME = { above: 25, below: 11 } as const;

export function place(scene: Scene): Placed {
  // dagre keeps nodes in plain objects, where a layer called `constructor` would meet what is there already.
  const boxIds = numbered('n', scene.boxes);
  const frameIds = numbered('f', scene.frames);
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, edgesep: 18, ranksep: 22, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of scene.frames) graph.setNode(frameIds(frame.id), {});
  for (const box of scene.boxes) graph.setNode(boxIds(box.id), sizeOf(box));
  for (const { id, frame } of scene.frames)
    if (frame !== undefined) graph.setParent(frameIds(id), frameIds(frame));
  for (const { id, frame } of scene.boxes)
    if (frame !== undefined) graph.setParent(boxIds(id), frameIds(frame));
  for (const [at, { from, to, label }] of scene.arrows.entries())
    graph.setEdge(
      boxIds(from),
      boxIds(to),
      { width: label.length * CHARACTER.label, height: 14, labelpos: 'r' },
      String(at),
    );
  layout(graph);

  const rectangle = (id: string): Rectangle => {
    const { x, y, width = 0, height = 0 } = graph.node(id) as Required<Rectangle>;
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const boxes = scene.boxes.map((box) => ({ ...box, at: rectangle(boxIds(box.id)) }));
  const frames = placeFrames(scene.frames, boxes, (id) => rectangle(frameIds(id)));
  const arrows = scene.arrows.map((arrow, at) => {
    const { points, x, y } = graph.edge(boxIds(arrow.from), boxIds(arrow.to), String(at));
    return { ...arrow, points, labelAt: { x, y } };
  });
  const { width = 0, height = 0 } = graph.graph();
  return { width, height, boxes, frames, arrows };
}

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
): Placed['frames'] {
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

function sizeOf({ title, detail }: Box): { width: number; height: number } {
  const text = Math.max(title.length * CHARACTER.title, detail.length * CHARACTER.detail);
  return {
    width: Math.max(BOX.least, Math.round(text) + 2 * BOX.padding),
    height: BOX.height + (detail === '' ? 0 : BOX.line),
  };
}

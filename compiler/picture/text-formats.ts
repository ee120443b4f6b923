// A scene as text for other tools: Graphviz' DOT and Mermaid. They make their own layout.
import type { Box, Frame, Scene } from './scene.ts';

type Inside = (frame: string | undefined) => { boxes: readonly Box[]; frames: readonly Frame[] };

const insideOf =
  ({ boxes, frames }: Scene): Inside =>
  (frame) => ({
    boxes: boxes.filter((box) => box.frame === frame),
    frames: frames.filter((each) => each.frame === frame),
  });

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** For `dot -Tsvg`. */
export function toDot(scene: Scene): string {
  const inside = insideOf(scene);
  const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const body = (frame: string | undefined): string[] => {
    const { boxes, frames } = inside(frame);
    return [
      ...boxes.map(
        ({ id, title, detail }) =>
          `${quote(id)} [label=${quote(detail === '' ? title : `${title}\n${detail}`).replaceAll('\n', '\\n')}]`,
      ),
      ...frames.flatMap(({ id, title }) => [
        `subgraph cluster_${id} {`,
        ...indented([`label=${quote(title)}`, ...body(id)]),
        '}',
      ]),
    ];
  };
  const arrows = scene.arrows.map(({ from, to, label }) => {
    const attributes = label === '' ? '' : ` [label=${quote(label)}]`;
    return `${quote(from)} -> ${quote(to)}${attributes}`;
  });
  const settings = [
    'node [shape=box, style=rounded, fontname="sans-serif"]',
    'edge [fontname="sans-serif", fontsize=10]',
  ];
  return [
    `digraph ${quote(scene.name)} {`,
    ...indented([...settings, ...body(undefined), ...arrows]),
    '}',
    '',
  ].join('\n');
}

/** Mermaid takes labels for HTML, with entities of its own spelling. */
const inMermaid = (text: string): string =>
  text.replaceAll('&', '#amp;').replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('"', '#quot;');

/** For Markdown on GitHub and elsewhere. */
export function toMermaid(scene: Scene): string {
  const inside = insideOf(scene);
  const names = new Map(scene.boxes.map(({ id }, at) => [id, `n${at + 1}`]));
  const quote = (text: string): string => `"${text}"`;
  const body = (frame: string | undefined): string[] => {
    const { boxes, frames } = inside(frame);
    return [
      ...boxes.map(({ id, title, detail }) => {
        const text = `<b>${inMermaid(title)}</b>${detail === '' ? '' : `<br/>${inMermaid(detail)}`}`;
        return `${names.get(id)}(${quote(text)})`;
      }),
      ...frames.flatMap(({ id, title }) => [
        `subgraph ${id} [${quote(inMermaid(title))}]`,
        ...indented(body(id)),
        'end',
      ]),
    ];
  };
  const arrows = scene.arrows.map(({ from, to, label }) => {
    const text = label === '' ? '' : `|${quote(inMermaid(label))}|`;
    return `${names.get(from)} -->${text} ${names.get(to)}`;
  });
  return ['flowchart TD', ...indented([...body(undefined), ...arrows]), ''].join('\n');
}

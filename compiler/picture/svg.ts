// A placed scene → SVG. Colours follow the reader's light or dark scheme; there is no script in it.
import { code, lines } from '../support/code.ts';
import { bendsOf, type Point } from './geometry.ts';
import type { Placed } from './layout.ts';
import type { Category } from './scene.ts';

/** Fill and stroke by category, in light and in dark. */
const COLOURS: Readonly<Record<Category, readonly [light: string, dark: string]>> = {
  input: ['#dbeafe #3b82f6', '#172c4d #60a5fa'],
  weighted: ['#ffedd5 #ea7c1c', '#3d2613 #fb923c'],
  shrink: ['#dcfce7 #22a352', '#12331f #4ade80'],
  grow: ['#ccfbf1 #119a8c', '#0f3330 #2dd4bf'],
  merge: ['#fae8ff #b43fd0', '#391a41 #e879f9'],
  scalar: ['#f1f5f9 #64748b', '#262d38 #94a3b8'],
  output: ['#dbeafe #3b82f6', '#172c4d #60a5fa'],
};

export function toSvg(name: string, { width, height, boxes, frames, arrows }: Placed): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `${code`
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${escape(`The network ${name}`)}">
    <title>${escape(name)}</title>
    <style>
      ${style()}
    </style>
    <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
    <rect class="paper" width="100%" height="100%"/>
    ${lines(frames.map(frameElement))}
    ${lines(arrows.map(arrowElement))}
    ${lines(boxes.map(boxElement))}
    ${lines(frames.map(nameElement))}
    ${lines(arrows.map(labelElement).filter((text) => text !== ''))}
    </svg>
  `}\n`;
}

function style(): string {
  const scheme = (index: 0 | 1) =>
    lines(
      Object.entries(COLOURS).map(([category, colours]) => {
        const [fill, stroke] = colours[index].split(' ');
        return `.${category} rect { fill: ${fill}; stroke: ${stroke}; }`;
      }),
    );
  return code`
    text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1e293b; }
    .title { font-weight: 600; text-anchor: middle; }
    .detail { font-size: 11px; text-anchor: middle; fill: #475569; }
    .label { font-size: 10.5px; fill: #64748b; paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round; }
    .name { font-size: 11px; font-weight: 600; fill: #64748b; paint-order: stroke; stroke: #f1f4f8; stroke-width: 4px; stroke-linejoin: round; }
    .paper { fill: #fff; }
    .frame { fill: #64748b; fill-opacity: 0.06; stroke: #94a3b8; stroke-dasharray: 4 3; }
    .arrow { fill: none; stroke: #94a3b8; stroke-width: 1.4; }
    .head { fill: #94a3b8; }
    ${scheme(0)}
    @media (prefers-color-scheme: dark) {
      text { fill: #e2e8f0; }
      .detail { fill: #a9b6c8; }
      .label { fill: #94a3b8; stroke: #0f172a; }
      .name { fill: #94a3b8; stroke: #1a2437; }
      .paper { fill: #0f172a; }
      .frame { fill: #94a3b8; fill-opacity: 0.07; stroke: #475569; }
      .arrow { stroke: #64748b; }
      .head { fill: #64748b; }
      ${scheme(1)}
    }
  `;
}

function boxElement({ at, category, title, detail, hint }: Placed['boxes'][number]): string {
  const middle = round(at.x + at.width / 2);
  const corners = category === 'input' || category === 'output' ? at.height / 2 : 5;
  const second =
    detail === ''
      ? ''
      : `<text class="detail" x="${middle}" y="${round(at.y + 34)}">${escape(detail)}</text>`;
  return (
    `<g class="${category}"><title>${escape(hint)}</title>` +
    `<rect x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" rx="${round(corners)}"/>` +
    `<text class="title" x="${middle}" y="${round(at.y + 17.5)}">${escape(title)}</text>${second}</g>`
  );
}

const frameElement = ({ at }: Placed['frames'][number]): string =>
  `<rect class="frame" x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" rx="9"/>`;

const nameElement = ({ nameAt, title }: Placed['frames'][number]): string =>
  `<text class="name" x="${round(nameAt.x)}" y="${round(nameAt.y)}">${escape(title)}</text>`;

const arrowElement = ({ points }: Placed['arrows'][number]): string =>
  `<path class="arrow" d="${curve(points)}" marker-end="url(#head)"/>`;

const labelElement = ({ label, labelAt }: Placed['arrows'][number]): string =>
  label === ''
    ? ''
    : `<text class="label" x="${round(labelAt.x)}" y="${round(labelAt.y + 11)}">${escape(label)}</text>`;

function curve(points: readonly Point[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const bends = bendsOf(points).map(({ control, end }) => `Q${spot(control)} ${spot(end)}`);
  return `M${spot(first)}${bends.length > 0 ? bends.join('') : `L${spot(last)}`}`;
}

const spot = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): string => String(Math.round(value * 10) / 10);

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

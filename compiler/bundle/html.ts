// The page that `--html` writes beside the module: pictures in, the best classes out. Its script is
// runtime/page/, as text.
import { elements } from '../../runtime/container.ts';
import { sidesOf } from '../../runtime/image/prepare.ts';
import type { Program, TensorSpec } from '../../runtime/program.ts';
import { isList } from '../../runtime/scores.ts';
import { code } from '../support/code.ts';
import { pageText } from './runtime-text.ts';
import { scalar } from './literal.ts';

/** Inputs up to this size, with one channel, can be drawn. */
const LARGEST_DRAWING = 64;

/** Whether a page can show what a program does: a picture goes in, one list of scores comes out. */
export const canHavePage = ({ inputs, outputs }: Program): boolean =>
  inputs.length === 1 && inputs[0]!.image !== undefined && isList(outputs[0]!);

export function htmlPage(program: Program): string {
  const title = escape(program.name);
  const [input] = program.inputs;
  const page = code`
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <style>
    ${STYLE}
    </style>
    </head>
    <body>
    <main>
      <header>
        <h1>${title}</h1>
        <p>${escape(describe(program))}</p>
      </header>
      <section aria-label="Picture">
        ${isDrawable(input!) ? FIELD : ''}
        <canvas id="preview" hidden role="img" aria-label="The picture that was looked at"></canvas>
        <div class="ways">
          <label class="button">Choose a picture<input id="file" type="file" accept="image/*" disabled></label>
          <button id="camera" type="button" aria-pressed="false" disabled>Camera</button>
          ${isDrawable(input!) ? '<button id="clear" type="button" disabled>Clear</button>' : ''}
        </div>
        <p class="hint">${isDrawable(input!) ? 'Draw in the field (keys: arrows and space), drop' : 'Or drop'} a picture anywhere, or paste one.</p>
      </section>
      <section aria-label="Answer">
        <ol id="ranking" aria-label="Most likely classes"></ol>
        <progress id="progress" value="0" aria-label="Loading the model" hidden></progress>
        <p id="status">${WITHOUT_SCRIPT}</p>
        <p id="spoken" role="status"></p>
      </section>
      <footer><p id="target"></p></footer>
    </main>
    <script type="module">
    const { startPage } = (() => {
    SCRIPT
    })();
    startPage(() => import(${scalar(`./${program.name}.js`)}));
    </script>
    </body>
    </html>
  `;
  return `${page.replace('SCRIPT\n', () => pageText)}\n`;
}

/** `Looks at 28 × 28 pixels and tells 10 classes apart.` */
function describe({ inputs, outputs }: Program): string {
  const [height, width] = sidesOf(inputs[0]!.shape, inputs[0]!.image);
  return `Looks at ${width} × ${height} pixels and tells ${elements(outputs[0]!.shape)} classes apart.`;
}

function isDrawable({ shape, image }: TensorSpec): boolean {
  const [height = 0, width = 0, channels] = sidesOf(shape, image);
  return channels === 1 && Math.max(height, width) <= LARGEST_DRAWING;
}

const FIELD =
  '<div class="field"><canvas id="field" width="280" height="280" tabindex="0" role="application" ' +
  'aria-label="Draw here with mouse, finger or pen; with keys: arrows move the pen, space puts it down and lifts it"></canvas>' +
  '<i id="pen" hidden></i></div>';

/** What the page's script replaces. */
const WITHOUT_SCRIPT =
  'The script of this page does not run: JavaScript is off, or a content security policy forbids it.';

const escape = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');

const STYLE = `\
:root { color-scheme: light dark; --accent: light-dark(#0b5fb0, #7ab8ff); --line: light-dark(#d5dae1, #3a414b);
  --soft: light-dark(#f3f5f8, #1d2127); --text: light-dark(#16191d, #e8ebef); --dim: light-dark(#535c68, #a3adba); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; font: 16px/1.5 system-ui, sans-serif; color: var(--text);
  background: light-dark(#fff, #121519); }
body.over { outline: 3px dashed var(--accent); outline-offset: -12px; }
main { max-width: 52rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem) 1rem; display: grid; gap: 1.5rem 2.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
header, footer { grid-column: 1 / -1; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
p { margin: .25rem 0 0; }
header p, footer p, .hint { color: var(--dim); }
footer { border-top: 1px solid var(--line); font-size: .875rem; }
canvas { display: block; max-width: 100%; border-radius: .5rem; }
canvas[hidden] { display: none; }
#field:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.field { position: relative; width: min(280px, 100%); }
#pen { position: absolute; width: 20px; height: 20px; margin: -10px; border: 2px solid #7ab8ff; border-radius: 50%;
  pointer-events: none; }
#pen.down { background: #7ab8ff; }
#pen[hidden] { display: none; }
#field { width: 100%; aspect-ratio: 1; background: #000; border: 1px solid var(--line); touch-action: none;
  cursor: crosshair; }
#preview { max-height: 20rem; min-width: 8rem; image-rendering: pixelated; border: 1px solid var(--line); margin-top: .75rem; }
.ways { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
button, .button { display: inline-flex; align-items: center; font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--soft); color: inherit; cursor: pointer; }
button:hover, .button:hover { border-color: var(--accent); }
button:focus-visible, .button:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
button[hidden] { display: none; }
button:disabled { opacity: .5; cursor: default; }
.button input { position: absolute; opacity: 0; width: 1px; height: 1px; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; min-height: 12rem; align-content: start; }
li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; }
li:first-child { font-size: 1.25rem; font-weight: 600; }
li span { overflow-wrap: anywhere; }
li b { font-variant-numeric: tabular-nums; font-weight: inherit; }
li i { grid-column: 1 / -1; height: .5rem; border-radius: .25rem;
  background: linear-gradient(var(--accent) 0 0) 0 / calc(100% * var(--share)) no-repeat var(--soft); }
progress { width: 100%; accent-color: var(--accent); }
progress[hidden] { display: none; }
#status { margin-top: 1rem; color: var(--dim); font-variant-numeric: tabular-nums; }
#spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }`;

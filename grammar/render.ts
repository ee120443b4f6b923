// A diagnostic as text: the message, and the lines it is about with what is meant underlined.
import type { Diagnostic, Label } from './diagnostic.ts';
import { lineText, positionAt, type Position, type Span } from './source.ts';

export interface RenderOptions {
  /** With the colours of a terminal. */
  readonly color: boolean;
}

type Style = 'error' | 'warning' | 'related' | 'faint' | 'bold';

const sgr: Readonly<Record<Style, string>> = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;33m',
  related: '\u001b[1;34m',
  faint: '\u001b[2m',
  bold: '\u001b[1m',
};

type Paint = (style: Style, text: string) => string;

const painter = ({ color }: RenderOptions): Paint =>
  color ? (style, text) => `${sgr[style]}${text}\u001b[0m` : (_, text) => text;

/**
 * ```text
 * net.cnn:1:15: error[E010]: missing '->' before 'POOL'
 *   1 | INPUT -> CONV POOL
 *     |               ^^^^
 *   help: …
 * ```
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const { severity, code, message, labels, help } = diagnostic;
  const paint = painter(options);
  const head = `${paint(severity, `${severity}[${code}]`)}: ${paint('bold', visible(message))}`;
  const place = labels[0] && `${placeText(labels[0].span)}: `;
  const gutter = Math.max(1, ...labels.map(({ span }) => String(startOf(span).line).length));
  const lines = [`${place ?? ''}${head}`];
  let shown: Span | undefined;
  labels.forEach((label, at) => {
    const style = at === 0 ? severity : 'related';
    const isSameFile = shown === undefined || shown.source === label.span.source;
    if (!isSameFile) lines.push(`  ${paint('faint', `in ${placeText(label.span)}`)}`);
    const [source, underline] = renderLabel(label, { gutter, style, paint });
    // Places on one line share it.
    const isSameLine = shown !== undefined && isSameFile && startOf(shown).line === startOf(label.span).line;
    if (!isSameLine) lines.push(source);
    lines.push(underline);
    shown = label.span;
  });
  if (help !== undefined)
    lines.push(`  ${paint('bold', 'help:')} ${help.split('\n').map(visible).join('\n  ')}`);
  return lines.join('\n');
}

/** One line for editors and scripts: `net.cnn:1:15: error[E010]: missing '->' before 'POOL'`. */
export function compactDiagnostic({ code, severity, message, labels }: Diagnostic): string {
  const place = labels[0] ? `${placeText(labels[0].span)}: ` : '';
  return `${place}${severity}[${code}]: ${visible(message)}`;
}

interface JsonPlace extends Position {
  readonly offset: number;
}

/** A diagnostic for programs to read, with places as people count them and as offsets. */
export interface JsonDiagnostic extends Omit<Diagnostic, 'labels'> {
  readonly labels: readonly {
    readonly path: string;
    readonly start: JsonPlace;
    readonly end: JsonPlace;
    readonly text?: string;
  }[];
}

export function jsonDiagnostic(diagnostic: Diagnostic): JsonDiagnostic {
  const labels = diagnostic.labels.map(({ span, text }) => ({
    path: span.source.path,
    start: { ...positionAt(span.source, span.start), offset: span.start },
    end: { ...positionAt(span.source, span.end), offset: span.end },
    ...(text !== undefined && { text }),
  }));
  return { ...diagnostic, labels };
}

const startOf = ({ source, start }: Span): Position => positionAt(source, start);

function placeText(span: Span): string {
  const { line, column } = startOf(span);
  return `${visible(span.source.path)}:${line}:${column}`;
}

interface LabelLook {
  /** How wide line numbers are. */
  readonly gutter: number;
  readonly style: Style;
  readonly paint: Paint;
}

/** The line of a label with the place underlined, up to the end of that line. */
function renderLabel(
  { span, text }: Label,
  { gutter, style, paint }: LabelLook,
): [source: string, underline: string] {
  const { line, column } = startOf(span);
  const whole = lineText(span.source, line);
  const start = column - 1;
  const end = Math.min(start + Math.max(span.end - span.start, 1), Math.max(whole.length, start + 1));
  const { shown, from, isCut } = windowAround(whole, start);
  const [left, right] = [isCut.left ? '…' : '', isCut.right ? '…' : ''];
  const before = left + visible(shown.slice(0, start - from));
  const marked = visible(shown.slice(start - from, end - from));
  const underline = '^'.repeat(Math.max(1, widthOf(marked)));
  const number = String(line).padStart(gutter);
  return [
    `  ${paint('faint', `${number} |`)} ${left}${visible(shown)}${right}`,
    `  ${paint('faint', `${' '.repeat(gutter)} |`)} ${blankLike(before)}${paint(style, underline)}${
      text === undefined ? '' : ` ${paint(style, visible(text))}`
    }`,
  ];
}

const widestLine = 120;

interface Window {
  readonly shown: string;
  readonly from: number;
  /** Where the line goes on that is not shown. */
  readonly isCut: { readonly left: boolean; readonly right: boolean };
}

/** The part of a long line that surrounds a place. */
function windowAround(line: string, at: number): Window {
  if (line.length <= widestLine) return { shown: line, from: 0, isCut: { left: false, right: false } };
  const from = Math.max(0, Math.min(at - widestLine / 2, line.length - widestLine));
  const to = from + widestLine;
  return { shown: line.slice(from, to), from, isCut: { left: from > 0, right: to < line.length } };
}

/** Text without characters that a terminal would obey, such as those that turn the direction of writing. */
const visible = (text: string): string =>
  text.replaceAll(/(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd').replaceAll('\ufeff', '');

/** Columns that a terminal uses: two for Chinese, Japanese and Korean characters. */
const widthOf = (text: string): number => text.length + (text.match(wide)?.length ?? 0);

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Blanks as wide as a text; tabs stay tabs. */
const blankLike = (text: string): string => text.replaceAll(wide, '  ').replaceAll(/[^\t ]/g, ' ');

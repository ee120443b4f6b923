/** One text that was read, and where its lines begin. */
export interface SourceFile {
  /** How messages name it: the path as the user gave it, or `<input>`. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** A stretch of one source file: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function sourceFile(text: string, path = '<input>'): SourceFile {
  const lineStarts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lineStarts.push(i + 1);
  return { path, text, lineStarts };
}

/** Line and column of an offset, by bisection. */
export function positionAt(source: SourceFile, offset: number): Position {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - source.lineStarts[low]! + 1 };
}

/** The text of one line (from 1), without its line end. */
export function lineText(source: SourceFile, line: number): string {
  const end = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(source.lineStarts[line - 1], end - 1).replace(/\r$/, '');
}

export const spanText = (span: Span): string => span.source.text.slice(span.start, span.end);

/** The smallest span over both ends. */
export const spanOver = (first: Span, last: Span): Span => ({ ...first, end: last.end });

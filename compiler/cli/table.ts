export type Align = 'left' | 'right';

/** Rows as lines of aligned columns. Columns without an alignment are set to the left. */
export function formatTable(rows: readonly (readonly string[])[], aligns: readonly Align[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const pad = (cell: string, i: number): string =>
    aligns[i] === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}

/** The same as a table in Markdown, the first row being its head. */
export function formatMarkdown(
  [head = [], ...body]: readonly (readonly string[])[],
  aligns: readonly Align[],
): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = aligns.map((align) => (align === 'right' ? '---:' : '---'));
  return [head, rule, ...body].map(row).join('');
}

/** 61706 → `61,706`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

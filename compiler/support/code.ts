/**
 * Template tag for generated text. Strips the template's own indentation and indents a hole that
 * stands alone on its line to the column where it stands; a line whose only content is an empty
 * hole vanishes. Holes are strings and finite numbers: anything else is a bug here, not `NaN` there.
 */
export function code(strings: TemplateStringsArray, ...holes: readonly (string | number)[]): string {
  const margin = commonIndent(strings);
  const strip = (text: string) => text.replaceAll(`\n${margin}`, '\n');
  let out = strip(strings[0]!);
  for (const [i, hole] of holes.entries()) {
    const after = strip(strings[i + 1]!);
    const text = spell(hole);
    const indent = /(?:^|\n)([ ]*)$/.exec(out)?.[1];
    if (text === '' && indent !== undefined && /^(\n|$)/.test(after)) {
      out = out.slice(0, out.length - indent.length) + after.replace(/^\n/, '');
    } else {
      out += (indent ? text.replaceAll('\n', `\n${indent}`) : text) + after;
    }
  }
  return out
    .replace(/^\n/, '')
    .replace(/\s+$/, '')
    .replace(/[ ]+(?=\n)/g, '');
}

/** Lines under each other. */
export const lines = (parts: Iterable<string>): string => [...parts].join('\n');

function spell(hole: string | number): string {
  if (typeof hole === 'string') return hole;
  if (typeof hole === 'number' && Number.isFinite(hole)) return String(hole);
  throw new Error(`cnnc bug: ${String(hole)} in generated code`);
}

function commonIndent(strings: TemplateStringsArray): string {
  let margin: string | undefined;
  for (const [, indent] of strings.join('\u0000').matchAll(/\n([ ]*)(?=[^ \n])/g)) {
    if (margin === undefined || indent!.length < margin.length) margin = indent!;
  }
  return margin ?? '';
}

// What differs between stretches of one kind: the parameters of the block that says them once.
import { sizesOf, type Stretch } from './stretch.ts';

export interface Parameter {
  readonly name: string;
  /** Its value in each stretch. */
  readonly texts: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = {
  filters: 'f',
  units: 'u',
  kernel: 'k',
  stride: 's',
  window: 'w',
  pad: 'p',
  dilation: 'd',
  shape: 'shape',
};

/** The sizes in which stretches differ; those that always go together are one. */
export function parameters(stretches: readonly Stretch[]): Parameter[] {
  const columns = stretches.map(({ items }) => sizesOf(items));
  const found = new Map<string, { base: string; texts: string[] }>();
  for (const [i, { name }] of columns[0]!.entries()) {
    const texts = columns.map((column) => column[i]!.text);
    const isOfBlock = columns.some((column) => column[i]!.isParameter);
    if (!isOfBlock && texts.every((text) => text === texts[0])) continue;
    const key = texts.join(' ');
    if (!found.has(key)) found.set(key, { base: (SHORT[name] ?? name).replace(/\d+$/, ''), texts });
  }
  const all = [...found.values()];
  const counts = new Map<string, number>();
  return all.map(({ base, texts }) => {
    const number = (counts.get(base) ?? 0) + 1;
    counts.set(base, number);
    const isOnly = all.filter((each) => each.base === base).length === 1;
    return { name: isOnly ? base : `${base}${number}`, texts };
  });
}

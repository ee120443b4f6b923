// Which stretches are worth a block: those that save the most words.
import type { Chain } from '../phrase.ts';
import { parameters } from './parameters.ts';
import { alike, prefixesOf, wishes } from './stretch-paths.ts';
import { isWhole, keyOf, sizeOf, type Stretch } from './stretch.ts';

const LONGEST = 16;
const MOST_PARAMETERS = 6;

export interface Found {
  readonly stretches: readonly Stretch[];
  readonly score: number;
  /** For each stretch the path before those of its layers; undefined where layers are counted. */
  readonly prefixes: readonly string[] | undefined;
}

export function best(all: readonly Chain[]): Found | undefined {
  const ids = new Map<string, number>();
  const groups = new Map<string, Stretch[]>();
  for (const chain of all) {
    const keys = chain.map((item) => {
      const key = keyOf(item);
      if (key === undefined) return undefined;
      if (!ids.has(key)) ids.set(key, ids.size);
      return ids.get(key)!;
    });
    for (let from = 0; from < chain.length; from++)
      for (let length = 1; length <= LONGEST && from + length <= chain.length; length++) {
        const id = keys[from + length - 1];
        if (id === undefined) break;
        const items = chain.slice(from, from + length);
        if (!isWhole(items)) continue;
        const key = keys.slice(from, from + length).join();
        const group = groups.get(key) ?? [];
        groups.set(key, group);
        const last = group.at(-1);
        if (last?.chain !== chain || last.from + length <= from) group.push({ chain, from, items });
      }
  }
  let found: Found | undefined;
  for (const stretches of groups.values()) {
    const candidate = judge(stretches) ?? judge(alike(stretches));
    if (candidate && (!found || candidate.score > found.score)) found = candidate;
  }
  return found;
}

function judge(stretches: readonly Stretch[]): Found | undefined {
  const n = stretches.length;
  if (n < 2) return undefined;
  const size = sizeOf(stretches[0]!.items);
  if (size < 2 || (size === 2 && n < 4)) return undefined;
  const params = parameters(stretches).length;
  if (params > Math.min(MOST_PARAMETERS, size + 1)) return undefined;
  const prefixes = prefixesOf(stretches);
  if (prefixes === 'kept') return undefined;
  const first = stretches[0]!.items[0]!;
  const startsWell = first.kind !== 'phrase' || Object.keys(first.phrase.weights).length > 0;
  // What is saved, less what the block and its uses take; and the names that would be lost.
  const lost = prefixes ? 0 : wishes(stretches[0]!.items).filter((wish) => wish).length;
  const score = n * (size - 0.5 - 0.1 * params) - 1.5 * size - (startsWell ? 0 : 2) - lost;
  return score > 1 ? { stretches, score, prefixes } : undefined;
}

// Equal neighbours become a repeat: CONV(64)*2.
import type { Chain, Item } from '../phrase.ts';
import { isPath } from '../paths.ts';
import { wishes } from './stretch-paths.ts';
import { isWhole, keyOf, spelled } from './stretch.ts';

export function repeats(chain: Chain, longest = 6): Chain {
  const inner = chain.map((item) =>
    item.kind === 'branch' ? { ...item, arms: item.arms.map((arm) => repeats(arm, longest)) } : item,
  );
  const result: Item[] = [];
  for (let at = 0; at < inner.length;) {
    const found = repeatAt(inner, at, longest);
    result.push(found?.item ?? inner[at]!);
    at += found?.length ?? 1;
  }
  return result;
}

function repeatAt(chain: Chain, at: number, longest: number): { item: Item; length: number } | undefined {
  for (let length = 1; length <= longest; length++) {
    const items = chain.slice(at, at + length);
    if (items.length < length || !isWhole(items) || items.some((item) => keyOf(item) === undefined)) continue;
    const turns = [items];
    for (let next = at + length; next + length <= chain.length; next += length) {
      const turn = chain.slice(next, next + length);
      if (spelled(turn) !== spelled(items)) break;
      turns.push(turn);
    }
    const path = turns.length > 1 ? repeatPath(turns) : 'kept';
    if (path === 'kept') continue;
    const plain = items.map((item) => (item.kind === 'block' ? { ...item, path: undefined } : item));
    return {
      item: { kind: 'repeat', items: plain, times: turns.length, path },
      length: length * turns.length,
    };
  }
  return undefined;
}

/** `layer1` for turns called layer1.0, layer1.1, …; undefined where they are counted. */
function repeatPath(turns: readonly Chain[]): string | undefined {
  const paths = turns.map((turn) => wishes(turn));
  const [only, ...more] = paths[0]!;
  if (only && more.length === 0) {
    const parent = only.path.replace(/\.0$/, '');
    const areCounted = paths.every(([wish], i) => wish?.path === `${parent}.${i}`);
    if (areCounted && isPath(parent)) return parent;
  }
  return paths.flat().some((wish) => wish?.isExact) ? 'kept' : undefined;
}

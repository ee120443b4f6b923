// Where the layers of a stretch want to be: the path before all of theirs, and what is behind it.
import { isPath, wishOf, type Wish } from '../paths.ts';
import type { Chain } from '../phrase.ts';
import type { Stretch } from './stretch.ts';

/** The paths that layers and blocks of a stretch ask for. */
export const wishes = (items: Chain): (Wish | undefined)[] =>
  items.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(wishes);
    if (item.kind === 'repeat') return wishes(item.items);
    if (item.kind === 'block')
      return [item.path === undefined ? undefined : { path: item.path, isExact: true }];
    const hasWeights = item.kind === 'phrase' && Object.keys(item.phrase.weights).length > 0;
    if (!hasWeights) return [];
    if (!item.isPlaced) return [wishOf(item.phrase)];
    return [item.path === undefined ? undefined : { path: item.path, isExact: true }];
  });

/** The path of each stretch, if all ask for the same behind it; `kept` where names of the model would be lost. */
export function prefixesOf(stretches: readonly Stretch[]): readonly string[] | 'kept' | undefined {
  const all = stretches.map(({ items }) => placeOf(items));
  const areAlike = all.every(({ prefix, rest }) => prefix !== undefined && rest === all[0]!.rest);
  const prefixes = all.map(({ prefix }) => prefix ?? '');
  if (areAlike && new Set(prefixes).size === prefixes.length) return prefixes;
  const isKept = stretches.some(({ items }) => wishes(items).some((wish) => wish?.isExact));
  return isKept ? 'kept' : undefined;
}

/** The path that all layers of a stretch have in common, and what is behind it. */
function placeOf(items: Chain): { prefix: string | undefined; rest: string } {
  const all = wishes(items);
  const prefix = commonPrefix(all);
  const rests = all.map((wish) =>
    wish && prefix !== undefined ? wish.path.slice(prefix.length + 1) : undefined,
  );
  const isSaid =
    prefix !== undefined && [prefix, ...rests].every((path) => path === undefined || canFollowAs(path));
  return { prefix: isSaid ? prefix : undefined, rest: rests.join() };
}

/** Whether what is in a block can be called so: like a layer, or by the number of a member. */
const canFollowAs = (path: string): boolean => /^\d+$/.test(path) || isPath(path);

/** Those that are called alike. */
export function alike(stretches: readonly Stretch[]): readonly Stretch[] {
  const groups = new Map<string, Stretch[]>();
  for (const stretch of stretches) {
    const { prefix, rest } = placeOf(stretch.items);
    if (prefix !== undefined) groups.set(rest, [...(groups.get(rest) ?? []), stretch]);
  }
  return [...groups.values()].reduce<readonly Stretch[]>((a, b) => (b.length > a.length ? b : a), []);
}

function commonPrefix(all: readonly (Wish | undefined)[]): string | undefined {
  const paths = all.flatMap((wish) => (wish ? [wish.path.split('.')] : []));
  const [first, ...others] = paths;
  if (!first) return undefined;
  const length = Math.min(...paths.map((path) => path.length - 1));
  let shared = 0;
  while (shared < length && others.every((path) => path[shared] === first[shared])) shared++;
  return shared > 0 ? first.slice(0, shared).join('.') : undefined;
}

// What repeats is said once: stretches of chains that differ in sizes only become blocks, equal neighbours repeats.
import { blockName } from './block-name.ts';
import { wishOf, type Wish } from './paths.ts';
import type { Arg, BlockPhrase, Chain, Item } from './phrase.ts';
import type { Draft } from './print.ts';

const LONGEST = 16;
const MOST_BLOCKS = 24;
const MOST_PARAMETERS = 6;

/** The chains with blocks and repeats. `path`s of blocks are those that the weights' names ask for. */
export function fold(chains: readonly Chain[]): Draft {
  const blocks: BlockPhrase[] = [];
  // Equal neighbours without names first: CONV(64)*2 is no block.
  let now = chains.map((chain) => repeats(chain, 1));
  while (blocks.length < MOST_BLOCKS) {
    const found = best([...now, ...blocks.map(({ body }) => body)].flatMap(sequences));
    if (!found) break;
    const block = declare(found, blocks);
    const use = uses(found, block);
    now = now.map((chain) => replace(chain, use));
    blocks.splice(
      0,
      blocks.length,
      ...blocks.map((each) => ({ ...each, body: replace(each.body, use) })),
      block,
    );
  }
  return {
    blocks: inOrder(blocks.map((block) => ({ ...block, body: repeats(block.body) }))),
    chains: now.map((chain) => repeats(chain)),
  };
}

/** A stretch of a chain. */
interface Stretch {
  readonly chain: Chain;
  readonly from: number;
  readonly items: Chain;
}

interface Found {
  readonly stretches: readonly Stretch[];
  readonly score: number;
  /** For each stretch the path before those of its layers; undefined where layers are counted. */
  readonly prefixes: readonly string[] | undefined;
}

const sequences = (chain: Chain): Chain[] => [
  chain,
  ...chain.flatMap((item) => (item.kind === 'branch' ? item.arms.flatMap(sequences) : [])),
];

function best(all: readonly Chain[]): Found | undefined {
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

/** A merge stays with its branch. */
function isWhole(items: Chain): boolean {
  const first = items[0]!;
  const startsOpen = first.kind === 'phrase' && first.phrase.inputs.length > 1 && first.operands.length === 0;
  return !startsOpen && items.at(-1)!.kind !== 'branch';
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

/** What two pieces must have in common to be the same but for sizes; undefined for what cannot stand in a block. */
function keyOf(item: Item): string | undefined {
  switch (item.kind) {
    case 'phrase': {
      const { word } = item.phrase;
      const isClosed = item.operands.every((operand) => operand === '_' || /^-?[\d.]/.test(operand));
      if (word === 'INPUT' || !isClosed) return undefined;
      const args = item.args.map(({ name, text, isSize }) => (isSize ? name : `${name}=${text}`));
      return `${word}(${[...item.operands, ...args].join()})${item.phrase.inputs.length}`;
    }
    case 'branch': {
      const arms = item.arms.map((arm) =>
        arm.map((each, i) => (i === 0 && isSkip(each) ? 'SKIP' : keyOf(each))),
      );
      return arms.some((arm) => arm.includes(undefined))
        ? undefined
        : `{${arms.map((arm) => arm.join('>')).join('|')}}`;
    }
    case 'block':
      return `${item.block.name}:`;
    case 'repeat': {
      const keys = item.items.map(keyOf);
      return keys.includes(undefined) || item.path !== undefined
        ? undefined
        : `[${keys.join('>')}]*${item.times}`;
    }
    case 'value':
    case 'name':
    case 'output':
      return undefined;
  }
}

const isSkip = (item: Item): boolean => item.kind === 'value' && item.name === 'SKIP';

const sizeOf = (items: Chain): number =>
  items.reduce(
    (sum, item) =>
      sum +
      (item.kind === 'branch' ? item.arms.reduce((all, arm) => all + sizeOf(arm), 0) : isSkip(item) ? 0 : 1),
    0,
  );

// ---- what differs

/** All sizes of a stretch, in order. */
const sizesOf = (items: Chain): Arg[] =>
  items.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(sizesOf);
    if (item.kind === 'repeat') return sizesOf(item.items);
    if (item.kind === 'block') return item.args;
    return item.kind === 'phrase' ? item.args.filter(({ isSize }) => isSize) : [];
  });

interface Parameter {
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
function parameters(stretches: readonly Stretch[]): Parameter[] {
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

// ---- paths

/** The paths that layers and blocks of a stretch ask for. */
const wishes = (items: Chain): (Wish | undefined)[] =>
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
function prefixesOf(stretches: readonly Stretch[]): readonly string[] | 'kept' | undefined {
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
    prefix !== undefined && [prefix, ...rests].every((path) => path === undefined || isName(path));
  return { prefix: isSaid ? prefix : undefined, rest: rests.join() };
}

/** What may stand after `as`. */
const isName = (path: string): boolean => path.includes('.') || /^(\d+|[a-z_]\w*)$/.test(path);

/** Those that are called alike. */
function alike(stretches: readonly Stretch[]): readonly Stretch[] {
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

// ---- blocks

function declare({ stretches, prefixes }: Found, blocks: readonly BlockPhrase[]): BlockPhrase {
  const params = parameters(stretches);
  const columns = stretches.map(({ items }) => sizesOf(items));
  let at = 0;
  const body = stretches[0]!.items.map((item) => rewritten(item));
  const name = blockName(body, prefixes, new Set(blocks.map((block) => block.name)));
  return { name, params: params.map((param) => param.name), body };

  function rewritten(item: Item): Item {
    switch (item.kind) {
      case 'branch':
        return { ...item, arms: item.arms.map((arm) => arm.map(rewritten)) };
      case 'phrase': {
        const args = item.args.map((arg) => (arg.isSize ? size(arg) : common(arg)));
        const [wish] = wishes([item]);
        return { ...item, args, path: prefixes && wish?.path.slice(prefixes[0]!.length + 1), isPlaced: true };
      }
      case 'block':
        return {
          ...item,
          args: item.args.map(size),
          path: prefixes && item.path?.slice(prefixes[0]!.length + 1),
        };
      case 'repeat':
        return { ...item, items: item.items.map(rewritten) };
      case 'value':
      case 'name':
      case 'output':
        return item;
    }
  }

  function size(arg: Arg): Arg {
    const place = at++;
    const own = columns.map((column) => column[place]!);
    const texts = own.map(({ text }) => text);
    const param = params.find((each) => each.texts.join(' ') === texts.join(' '));
    if (param) return { ...arg, text: param.name, standard: undefined, isParameter: true };
    const isStandard = own.every(({ standard }) => standard === arg.standard);
    return isStandard ? arg : { ...arg, standard: undefined };
  }

  /** What a word would have by itself may differ from stretch to stretch: then it is said. */
  function common(arg: Arg): Arg {
    return arg.name === 'act'
      ? { ...arg, standard: standardsOf(stretches).has(arg) ? arg.standard : undefined }
      : arg;
  }
}

/** Activations whose standard is the same in every stretch. */
function standardsOf(stretches: readonly Stretch[]): ReadonlySet<Arg> {
  const columns = stretches.map(({ items }) => actsOf(items));
  return new Set(
    columns[0]!.filter((arg, i) => columns.every((column) => column[i]!.standard === arg.standard)),
  );
}

const actsOf = (items: Chain): Arg[] =>
  items.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(actsOf);
    if (item.kind === 'repeat') return actsOf(item.items);
    return item.kind === 'phrase' ? item.args.filter(({ name }) => name === 'act') : [];
  });

/** For each first item of a stretch the use of the block that stands for it. */
function uses(
  { stretches, prefixes }: Found,
  block: BlockPhrase,
): ReadonlyMap<Item, { use: Item; length: number }> {
  const params = parameters(stretches);
  return new Map(
    stretches.map(({ items }, i) => {
      const args = params.map(({ name, texts }) => ({
        name,
        text: texts[i]!,
        standard: undefined,
        isSize: true,
      }));
      const use: Item = { kind: 'block', block, args, path: prefixes?.[i] };
      return [items[0]!, { use, length: items.length }];
    }),
  );
}

function replace(chain: Chain, use: ReadonlyMap<Item, { use: Item; length: number }>): Chain {
  const result: Item[] = [];
  for (let at = 0; at < chain.length; at++) {
    const item = chain[at]!;
    const found = use.get(item);
    if (found) {
      result.push(found.use);
      at += found.length - 1;
    } else if (item.kind === 'branch')
      result.push({ ...item, arms: item.arms.map((arm) => replace(arm, use)) });
    else result.push(item);
  }
  return result;
}

/** Blocks before those that use them. Bodies changed since blocks were used, so names connect them. */
function inOrder(blocks: readonly BlockPhrase[]): BlockPhrase[] {
  const byName = new Map(blocks.map((block) => [block.name, block]));
  const ordered = new Set<BlockPhrase>();
  const visit = (block: BlockPhrase): void => {
    if (ordered.has(block)) return;
    for (const name of usedIn(block.body)) visit(byName.get(name)!);
    ordered.add(block);
  };
  for (const block of blocks) visit(block);
  return [...ordered];
}

const usedIn = (chain: Chain): string[] =>
  chain.flatMap((item) => {
    if (item.kind === 'branch') return item.arms.flatMap(usedIn);
    if (item.kind === 'repeat') return usedIn(item.items);
    return item.kind === 'block' ? [item.block.name] : [];
  });

// ---- repeats

function repeats(chain: Chain, longest = 6): Chain {
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

/** Key and sizes: the same text. */
const spelled = (items: Chain): string =>
  JSON.stringify([
    items.map(keyOf),
    sizesOf(items).map(({ text, standard }) => [text, standard]),
    actsOf(items).map(({ standard }) => standard),
  ]);

/** `layer1` for turns called layer1.0, layer1.1, …; undefined where they are counted. */
function repeatPath(turns: readonly Chain[]): string | undefined {
  const paths = turns.map((turn) => wishes(turn));
  const [only, ...more] = paths[0]!;
  if (only && more.length === 0) {
    const parent = only.path.replace(/\.0$/, '');
    if (parent !== only.path && paths.every(([wish], i) => wish?.path === `${parent}.${i}`)) return parent;
  }
  return paths.flat().some((wish) => wish?.isExact) ? 'kept' : undefined;
}

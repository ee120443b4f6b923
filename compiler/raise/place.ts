// Paths for weights, and names of inputs: what the model's own names say, told apart.
import { KEYWORDS } from '../ops/index.ts';
import { isName, wishOf } from './paths.ts';
import { mapItems, type Chain, type Item, type Phrase } from './phrase.ts';

/** The chains with paths where the model's names say them. */
export function place(chains: readonly Chain[]): Chain[] {
  const taken = new Set<string>();
  const inputs = chains.flatMap(phrasesIn).filter(({ word }) => word === 'INPUT').length;
  const placed = mapItems(chains, (item) => {
    if ((item.kind === 'block' || item.kind === 'repeat') && item.path !== undefined) taken.add(item.path);
    if (item.kind !== 'phrase') return item;
    if (item.phrase.word === 'INPUT') return namedInput(item, taken, inputs);
    const path = wishOf(item.phrase)?.path;
    if (path === undefined || taken.has(path)) return item;
    taken.add(path);
    return { ...item, path };
  });
  return apart(placed, taken);
}

type PhraseItem = Extract<Item, { kind: 'phrase' }>;

/** An input is called by its name where that is one of the language's. */
function namedInput(item: PhraseItem, taken: Set<string>, count: number): Item {
  const name = String(JSON.parse(item.args.find((arg) => arg.name === 'name')!.text));
  if (isName(name) && !taken.has(name)) {
    taken.add(name);
    const args = item.args.filter((arg) => arg.name !== 'name');
    return { ...item, args, path: name === 'input' ? undefined : name };
  }
  const path = count === 1 ? 'input' : free('input', taken);
  taken.add(path);
  return { ...item, path: count === 1 ? undefined : path };
}

/** Layers without a path are counted by their kind: where somebody chose such a name, they get others. */
function apart(chains: readonly Chain[], taken: Set<string>): Chain[] {
  const claimed = new Set([...taken].flatMap((path) => /^([a-z_0-9]*[a-z_])\d+$/.exec(path)?.[1] ?? []));
  return mapItems(chains, (item) => {
    if (item.kind !== 'phrase' || item.path !== undefined) return item;
    const base = item.phrase.word.toLowerCase();
    if (!KEYWORDS.has(item.phrase.word) || !claimed.has(base)) return item;
    const path = free(`${base}_`, taken);
    taken.add(path);
    return { ...item, path };
  });
}

/** The first of `conv_1`, `conv_2`, … that nothing is called. */
function free(base: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${base}${number}`)) number++;
  return `${base}${number}`;
}

const phrasesIn = (chain: Chain): Phrase[] =>
  chain.flatMap((item) => {
    switch (item.kind) {
      case 'phrase':
        return [item.phrase];
      case 'branch':
        return item.arms.flatMap(phrasesIn);
      case 'repeat':
        return phrasesIn(item.items);
      case 'block':
      case 'value':
      case 'name':
      case 'output':
        return [];
    }
  });

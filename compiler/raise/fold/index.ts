// What repeats is said once: stretches of chains that differ in sizes only become blocks, equal neighbours repeats.
import type { BlockPhrase, Chain, Item } from '../phrase.ts';
import type { Draft } from '../print.ts';
import { best, type Found } from './best.ts';
import { declare } from './declare.ts';
import { parameters } from './parameters.ts';
import { repeats } from './repeats.ts';

const MOST_BLOCKS = 24;

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

const sequences = (chain: Chain): Chain[] => [
  chain,
  ...chain.flatMap((item) => (item.kind === 'branch' ? item.arms.flatMap(sequences) : [])),
];

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

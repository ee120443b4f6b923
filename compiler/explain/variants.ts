// Where two uses of a block come out differently, it is declared twice.
import type { BlockTree, ChainTree, PrimaryTree } from '../frontend/instance.ts';
import type { BlockDeclaration } from '../frontend/scope.ts';

/** One way in which the uses of a block come out. */
export interface Variant {
  readonly declaration: BlockDeclaration;
  /** One of its uses; all of them print alike. */
  readonly use: BlockTree;
  /** `Down`, `DownV2`, … */
  readonly name: string;
}

export interface Variants {
  readonly all: readonly Variant[];
  readonly byUse: ReadonlyMap<BlockTree, Variant>;
  /** Blocks that are declared more than once: the counters of paths would not see them as one. */
  readonly split: ReadonlySet<BlockDeclaration>;
}

const NO_VARIANTS: Variants = { all: [], byUse: new Map(), split: new Set() };

/** How the body of a use prints, given the variants of the uses within it and the blocks that are split. */
export type PrintBody = (use: BlockTree, variants: Variants) => string;

/**
 * Uses whose bodies print alike share a variant. A block that is split is called with explicit names,
 * which may split others; so this is repeated until nothing changes.
 */
export function findVariants(chains: readonly ChainTree[], startPrinting: () => PrintBody): Variants {
  let variants = NO_VARIANTS;
  for (;;) {
    const next = findOnce(chains, startPrinting(), variants.split);
    if (next.split.size === variants.split.size) return next;
    variants = next;
  }
}

function findOnce(
  chains: readonly ChainTree[],
  printBody: PrintBody,
  before: ReadonlySet<BlockDeclaration>,
): Variants {
  const byText = new Map<string, Variant>();
  const byUse = new Map<BlockTree, Variant>();
  const counts = new Map<BlockDeclaration, number>();
  const variants = { all: [], byUse, split: before };

  // Inner blocks first: a body names the variants that it uses.
  const visitChain = ({ items }: ChainTree): void => {
    for (const { turns } of items) for (const turn of turns) visit(turn);
  };
  const visit = (tree: PrimaryTree): void => {
    if (tree.kind === 'group') visitChain(tree.chain);
    if (tree.kind === 'branch') tree.arms.forEach(visitChain);
    if (tree.kind !== 'block') return;
    visitChain(tree.body);
    const { declaration } = tree;
    const plainName = declaration.block.name.text;
    const key = `${plainName} = ${printBody(tree, variants)}`;
    const known = byText.get(key);
    const number = known ? 0 : (counts.get(declaration) ?? 0) + 1;
    if (!known) counts.set(declaration, number);
    const name = number > 1 ? `${plainName}V${number}` : plainName;
    const variant = known ?? { declaration, use: tree, name };
    byText.set(key, variant);
    byUse.set(tree, variant);
  };
  chains.forEach(visitChain);
  const split = new Set([...counts].filter(([, count]) => count > 1).map(([declaration]) => declaration));
  return { all: [...byText.values()], byUse, split: new Set([...before, ...split]) };
}

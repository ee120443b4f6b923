// How much a piece of a program expands to at least, without expanding it: blocks that double in each of forty
// levels are refused at once. Repeats whose counts are no plain numbers count as none, and so do those of more turns
// than there may be: these are refused when they are met.
import type { Block, Chain, Item, Primary } from '../../grammar/ast.ts';
import { KEYWORDS } from '../ops/index.ts';
import { MAX_STEPS } from './ledger.ts';
import type { FileScope } from './scope.ts';

/** Blocks and brackets within each other; what is deeper is not looked at. */
const MAX_DEPTH = 500;

/** Operators and turns of repeats, as the expansion counts them. */
export class LeastSteps {
  readonly #known = new Map<Block, number>();

  ofItem({ primary, repeat }: Item, file: FileScope, depth = 0): number {
    const inside = depth < MAX_DEPTH ? this.#ofPrimary(primary, file, depth + 1) : 0;
    if (!repeat) return 1 + inside;
    const { count } = repeat;
    return count.kind === 'number' && count.value <= MAX_STEPS ? count.value * (1 + inside) : 0;
  }

  #ofPrimary(primary: Primary, file: FileScope, depth: number): number {
    switch (primary.kind) {
      case 'error':
        return 0;
      case 'group':
        return this.#ofChain(primary.chain, file, depth);
      case 'branch':
        return primary.arms.reduce((sum, arm) => sum + this.#ofChain(arm, file, depth), 0);
      case 'call': {
        const { text } = primary.name;
        const declaration = KEYWORDS.has(text) ? undefined : file.blocks.get(text);
        return declaration ? this.#ofBlock(declaration.block, declaration.file, depth) : 0;
      }
    }
  }

  #ofChain({ items }: Chain, file: FileScope, depth: number): number {
    return items.reduce((sum, item) => sum + this.ofItem(item, file, depth), 0);
  }

  #ofBlock(block: Block, file: FileScope, depth: number): number {
    const known = this.#known.get(block);
    if (known !== undefined) return known;
    // A block that uses itself is another mistake.
    this.#known.set(block, 0);
    const steps = this.#ofChain(block.body, file, depth);
    this.#known.set(block, steps);
    return steps;
  }
}

import { refuse } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { dropNoOps } from './drop-no-ops.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { eliminateDeadCode } from './eliminate-dead-code.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { foldConstants } from './fold-constants.ts';
import { fuseEpilogues } from './fuse-epilogues.ts';
import { mergePointwise } from './merge-pointwise.ts';
import type { Pass } from './pass.ts';
import { simplify } from './simplify.ts';

/**
 * What every compilation runs, in order.
 *
 * - Dead nodes go first: a value that only the dead read counts as read once afterwards.
 * - No-ops and identities go before the rewrites that look for neighbours.
 * - Normalisation is folded before 1×1 convolutions are merged, for it stands between them.
 * - Epilogues come last: all passes before see activations as nodes of their own.
 */
export const DEFAULT_PASSES: readonly Pass[] = [
  eliminateDeadCode,
  dropNoOps,
  foldConstants,
  eliminateCommonSubexpressions,
  simplify,
  foldBatchNorm,
  mergePointwise,
  fuseEpilogues,
];

/** Every pass that `--passes` may name. */
export const PASSES: ReadonlyMap<string, Pass> = new Map(DEFAULT_PASSES.map((pass) => [pass.name, pass]));

/** `fold-batch-norm,fuse-epilogues`, or `default`. Throws a `Refusal` (E070) for a name that is none. */
export function parsePipeline(text: string): readonly Pass[] {
  const names = text.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .flatMap((name) => {
      if (name === 'default') return DEFAULT_PASSES;
      const pass = PASSES.get(name);
      if (pass) return pass;
      return refuse('E070', `there is no pass '${name}'${didYouMean(name, PASSES.keys())}`, {
        help: `passes: ${[...PASSES.keys()].join(', ')}`,
      });
    });
}

import { refuse } from '../support/refusal.ts';
import { didYouMean } from '../support/suggest.ts';
import { convToFc } from './conv-to-fc.ts';
import { dropNoOps } from './drop-no-ops.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { eliminateDeadCode } from './eliminate-dead-code.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { foldConstants } from './fold-constants.ts';
import { foldPadding } from './fold-padding.ts';
import { fuseEpilogues } from './fuse-epilogues.ts';
import { gapToFc } from './gap-to-fc.ts';
import { lowerConvolutions } from './lower-convolutions.ts';
import { mergePointwise } from './merge-pointwise.ts';
import { nameActivations } from './name-activations.ts';
import type { Pass } from './pass.ts';
import { schedule } from './schedule.ts';
import { simplify } from './simplify.ts';

/**
 * What every compilation runs, in order.
 *
 * - Dead nodes go first: a value that only the dead read counts as read once afterwards.
 * - No-ops go before the rewrites that look for neighbours.
 * - Normalisation is folded before the rewrites of linear layers, for it stands between them.
 * - Identities are looked for after those, which leave some behind.
 * - Activations get their names before it is asked what is computed twice.
 * - Epilogues come late: all passes before see activations as nodes of their own.
 * - The order of operators comes last, when it is known which there are.
 */
export const DEFAULT_PASSES: readonly Pass[] = [
  eliminateDeadCode,
  dropNoOps,
  foldConstants,
  nameActivations,
  eliminateCommonSubexpressions,
  foldPadding,
  foldBatchNorm,
  gapToFc,
  mergePointwise,
  simplify,
  fuseEpilogues,
  schedule,
];

/**
 * Every pass that `--passes` may name: those above, the one that follows the user's wish, and one that only
 * tests and the curious want.
 */
export const PASSES: ReadonlyMap<string, Pass> = new Map(
  [...DEFAULT_PASSES, lowerConvolutions('im2col'), convToFc].map((pass) => [pass.name, pass]),
);

/** What there is to choose from. */
export const passes = (): Pick<Pass, 'name' | 'doc' | 'numeric'>[] =>
  [...PASSES.values()].map(({ name, doc, numeric }) => ({ name, doc, numeric }));

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

import { eliminateDeadCode } from './eliminate-dead-code.ts';
import { fuseEpilogues } from './fuse-epilogues.ts';
import type { Pass } from './pass.ts';

/**
 * What every compilation runs, in order. Dead nodes go first, so that a value read only by the dead
 * counts as having one user when epilogues are fused.
 */
export const DEFAULT_PASSES: readonly Pass[] = [eliminateDeadCode, fuseEpilogues];

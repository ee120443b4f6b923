import { CnncError } from './errors.ts';
import type { TargetFactory, TargetName } from './program.ts';

/** The targets of a bundle, best first. */
export type Targets = Readonly<Partial<Record<TargetName, TargetFactory>>>;

/** The target wished for, else the best. Throws `TARGET_UNKNOWN`. */
export function chooseTarget(targets: Targets, wish?: TargetName): [TargetName, TargetFactory] {
  // The keys of Targets are target names, and none is undefined: a bundle has what it names.
  const entries = Object.entries(targets) as [TargetName, TargetFactory][];
  const chosen = wish === undefined ? entries[0] : entries.find(([name]) => name === wish);
  if (chosen) return chosen;
  const names = entries.map(([name]) => name).join(', ');
  throw new CnncError('TARGET_UNKNOWN', `there is no target ${wish}, this bundle was compiled for: ${names}`);
}

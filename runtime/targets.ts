import { CnncError } from './errors.ts';
import type { Engine, TargetFactory, TargetName, Weights } from './program.ts';

/** The targets of a bundle, best first. */
export type Targets = Readonly<Partial<Record<TargetName, TargetFactory>>>;

export interface Started {
  readonly engine: Engine;
  readonly target: TargetName;
  /** Better targets that do not work here, and why. */
  readonly skipped: readonly { readonly target: TargetName; readonly reason: string }[];
}

/** The targets to try: the one wished for, or all. Throws `TARGET_UNKNOWN`. */
export function candidates(targets: Targets, wish: TargetName | undefined): TargetName[] {
  // The keys of Targets are target names.
  const names = Object.keys(targets) as TargetName[];
  if (wish === undefined) return names;
  if (names.includes(wish)) return [wish];
  throw new CnncError(
    'TARGET_UNKNOWN',
    `the bundle has no target "${wish}", compiled were: ${names.join(', ')}`,
  );
}

/** Starts the first target that works on this machine. Throws `TARGET_FAILED` when none does. */
export async function startTarget(
  targets: Targets,
  names: readonly TargetName[],
  weights: Weights,
): Promise<Started> {
  const skipped: { target: TargetName; reason: string }[] = [];
  let cause: unknown;
  for (const target of names) {
    try {
      return { engine: await targets[target]!(weights), target, skipped };
    } catch (error) {
      cause = error;
      skipped.push({ target, reason: String(error) });
    }
  }
  const reasons = skipped.map(({ target, reason }) => `${target}: ${reason}`).join('; ');
  throw new CnncError('TARGET_FAILED', `no target works here (${reasons})`, { cause });
}

import { CnncError } from './errors.ts';
import type { Engine, Program, TargetFactory, TargetName, Weights } from './program.ts';

/** What a target is given when it starts. */
export interface Setting {
  readonly program: Program;
  /** They are still arriving: a target may set up meanwhile what does not depend on them. */
  readonly weights: Promise<Weights>;
  /** A device of the caller's, for the target webgpu. */
  readonly device?: GPUDevice | undefined;
  /** What follows when a target fails while the model runs. */
  readonly onDeviceLost: 'fallback' | 'reject';
  /** The other targets that may be used, best first. */
  readonly others: readonly Choice[];
  /** Told when a running model goes on with another target. */
  readonly onMove: (next: Started, why: string) => void;
}

/** Throws `TARGET_UNAVAILABLE` where the target does not run, `DEVICE_LOST` where its device is lost at once. */
export type Start = (setting: Setting) => Promise<Engine>;

/** The targets of a bundle, best first. */
export type Targets = Readonly<Partial<Record<TargetName, Start>>>;
export type Choice = readonly [name: TargetName, start: Start];

/** A target that was left, and why. */
export interface Skipped {
  readonly target: TargetName;
  readonly why: string;
}

/**
 * A target that begins when all weights are there. Models of one module have the same weights, and share an engine as
 * long as one of them is in memory: what is generated computes an item without interruption, keeps nothing from one to
 * the next, and has nothing to dispose of. That saves memory, and half of the time: V8 takes the arrays of a function
 * for constants only where it was made once.
 */
export function whenLoaded(factory: TargetFactory): Start {
  let shared: WeakRef<Engine | Promise<Engine>> | undefined;
  return async ({ weights }) => {
    const loaded = await weights;
    const engine = shared?.deref() ?? factory(loaded);
    shared = new WeakRef(engine);
    return engine;
  };
}

/** The target wished for, else all, best first. Throws `TARGET_UNKNOWN`. */
export function chooseTargets(targets: Targets, wish: TargetName | 'auto' = 'auto'): readonly Choice[] {
  // The keys of Targets are target names, and none is undefined: a bundle has what it names.
  const choices = Object.entries(targets) as [TargetName, Start][];
  if (wish === 'auto') return choices;
  const chosen = choices.filter(([name]) => name === wish);
  if (chosen.length > 0) return chosen;
  const names = choices.map(([name]) => name).join(', ');
  throw new CnncError('TARGET_UNKNOWN', `there is no target ${wish}, this bundle was compiled for: ${names}`);
}

export interface Started {
  readonly target: TargetName;
  readonly engine: Engine;
  readonly skipped: readonly Skipped[];
}

/** Starts the first target that runs here. */
export async function startFirst(
  choices: readonly Choice[],
  setting: Omit<Setting, 'others'>,
  skipped: readonly Skipped[] = [],
): Promise<Started> {
  const [[target, start], ...others] = choices as readonly [Choice, ...Choice[]]; // chooseTargets found some
  try {
    return { target, skipped, engine: await start({ ...setting, others }) };
  } catch (error) {
    if (!(error instanceof CnncError) || !mayMoveOn(error, setting) || others.length === 0) throw error;
    return startFirst(others, setting, [...skipped, { target, why: error.message }]);
  }
}

/** Whether another target may do what this one could not. */
const mayMoveOn = ({ code }: CnncError, { onDeviceLost }: Pick<Setting, 'onDeviceLost'>): boolean =>
  code === 'TARGET_UNAVAILABLE' || (code === 'DEVICE_LOST' && onDeviceLost === 'fallback');

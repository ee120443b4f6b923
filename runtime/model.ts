import { CnncError } from './errors.ts';
import type { ReadPicture } from './inputs.ts';
import { unlessAborted } from './abort.ts';
import { ANYTHING, named, optionsOf, type Expected } from './options.ts';
import type { BySize } from './sizes/index.ts';
import type { Engine, Program, TargetName } from './program.ts';
import { type Model, type Report, session } from './session.ts';
import { openSource, type WeightsSource } from './source.ts';
import { chooseTargets, startFirst, type Choice, type Targets } from './targets.ts';
import { readWeights } from './weights.ts';

export interface CreateOptions {
  /** Default, and `auto`: the best one of the bundle that runs here. */
  readonly target?: TargetName | 'auto' | undefined;
  /** Default: the file beside the module, or the weights inside it. */
  readonly weights?: WeightsSource | undefined;
  /** For the target webgpu: a device of yours, to share its buffers. It is not destroyed with the model. */
  readonly device?: GPUDevice | undefined;
  /**
   * When a GPU is lost, the model builds itself up again once and repeats the run. When that fails too, it
   * goes on with the next target, or with `reject` rejects with `DEVICE_LOST`. Default: `fallback`.
   */
  readonly onDeviceLost?: 'fallback' | 'reject' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** `weights` while the file arrives and is verified, then once `prepare` while the target sets itself up. */
export interface Progress {
  readonly phase: 'weights' | 'prepare';
  /** Bytes of the weights file that arrived and proved right. */
  readonly loaded: number;
  readonly total: number;
}

export type CreateModel = (options?: CreateOptions) => Promise<Model>;

/** What only some bundles have. */
export interface Parts {
  /** Where an input takes pictures. */
  readonly readPicture?: ReadPicture;
  /** Where there are several input sizes: the targets of each further one. */
  readonly sizes?: { readonly bySize: BySize; readonly targets: readonly Targets[] };
}

/**
 * What a bundle exports. `defaultWeights` is asked only when the caller gives none. `createModel` rejects
 * with `WEIGHTS_…`, `TARGET_…`, `OPTION_…`, `DEVICE_LOST` or `ABORTED`.
 */
export function defineModel(
  program: Program,
  targets: Targets,
  defaultWeights: () => WeightsSource,
  parts: Parts = {},
): { readonly createModel: CreateModel } {
  return {
    async createModel(given) {
      const options = optionsOf(given, OPTIONS);
      try {
        const weights = options.weights ?? defaultWeights();
        return await load(program, targets, { ...options, weights, parts });
      } catch (error) {
        const { signal } = options;
        if (!signal?.aborted) throw error;
        throw new CnncError('ABORTED', `loading was aborted: ${signal.reason}`, { cause: signal.reason });
      }
    },
  };
}

const OPTIONS = {
  target: ANYTHING,
  weights: ANYTHING,
  device: named('a GPUDevice'),
  onDeviceLost: ["'fallback' or 'reject'", (value) => value === 'fallback' || value === 'reject'],
  signal: named('an AbortSignal'),
  onProgress: ['a function', (value) => typeof value === 'function'],
} as const satisfies Record<keyof CreateOptions, Expected>;

interface Loading extends CreateOptions {
  readonly weights: WeightsSource;
  readonly parts: Parts;
}

const aboutOf = ({ about }: Engine): Pick<Report, 'device'> => (about === undefined ? {} : { device: about });

async function load(program: Program, targets: Targets, options: Loading): Promise<Model> {
  const { signal, onProgress, parts } = options;
  const total = program.weights.bytes;
  const progress = (phase: Progress['phase'], loaded: number) => {
    signal?.throwIfAborted();
    onProgress?.({ phase, loaded, total });
  };
  const begun = performance.now();
  let loaded = begun;
  const read = async () => {
    progress('weights', 0);
    const source = await openSource(options.weights, signal);
    const tensors = await readWeights(program.weights, source, {
      signal,
      onVerified: (bytes) => progress('weights', bytes),
    });
    loaded = performance.now();
    progress('prepare', total);
    return tensors;
  };
  const weights = read();
  // Whoever needs them learns of a failure; a target that never came to that is no reason to crash.
  weights.catch(() => {});
  const start = async (network: Program, choices: readonly Choice[]): Promise<Model> => {
    let report: Report;
    const { target, engine, skipped } = await startFirst(choices, {
      program: network,
      weights,
      device: options.device,
      onDeviceLost: options.onDeviceLost ?? 'fallback',
      onMove: (next, why) => {
        const { device: _, ...others } = report;
        const left = { target: report.target, why };
        report = {
          ...others,
          ...aboutOf(next.engine),
          target: next.target,
          skipped: [...report.skipped, left],
        };
      },
    });
    report = {
      target,
      skipped,
      ...aboutOf(engine),
      weightsBytes: total,
      loadMs: loaded - begun,
      prepareMs: performance.now() - loaded,
    };
    return session(network, engine, { report: () => report, readPicture: parts.readPicture });
  };
  const first = await unlessAborted(start(program, chooseTargets(targets, options.target)), signal);
  // From here on the signal says nothing any more: what it may abort is done.
  if (!parts.sizes) return first;
  const further = (program.sizes ?? []).map((size, i) => ({
    ...size,
    start: () => start({ ...program, ...size }, chooseTargets(parts.sizes!.targets[i]!, options.target)),
  }));
  return parts.sizes.bySize(first, further);
}

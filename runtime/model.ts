import { CnncError } from './errors.ts';
import type { Program, TargetName } from './program.ts';
import { type Model, type Report, session } from './session.ts';
import { openSource, type WeightsSource } from './source.ts';
import { chooseTarget, type Targets } from './targets.ts';
import { readWeights } from './weights.ts';

export interface CreateOptions {
  /** Default: the best one of the bundle. */
  readonly target?: TargetName | undefined;
  /** Default: the file beside the module, or the weights inside it. */
  readonly weights?: WeightsSource | undefined;
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

/**
 * What a bundle exports. `defaultWeights` is asked only when the caller gives none.
 * `createModel` rejects with `WEIGHTS_…`, `TARGET_UNKNOWN` or `ABORTED`.
 */
export function defineModel(
  program: Program,
  targets: Targets,
  defaultWeights: () => WeightsSource,
): { readonly createModel: CreateModel } {
  return {
    async createModel(options = {}) {
      try {
        return await load(program, targets, { ...options, weights: options.weights ?? defaultWeights() });
      } catch (error) {
        const { signal } = options;
        if (!signal?.aborted) throw error;
        throw new CnncError('ABORTED', `loading was aborted: ${signal.reason}`, { cause: signal.reason });
      }
    },
  };
}

type Loading = CreateOptions & { readonly weights: WeightsSource };

async function load(program: Program, targets: Targets, options: Loading): Promise<Model> {
  const { signal, onProgress } = options;
  const [target, start] = chooseTarget(targets, options.target);
  const total = program.weights.bytes;
  const progress = (phase: Progress['phase'], loaded: number) => {
    signal?.throwIfAborted();
    onProgress?.({ phase, loaded, total });
  };
  const begun = performance.now();
  progress('weights', 0);
  const source = await openSource(options.weights, signal);
  const weights = await readWeights(program.weights, source, {
    signal,
    onVerified: (bytes) => progress('weights', bytes),
  });
  const loaded = performance.now();
  progress('prepare', total);
  const engine = await start(weights);
  if (signal?.aborted) {
    engine.dispose();
    signal.throwIfAborted();
  }
  const report: Report = {
    target,
    weightsBytes: total,
    loadMs: loaded - begun,
    prepareMs: performance.now() - loaded,
  };
  return session(program, engine, report);
}

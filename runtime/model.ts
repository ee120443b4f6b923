import { elements } from './container.ts';
import { CnncError } from './errors.ts';
import { type Input, readBatch } from './inputs.ts';
import type { Program, TargetName, TensorSpec } from './program.ts';
import { taskQueue } from './queue.ts';
import { openSource, type WeightsSource } from './source.ts';
import { candidates, type Started, startTarget, type Targets } from './targets.ts';
import { readWeights } from './weights.ts';

export interface CreateOptions {
  /** Default: the first of the bundle's targets that works here. */
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

export interface Report {
  readonly target: TargetName;
  /** Better targets that do not work here, and why. */
  readonly skipped: Started['skipped'];
  readonly weightsBytes: number;
  /** Milliseconds until the weights were there and verified. */
  readonly loadMs: number;
  /** Milliseconds the target then took to set itself up. */
  readonly prepareMs: number;
}

/** A network that is ready to run. */
export interface Model {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly target: TargetName;
  readonly report: Report;
  /**
   * Runs a batch; its size follows from the length of the input. Overlapping calls queue. The arrays
   * returned are fresh and the caller's. Rejects with `INPUT_…` or `DISPOSED`.
   */
  run(input: Input): Promise<Record<string, Float32Array>>;
  /** Frees the network; runs that have not finished reject with `DISPOSED`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

export type CreateModel = (options?: CreateOptions) => Promise<Model>;

/**
 * What a bundle exports. `defaultWeights` is asked only when the caller gives none.
 * `createModel` rejects with `WEIGHTS_…`, `TARGET_…` or `ABORTED`.
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
  const names = candidates(targets, options.target);
  const total = program.weights.bytes;
  const progress = (phase: Progress['phase'], loaded: number) => {
    signal?.throwIfAborted();
    onProgress?.({ phase, loaded, total });
  };
  const start = performance.now();
  progress('weights', 0);
  const source = await openSource(options.weights, signal);
  const weights = await readWeights(program.weights, source, {
    signal,
    onVerified: (bytes) => progress('weights', bytes),
  });
  const loaded = performance.now();
  progress('prepare', total);
  const started = await startTarget(targets, names, weights);
  if (signal?.aborted) {
    started.engine.dispose();
    signal.throwIfAborted();
  }
  return session(program, started, {
    target: started.target,
    skipped: started.skipped,
    weightsBytes: total,
    loadMs: loaded - start,
    prepareMs: performance.now() - loaded,
  });
}

function session({ inputs, outputs }: Program, { engine, target }: Started, report: Report): Model {
  const enqueue = taskQueue();
  let disposed = false;
  const assertAlive = () => {
    if (disposed) throw new CnncError('DISPOSED', 'the model was disposed: create another one');
  };
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    void enqueue(() => engine.dispose());
  };
  const run = async (input: Input) => {
    assertAlive();
    const batch = readBatch(inputs, input);
    const results = outputs.map(({ shape }) => new Float32Array(batch.size * elements(shape)));
    await enqueue(async () => {
      for (let item = 0; item < batch.size; item++) {
        assertAlive();
        const ofItem = (array: Float32Array) => {
          const length = array.length / batch.size;
          return array.subarray(item * length, (item + 1) * length);
        };
        await engine.run(batch.inputs.map(ofItem), results.map(ofItem));
      }
    });
    return Object.fromEntries(outputs.map(({ name }, i) => [name, results[i]!]));
  };
  // Not every engine knows Symbol.dispose yet.
  const disposable = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose } as Disposable;
  return { inputs, outputs, target, report, run, dispose, ...disposable };
}

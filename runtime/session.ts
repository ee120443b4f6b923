import { elements } from './container.ts';
import { CnncError } from './errors.ts';
import { type Input, readBatch } from './inputs.ts';
import type { Engine, Program, TargetName, TensorSpec } from './program.ts';
import { taskQueue } from './queue.ts';

export interface Report {
  readonly target: TargetName;
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

/** A model around an engine: checks inputs, queues runs, loops over the batch. */
export function session({ inputs, outputs }: Program, engine: Engine, report: Report): Model {
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
  return { inputs, outputs, target: report.target, report, run, dispose, ...disposable };
}

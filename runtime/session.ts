import { elements } from './container.ts';
import { CnncError } from './errors.ts';
import { type Batch, dataOf, type Input, readBatch, type ReadPicture, type SizedInput } from './inputs.ts';
import type { Engine, NetworkSize, Program, ReceptiveField, TargetName, TensorSpec } from './program.ts';
import { copies } from './copies.ts';
import { runItems } from './items.ts';
import { kindOf } from './kind-of.ts';
import { optionsOf, type Expected } from './options.ts';
import { taskQueue } from './queue.ts';
import type { Skipped } from './targets.ts';

export interface Report {
  readonly target: TargetName;
  /** Better targets of the bundle that do not run here, each with the reason. */
  readonly skipped: readonly Skipped[];
  /** What the target runs on, where it says so: the GPU's name. */
  readonly device?: string;
  readonly weightsBytes: number;
  /** Milliseconds until the weights were there and verified. */
  readonly loadMs: number;
  /** Milliseconds the target then took to set itself up. */
  readonly prepareMs: number;
}

export interface RunOptions {
  /** GPU buffers that get outputs instead of fresh arrays, by name; they need the usage COPY_DST. */
  readonly into?: Readonly<Record<string, GPUBuffer>> | undefined;
}

/** A network that is ready to run. */
export interface Model {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** What goes in and what comes out at each size of the bundle; the first is that of `inputs` and `outputs`. */
  readonly sizes: readonly NetworkSize[];
  /** What it runs on now. */
  readonly target: TargetName;
  readonly report: Report;
  /**
   * Runs a batch; its size follows from the length of the input. Overlapping calls queue. The arrays
   * returned are fresh and the caller's. A bundle for several sizes takes `{ data, shape }` for any but
   * the first. Rejects with `INPUT_…`, `OPTION_…`, `DEVICE_LOST` or `DISPOSED`.
   */
  run(input: SizedInput, options?: RunOptions): Promise<Record<string, Float32Array>>;
  /** What the positions of an output look at, in input positions. Throws `INPUT_NAME` for what is no output. */
  receptiveField(output: string): ReceptiveField | undefined;
  /** Frees the network; runs that have not finished reject with `DISPOSED`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

export interface SessionParts {
  /** As it is now. */
  readonly report: () => Report;
  readonly readPicture: ReadPicture | undefined;
}

/** A model around an engine: checks inputs, queues runs, loops over the batch. */
export function session(
  { inputs, outputs }: Program,
  engine: Engine,
  { report, readPicture }: SessionParts,
): Model {
  const enqueue = taskQueue();
  const { copyOf, giveBack } = copies();
  let disposed = false;
  const assertAlive = () => {
    if (disposed) throw new CnncError('DISPOSED', 'the model was disposed: create another one');
  };
  const assertTakesBuffers = () => {
    if (engine.takesBuffers === true) return;
    throw new CnncError('INPUT_TYPE', `the target ${report().target} cannot use GPU buffers`);
  };
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    void enqueue(() => engine.dispose());
  };
  const run: Model['run'] = async (input, options) => {
    assertAlive();
    const { into = {} } = optionsOf(options, RUN_OPTIONS);
    const takesBuffers = engine.takesBuffers === true;
    if (Object.keys(into).length > 0) assertTakesBuffers();
    // What has a shape was for a bundle of several sizes; here it is refused as no input.
    const batch = readBatch(inputs, input as Input, { readPicture, takesBuffers, copyOf });
    const results = resultsFor(outputs, batch, into);
    const hasBuffers = [...batch.inputs, ...results].some((data) => !ArrayBuffer.isView(data));
    await enqueue(async () => {
      const items = { count: batch.size, inputs: batch.inputs.map(dataOf), outputs: results.map(dataOf) };
      await runItems(engine, { inputs, outputs }, items, () => {
        assertAlive();
        // While the run waited its turn, the model may have gone on with another target.
        if (hasBuffers) assertTakesBuffers();
      });
    });
    giveBack(batch.inputs);
    const arrays = outputs.flatMap(({ name }, i) => {
      const result = results[i]!;
      return ArrayBuffer.isView(result) ? [[name, result] as const] : [];
    });
    return Object.fromEntries(arrays);
  };
  return {
    inputs,
    outputs,
    sizes: [{ inputs, outputs }],
    get target() {
      return report().target;
    },
    get report() {
      return report();
    },
    run,
    receptiveField: (output) => {
      requireOutput(output, outputs);
      return outputs.find(({ name }) => name === output)?.receptiveField;
    },
    dispose,
    // Not every engine knows Symbol.dispose yet.
    ...({ [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose } as Disposable),
  };
}

const RUN_OPTIONS = {
  into: ['GPU buffers by name', (value) => kindOf(value) === 'Object'],
} as const satisfies Record<keyof RunOptions, Expected>;

function requireOutput(wanted: string, outputs: readonly TensorSpec[]): void {
  if (outputs.some(({ name }) => name === wanted)) return;
  const names = outputs.map(({ name }) => JSON.stringify(name)).join(', ');
  throw new CnncError('INPUT_NAME', `there is no output ${JSON.stringify(wanted)}, expected ${names}`);
}

/** A fresh array for every output, or the buffer that the caller wants it in. */
function resultsFor(
  outputs: readonly TensorSpec[],
  { size }: Batch,
  into: Readonly<Record<string, GPUBuffer>>,
): readonly (Float32Array | GPUBuffer)[] {
  for (const name of Object.keys(into)) requireOutput(name, outputs);
  return outputs.map(({ name, shape }) => {
    if (!Object.hasOwn(into, name)) return new Float32Array(size * elements(shape));
    const buffer = into[name]!;
    const kind = kindOf(buffer);
    if (kind === 'GPUBuffer') return buffer;
    throw new CnncError(
      'INPUT_TYPE',
      `output ${JSON.stringify(name)} has type ${kind}, expected a GPUBuffer`,
    );
  });
}

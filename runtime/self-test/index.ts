// A model that can tell how exact it is where it runs: it makes the inputs that the compiler made, from their
// seed, and compares its outputs with those that the compiler got.
import type { CreateModel } from '../model.ts';
import type { TargetName } from '../program.ts';
import { randomInputs } from '../random-inputs.ts';
import type { Model } from '../session.ts';
import { deviation, type Deviation, type NumericClass } from '../tolerance.ts';

/** What the compiler got. */
export interface Golden {
  /** Of the inputs. */
  readonly seed: number;
  readonly outputs: readonly GoldenOutput[];
}

export interface GoldenOutput {
  readonly name: string;
  /** All values or, of many, some at even distances; float32, little-endian. */
  readonly bytes: Uint8Array;
}

/** How far off the model is here. */
export interface SelfTest {
  readonly ok: boolean;
  readonly target: TargetName;
  readonly maxAbsolute: number;
  /** The same as a share of an output's largest value. */
  readonly maxRelative: number;
  readonly outputs: readonly OutputTest[];
}

export interface OutputTest extends Omit<Deviation, 'at'> {
  readonly name: string;
}

/** Shaders sum in single precision, and by Winograd. */
const NUMERIC: Readonly<Record<TargetName, NumericClass>> = { js: 'network', webgpu: 'winogradNetwork' };

/** The element that stands for sample `i` of `count`. */
export const sampleAt = (i: number, { length, count }: { length: number; count: number }): number =>
  Math.floor((i * length) / count);

/** `createModel` whose models have `selfTest`. */
export const selfTested =
  (createModel: CreateModel, golden: Golden): CreateModel =>
  async (options) => {
    const model = await createModel(options);
    return Object.defineProperty(model, 'selfTest', { value: () => test(model, golden) });
  };

async function test(model: Model, { seed, outputs: expected }: Golden): Promise<SelfTest> {
  const results = await model.run(randomInputs(model.inputs, seed));
  const { target } = model;
  const outputs = expected.map(({ name, bytes }): OutputTest => {
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const { length } = results[name]!;
    const samples = values.map((_, i) => results[name]![sampleAt(i, { length, count: values.length })]!);
    const { at: _, ...found } = deviation(samples, values, NUMERIC[target]);
    return { name, ...found };
  });
  return {
    ok: outputs.every(({ ok }) => ok),
    target,
    maxAbsolute: Math.max(...outputs.map(({ maxAbsolute }) => maxAbsolute)),
    maxRelative: Math.max(...outputs.map(({ maxRelative }) => maxRelative)),
    outputs,
  };
}

// Two ways to run one network, compared output by output.
import type { TensorSpec } from '../../runtime/program.ts';
import { randomInputs } from '../../runtime/random-inputs.ts';
import { deviation, type Deviation, type NumericClass } from '../../runtime/tolerance.ts';

/** Values of one item by name. */
export type Arrays = Readonly<Record<string, Float32Array>>;
export type Run = (inputs: Arrays) => Arrays | Promise<Arrays>;

/** How far an output is off in the worst of all runs. */
export interface OutputDeviation extends Deviation {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of the inputs of that run. */
  readonly seed: number;
}

export interface Verification {
  readonly ok: boolean;
  readonly outputs: readonly OutputDeviation[];
}

/** What goes in and what comes out. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Runs `subject` and `oracle` on the same random inputs, one item for each seed. */
export async function compareRuns(
  { subject, oracle }: { readonly subject: Run; readonly oracle: Run },
  { inputs: specs, outputs: expected }: Signature,
  { seeds, numeric }: { readonly seeds: readonly number[]; readonly numeric: NumericClass },
): Promise<Verification> {
  const worst = new Map<string, OutputDeviation>();
  for (const seed of seeds) {
    const inputs = randomInputs(specs, seed);
    const [actual, right] = [await subject(inputs), await oracle(inputs)];
    for (const { name, shape } of expected) {
      const found = { name, shape, seed, ...deviation(actual[name]!, right[name]!, numeric) };
      const before = worst.get(name);
      if (!before || excess(found) > excess(before)) worst.set(name, found);
    }
  }
  const outputs = [...worst.values()];
  return { ok: outputs.every(({ ok }) => ok), outputs };
}

const excess = ({ maxAbsolute, allowed }: Deviation): number => maxAbsolute / allowed;

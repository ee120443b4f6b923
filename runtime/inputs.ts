import { elements } from './container.ts';
import { CnncError } from './errors.ts';
import type { TensorSpec } from './program.ts';

/** What `run` takes: the only input's values, or each input's by name. Items of a batch follow each other. */
export type Input = Float32Array | Readonly<Record<string, Float32Array>>;

export interface Batch {
  readonly size: number;
  /** Parallel to the program's inputs. Copies, so that a caller may refill its arrays while a run waits. */
  readonly inputs: readonly Float32Array[];
}

/** Checks what a caller gave to `run`. Throws `INPUT_TYPE`, `INPUT_NAME` and `INPUT_LENGTH`. */
export function readBatch(specs: readonly TensorSpec[], input: Input): Batch {
  const inputs = byName(specs, input);
  const sizes = specs.map((spec, i) => batchSize(spec, inputs[i]));
  if (sizes.some((size) => size !== sizes[0])) {
    throw new CnncError('INPUT_LENGTH', `the inputs hold different numbers of items: ${sizes.join(', ')}`);
  }
  // batchSize let nothing else through.
  return { size: sizes[0]!, inputs: inputs.map((array) => (array as Float32Array).slice()) };
}

/** Parallel to the inputs, of types still unknown. */
function byName(specs: readonly TensorSpec[], input: Input): unknown[] {
  const names = specs.map(({ name }) => name);
  const expected = `expected ${names.map(quote).join(', ')}`;
  if (ArrayBuffer.isView(input)) {
    if (names.length === 1) return [input];
    throw new CnncError(
      'INPUT_NAME',
      `the model has ${names.length} inputs: give arrays by name, ${expected}`,
    );
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new CnncError(
      'INPUT_TYPE',
      `the input has type ${kindOf(input)}, expected a Float32Array or arrays by name`,
    );
  }
  const unknown = Object.keys(input).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CnncError('INPUT_NAME', `there is no input ${quote(unknown)}, ${expected}`);
  }
  const missing = names.find((name) => !Object.hasOwn(input, name));
  if (missing !== undefined) throw new CnncError('INPUT_NAME', `input ${quote(missing)} is missing`);
  return names.map((name) => input[name]);
}

/** How many items an array holds. */
function batchSize({ name, shape }: TensorSpec, array: unknown): number {
  if (kindOf(array) !== 'Float32Array') {
    throw new CnncError(
      'INPUT_TYPE',
      `input ${quote(name)} has type ${kindOf(array)}, expected a Float32Array`,
    );
  }
  // What calls itself a Float32Array has a length, also when it is another frame's.
  const { length } = array as Float32Array;
  const item = elements(shape);
  if (length === 0 || length % item !== 0) {
    throw new CnncError(
      'INPUT_LENGTH',
      `input ${quote(name)} has ${length} values, expected ${item} (${shape.join(' × ')}) per item of the batch`,
    );
  }
  return length / item;
}

const quote = (name: string): string => JSON.stringify(name);

/** `Float32Array`, `Array`, `Null`, `Number`: also right for what comes from another frame. */
const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

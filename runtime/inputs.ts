import { elements } from './container.ts';
import { CnncError } from './errors.ts';
import { kindOf } from './kind-of.ts';
import type { Data, TensorSpec } from './program.ts';

/** Something to be seen: it is prepared as the input's attributes say. */
export type Picture =
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | HTMLCanvasElement
  | HTMLVideoElement
  | OffscreenCanvas
  | VideoFrame;

/**
 * Values of one input. Items of a batch follow each other in an array or, where the target is webgpu, in a
 * buffer with the usage COPY_SRC.
 */
export type InputValue = Float32Array | GPUBuffer | Picture;

/** What `run` takes: the only input's values, or each input's by name. */
export type Input = InputValue | Readonly<Record<string, InputValue>>;

/** Values and the shape of one item, in a bundle for several sizes; values alone have the first one. */
export interface Sized {
  readonly data: InputValue;
  readonly shape: readonly number[];
}

export type SizedInput = Input | Sized | Readonly<Record<string, InputValue | Sized>>;

/** A picture as an input's values; undefined for what is no picture. */
export type ReadPicture = (value: unknown, spec: TensorSpec) => Float32Array | undefined;

export interface Batch {
  readonly size: number;
  /** Parallel to the program's inputs. Arrays are copies, so that a caller may refill its own while a run waits. */
  readonly inputs: readonly (Float32Array | GPUBuffer)[];
}

/** What else than arrays is taken. */
export interface Accepts {
  readonly readPicture: ReadPicture | undefined;
  readonly takesBuffers: boolean;
  readonly copyOf: (values: Float32Array) => Float32Array;
}

/** Checks what a caller gave to `run`. Throws `INPUT_TYPE`, `INPUT_NAME` and `INPUT_LENGTH`. */
export function readBatch(specs: readonly TensorSpec[], input: Input, accepts: Accepts): Batch {
  const values = byName(specs, input).map((value, i) => accepts.readPicture?.(value, specs[i]!) ?? value);
  const sizes = specs.map((spec, i) => batchSize(spec, values[i], accepts));
  if (sizes.some((size) => size !== sizes[0])) {
    throw new CnncError('INPUT_LENGTH', `the inputs hold different numbers of items: ${sizes.join(', ')}`);
  }
  // batchSize let nothing else through.
  const inputs = (values as (Float32Array | GPUBuffer)[]).map((value) =>
    isArray(value) ? accepts.copyOf(value) : value,
  );
  // A network without inputs computes one item.
  return { size: sizes[0] ?? 1, inputs };
}

/** All items of a batch. */
export const dataOf = (values: Float32Array | GPUBuffer): Data =>
  isArray(values) ? values : { buffer: values, offset: 0, size: values.size };

const isArray = (values: Float32Array | GPUBuffer): values is Float32Array => ArrayBuffer.isView(values);

/** Parallel to the inputs, of types still unknown. */
function byName(specs: readonly TensorSpec[], input: Input): unknown[] {
  const names = specs.map(({ name }) => name);
  const expected = `expected ${names.map(quote).join(', ')}`;
  if (isSingle(input)) {
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

/** Arrays, buffers and pictures say what they are; a collection by name is a plain object. */
const isSingle = (input: Input): input is InputValue =>
  typeof input === 'object' && input !== null && !Array.isArray(input) && kindOf(input) !== 'Object';

/** How many items an input holds. */
function batchSize({ name, shape }: TensorSpec, value: unknown, { takesBuffers }: Accepts): number {
  const item = elements(shape);
  const kind = kindOf(value);
  if (kind !== 'Float32Array' && !(kind === 'GPUBuffer' && takesBuffers)) {
    throw new CnncError('INPUT_TYPE', `input ${quote(name)} has type ${kind}, expected a Float32Array`);
  }
  // What calls itself a Float32Array has a length, also when it is another frame's; a GPUBuffer a size.
  const length = kind === 'GPUBuffer' ? (value as GPUBuffer).size / 4 : (value as Float32Array).length;
  if (length === 0 || length % item !== 0) {
    throw new CnncError(
      'INPUT_LENGTH',
      `input ${quote(name)} has ${length} values, expected ${item} (${shape.join(' × ')}) per item of the batch`,
    );
  }
  return length / item;
}

const quote = (name: string): string => JSON.stringify(name);

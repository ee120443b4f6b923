import type { Shape } from '../../tensor/types.ts';

/** One tensor of a weights file. */
export interface NamedTensor {
  readonly shape: Shape;
  /** Its elements, row-major. Throws a `Refusal` where their type cannot be read; tensors nobody wants may have any. */
  readonly read: () => Float32Array;
}

/** What a weights file holds, whatever its format. */
export interface NamedTensors {
  /** In the order in which they lie in the file. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

import type { Shape } from '../../tensor/types.ts';

/** What a weights file holds, whatever its format. */
export interface NamedTensors {
  readonly tensors: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
  readonly metadata: ReadonlyMap<string, string>;
}

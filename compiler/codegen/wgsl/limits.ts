// What every WebGPU device allows (the specification's default limits). Plans stay within, so that a
// device is asked for nothing more; what cannot is refused when the network is compiled.
import { refuse } from '../../support/refusal.ts';
import type { Dispatch, Source } from './dispatch.ts';
import { packedBytes } from './packing.ts';

/** Bytes of one binding: maxStorageBufferBindingSize. */
export const MAX_BINDING_BYTES = 128 * 2 ** 20;

/** Storage buffers of one dispatch: maxStorageBuffersPerShaderStage. */
export const MAX_STORAGE_BUFFERS = 8;

/** Throws a `Refusal` that names what does not fit. */
export function requireWithinLimits(dispatches: readonly Dispatch[]): void {
  for (const { reads, writes } of dispatches)
    for (const source of [...reads, writes]) {
      const bytes = bytesOf(source);
      if (bytes <= MAX_BINDING_BYTES) continue;
      refuse(
        'E046',
        `${nameOf(source)} takes ${mebibytes(bytes)} MiB on the GPU, where a buffer has at most 128 MiB`,
        { help: 'a smaller input makes smaller maps; or compile for another target: --targets js' },
      );
    }
}

const bytesOf = (source: Source): number =>
  source.kind === 'value' ? source.bytes : packedBytes(source.layout);

const nameOf = (source: Source): string => (source.kind === 'value' ? source.name : source.tensor);
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

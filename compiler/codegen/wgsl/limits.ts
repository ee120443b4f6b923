// What every WebGPU device allows (the specification's default limits). Plans stay within, so that a
// device is asked for nothing more; what cannot is refused when the network is compiled.
import type { Packing } from '../../../runtime/webgpu/plan.ts';
import { formatBytes } from '../../support/bytes.ts';
import { refuse } from '../../support/refusal.ts';
import { showName } from '../../support/show-name.ts';
import type { Source } from './dispatch.ts';
import { packedBytes, type Part } from './packing.ts';

/** Bytes of one binding: maxStorageBufferBindingSize. */
export const MAX_BINDING_BYTES = 128 * 2 ** 20;

/** Storage buffers of one dispatch: maxStorageBuffersPerShaderStage. */
export const MAX_STORAGE_BUFFERS = 8;

/** Throws a `Refusal` that names what does not fit. */
export function requireWithinLimits(sources: readonly Source[]): void {
  for (const source of sources) {
    const bytes = bytesOf(source);
    if (bytes <= MAX_BINDING_BYTES) continue;
    const isMap = source.kind === 'value';
    refuse(
      'E046',
      `${showName(isMap ? source.name : source.tensor)} takes ${formatBytes(bytes)} on the GPU, where a buffer has at most ${formatBytes(MAX_BINDING_BYTES)}`,
      {
        help: isMap ? 'a smaller input makes smaller maps' : 'fewer filters have fewer weights',
      },
    );
  }
}

/** How filters are counted when their weights are cut. */
interface Cut {
  /** All of them, in vectors. */
  readonly vectors: number;
  /** Vectors that stay together. */
  readonly together: number;
  /** What a binding holds. */
  readonly bindingBytes: number;
}

/**
 * Ranges of filters, in vectors, whose weights fit into a binding; one at least. `layoutOf` is how the weights of a
 * range are packed.
 */
export function partsOf(
  layoutOf: (part: Part) => Packing,
  { vectors, together, bindingBytes }: Cut,
): readonly Part[] {
  const unit = packedBytes(layoutOf({ from: 0, count: together }));
  const count = together * Math.max(1, Math.floor(bindingBytes / unit));
  return Array.from({ length: Math.ceil(vectors / count) }, (_, i) => ({
    from: i * count,
    count: Math.min(count, vectors - i * count),
  }));
}

const bytesOf = (source: Source): number =>
  source.kind === 'value' ? source.bytes : packedBytes(source.layout);

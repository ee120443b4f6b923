// Buffers through which arrays get to the GPU and back.
import { elements } from '../container.ts';
import type { Program } from '../program.ts';
import { type Memory, watch } from './creation.ts';

// The constants of GPUBufferUsage.
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;

/** Where one item begins and ends. */
interface Ends {
  /** Where each input is written, and its bytes. */
  readonly inputs: readonly { readonly buffer: GPUBuffer; readonly size: number }[];
  /** Of all outputs. */
  readonly outputs: { readonly bytes: number };
  readonly readback: GPUBuffer;
}

/** Where arrays are written for all items of a submission, and read from. */
export interface Staging {
  readonly uploads: readonly GPUBuffer[];
  readonly readback: GPUBuffer;
}

/** Batches are cut into submissions whose inputs and outputs take no more. */
const MAX_STAGING_BYTES = 64 * 2 ** 20;

/** Of one item. */
const stagingBytes = ({ inputs, outputs }: Program): number =>
  [...inputs, ...outputs].reduce((sum, { shape }) => sum + 4 * elements(shape), 0);

/** So many items of a batch are submitted at once. */
export const itemsPerSubmission = (program: Program): number =>
  Math.max(1, Math.floor(MAX_STAGING_BYTES / Math.max(4, stagingBytes(program))));

/**
 * Staging for so many items: a single one is written to its place; that of more is made when the first such batch comes,
 * and kept for the next. Undefined where the GPU has no memory for it.
 */
export function stagings({ device, allocate }: Memory, { inputs, outputs, readback }: Ends) {
  const single: Staging = { uploads: inputs.map(({ buffer }) => buffer), readback };
  let [largest, most] = [single, 1];
  return async (count: number): Promise<Staging | undefined> => {
    if (count === 1) return single;
    if (count <= most) return largest;
    const refusals: Promise<string | undefined>[] = [];
    const staging = watch(
      device,
      (): Staging => ({
        uploads: inputs.map(({ size }) => allocate({ size: size * count, usage: COPY_SRC | COPY_DST })),
        readback: allocate({ size: outputs.bytes * count, usage: MAP_READ | COPY_DST }),
      }),
      refusals,
    );
    const unused = (await refusals[0]) === undefined ? largest : staging;
    if (unused !== single) for (const buffer of [...unused.uploads, unused.readback]) buffer.destroy();
    if (unused === staging) return undefined;
    [largest, most] = [staging, count];
    return staging;
  };
}

/** Browsers pass larger writes on through memory of their size, made anew every time: that takes three times as long. */
const WRITE_BYTES = 2 * 2 ** 20;

export function write({ queue }: GPUDevice, buffer: GPUBuffer, data: Float32Array): void {
  const most = WRITE_BYTES / 4;
  for (let at = 0; at < data.length; at += most)
    queue.writeBuffer(buffer, 4 * at, data, at, Math.min(most, data.length - at));
}

/**
 * Writes zeros: the memory that writes pass through is made for the first one, which takes several times as long as the
 * next. Pipelines are compiled meanwhile.
 */
export function touch({ queue }: GPUDevice, buffer: GPUBuffer, size: number): void {
  const zeros = new Float32Array(Math.min(size, WRITE_BYTES) / 4);
  for (let at = 0; at < size; at += WRITE_BYTES)
    queue.writeBuffer(buffer, at, zeros, 0, Math.min(WRITE_BYTES, size - at) / 4);
}

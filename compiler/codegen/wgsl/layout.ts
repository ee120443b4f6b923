// How values lie in GPU memory: channels-last, each pixel's channels filled up with zeros to whole
// vectors of four. A kernel may rely on these zeros, and `store` (kernel.ts) keeps them.
import type { Shape } from '../../tensor/types.ts';
import { sizeOf } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';

/** Vectors of four that hold this many channels. */
export const vectors = (channels: number): number => Math.ceil(channels / 4);

/** Pixels of all items: everything but channels. */
export const pixelsOf = (shape: Shape): number => sizeOf(shape.slice(0, -1));

const vectorsOf = (shape: Shape): number => vectors(channelsOf(shape));

/** Bytes of a value, padding included; no buffer is empty. */
export const paddedBytes = (shape: Shape): number => 16 * Math.max(1, vectorsOf(shape) * pixelsOf(shape));

/** There are no zeros to be filled in. */
export const isWhole = (shape: Shape): boolean => channelsOf(shape) % 4 === 0;

/** Elements lie as they do without padding: what zeros there are come behind the last. */
export const isDense = (shape: Shape): boolean => isWhole(shape) || pixelsOf(shape) === 1;

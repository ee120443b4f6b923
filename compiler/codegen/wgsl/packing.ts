// Weights as the kernels read them (runtime/webgpu/plan.ts). Matrices hold 4 input × 4 output channels:
// a column per input channel, so that `matrix * x` adds up four inputs for four outputs.
import type { Packing } from '../../../runtime/webgpu/plan.ts';
import { sizeOf, type Shape } from '../../tensor/types.ts';
import { channelsOf } from '../../tensor/window.ts';
import { vectors } from './layout.ts';

const LANES = 4;

/** A range of filters, of a tensor too large for one binding. */
export interface Part {
  readonly from: number;
  readonly count: number;
}

export interface MatrixSource {
  readonly outputs: { readonly length: number; readonly stride: number };
  readonly inputs: { readonly length: number; readonly stride: number };
  /** Positions of a window, in the order in which the kernel visits them. */
  readonly taps: { readonly length: number; readonly stride: number; readonly base?: number };
}

/** [tap][inputs / 4][outputs / 4] matrices. */
export function matrices({ outputs, inputs, taps }: MatrixSource): Packing {
  return {
    axes: [outputs, inputs, taps],
    dims: [
      { axis: 2, size: taps.length, step: 1 },
      { axis: 1, size: vectors(inputs.length), step: LANES },
      { axis: 0, size: vectors(outputs.length), step: LANES },
      { axis: 1, size: LANES, step: 1 },
      { axis: 0, size: LANES, step: 1 },
    ],
  };
}

/** [tap][channels / 4] vectors. */
export const perTap = ({
  channels,
  taps,
  flip,
}: {
  channels: number;
  taps: number;
  flip: boolean;
}): Packing => ({
  axes: [
    { length: channels, stride: taps },
    flip ? { length: taps, stride: -1, base: taps - 1 } : { length: taps, stride: 1 },
  ],
  dims: [
    { axis: 1, size: taps, step: 1 },
    { axis: 0, size: vectors(channels), step: LANES },
    { axis: 0, size: LANES, step: 1 },
  ],
});

/** As a value of this shape lies: channels-last, filled up to vectors. */
export function likeValue(shape: Shape): Packing {
  const channels = channelsOf(shape);
  const pixels = sizeOf(shape) / channels;
  return {
    axes: [
      { length: channels, stride: 1 },
      { length: pixels, stride: channels },
    ],
    dims: [
      { axis: 1, size: pixels, step: 1 },
      { axis: 0, size: vectors(channels), step: LANES },
      { axis: 0, size: LANES, step: 1 },
    ],
  };
}

/** One number in all four lanes. */
export const SPLAT: Packing = {
  axes: [{ length: LANES, stride: 0 }],
  dims: [{ axis: 0, size: LANES, step: 1 }],
};

/** Elements in a row, as they lie in the file. */
export const range = (from: number, length: number): Packing => ({
  axes: [{ length, stride: 1, base: from }],
  dims: [{ axis: 0, size: length, step: 1 }],
});

/** Some filters, counted in vectors, of a tensor whose first axis they are, as they lie in the file. */
export function plainPartOf([filters = 1, ...rest]: Shape, { from, count }: Part): Packing {
  const size = sizeOf(rest);
  const length = Math.min(count * LANES, filters - from * LANES) * size;
  return range(from * LANES * size, length);
}

/** The part of a matrix packing that holds some of the outputs, counted in vectors. */
export function partOf({ outputs, ...rest }: MatrixSource, { from, count }: Part): Packing {
  const skipped = from * LANES;
  return matrices({
    ...rest,
    outputs: { ...outputs, length: Math.min(count * LANES, outputs.length - skipped) },
    taps: { ...rest.taps, base: (rest.taps.base ?? 0) + skipped * outputs.stride },
  });
}

export const packedBytes = ({ dims }: Packing): number =>
  4 * dims.reduce((product, { size }) => product * size, 1);

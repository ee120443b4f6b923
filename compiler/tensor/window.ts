// Arithmetic of sliding windows, shared by convolution and pooling. Spatial attributes are arrays
// with one number per spatial axis; padding is `[…begins, …ends]` as in ONNX.
import { sizeOf, type Shape } from './types.ts';

/** The spatial part of N, …, C. */
export const spatialOf = (shape: Shape): readonly number[] => shape.slice(1, -1);

export const channelsOf = (shape: Shape): number => shape.at(-1)!;

/** Whether N, …, C and N, C, … are the same elements in the same order: where there is one channel, or one pixel. */
export const isSameInBothOrders = (shape: Shape): boolean =>
  channelsOf(shape) === 1 || spatialOf(shape).every((size) => size === 1);

/** Input positions that one window spans along an axis. */
export const extent = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1;

export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly pad: readonly number[];
}

/**
 * Positions that a window takes along each axis: ⌊(L + pad − extent) / stride⌋ + 1. With `ceil` a last
 * partial window counts if it begins inside the input or its left padding (PyTorch's rule).
 */
export function windowPositions(spatial: readonly number[], window: Window, ceil = false): number[] {
  const axes = spatial.length;
  return spatial.map((length, axis) => {
    const begin = window.pad[axis]!;
    const end = window.pad[axis + axes]!;
    const stride = window.stride[axis]!;
    const room = length + begin + end - extent(window.kernel[axis]!, window.dilation[axis]!);
    if (room < 0 && !(ceil && room > -stride)) return 0;
    if (!ceil) return Math.floor(room / stride) + 1;
    const positions = Math.ceil(room / stride) + 1;
    return (positions - 1) * stride >= length + begin ? positions - 1 : positions;
  });
}

/** A one-dimensional problem seen as a two-dimensional one of height 1. */
export interface Window2d {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** top, left, bottom, right */
  readonly pad: readonly [number, number, number, number];
}

const pair = (values: readonly number[], first: number): readonly [number, number] =>
  values.length === 1 ? [first, values[0]!] : [values[0]!, values[1]!];

export function window2d({ kernel, stride, dilation, pad }: Window): Window2d {
  return {
    kernel: pair(kernel, 1),
    stride: pair(stride, 1),
    dilation: pair(dilation, 1),
    pad: pad.length === 2 ? [0, pad[0]!, 0, pad[1]!] : [pad[0]!, pad[1]!, pad[2]!, pad[3]!],
  };
}

/** N, H, W, C of a map; 1D maps have height 1, vectors are 1×1 maps. More axes before W count as one. */
export function map2d(shape: Shape): readonly [n: number, h: number, w: number, c: number] {
  const [n = 1, ...rest] = shape;
  const c = rest.pop() ?? 1;
  const w = rest.pop() ?? 1;
  return [n, sizeOf(rest), w, c];
}

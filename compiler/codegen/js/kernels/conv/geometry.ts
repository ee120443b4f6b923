import type { OpNode } from '../../../../ir/graph.ts';
import { code } from '../../../../support/code.ts';
import { map2d, window2d, type Window2d } from '../../../../tensor/window.ts';

/** The numbers of a convolution that its kernels are made from; one-dimensional ones have height 1. */
export interface Geometry extends Window2d {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Height and width of the result. */
  readonly rows: number;
  readonly columns: number;
  readonly filters: number;
  readonly groups: number;
  readonly perGroup: { readonly channels: number; readonly filters: number };
  /** Products of one sum. */
  readonly taps: number;
}

export function geometry({ operands: { x, weight }, attrs, type }: OpNode<'conv'>): Geometry {
  const [, height, width, channels] = map2d(x.type.shape);
  const [, rows, columns, filters] = map2d(type.shape);
  const window = window2d({ ...attrs, kernel: weight.type.shape.slice(2) });
  const { groups } = attrs;
  const perGroup = { channels: channels / groups, filters: filters / groups };
  const taps = window.kernel[0] * window.kernel[1] * perGroup.channels;
  return { height, width, channels, rows, columns, filters, groups, perGroup, taps, ...window };
}

/** A 1×1 convolution that reads every pixel once. */
export const isPointwise = ({ kernel, stride, pad }: Geometry): boolean =>
  [...kernel, ...stride].every((size) => size === 1) && pad.every((size) => size === 0);

/** Names for the numbers, for the head of a kernel. */
export const constants = ({ kernel, stride, dilation, pad, ...g }: Geometry, pitch: number): string => code`
  const HEIGHT = ${g.height}, WIDTH = ${g.width}, CHANNELS = ${g.channels};
  const ROWS = ${g.rows}, COLUMNS = ${g.columns}, FILTERS = ${g.filters}, PITCH = ${pitch};
  const KERNEL_H = ${kernel[0]}, KERNEL_W = ${kernel[1]}, STRIDE_H = ${stride[0]}, STRIDE_W = ${stride[1]};
  const DILATION_H = ${dilation[0]}, DILATION_W = ${dilation[1]}, PAD_TOP = ${pad[0]}, PAD_LEFT = ${pad[1]};
`;

/** The place of tap (ky, kx) in a filter of PyTorch's layout. */
export const tapIndex = (isFlipped: boolean): string =>
  isFlipped ? '(KERNEL_H - 1 - ky) * KERNEL_W + KERNEL_W - 1 - kx' : 'ky * KERNEL_W + kx';

// What the kernels of convolution know of their layer.
import type { OpNode } from '../../../ir/graph.ts';
import { map2d, window2d, type Window2d } from '../../../tensor/window.ts';

export interface Geometry extends Window2d {
  readonly batch: number;
  /** Of the input. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of the result. */
  readonly rows: number;
  readonly columns: number;
  readonly filters: number;
  readonly perGroup: { readonly channels: number; readonly filters: number };
}

export function geometryOf({ operands: { x, weight }, attrs, type }: OpNode<'conv' | 'deconv'>): Geometry {
  const [batch, height, width, channels] = map2d(x.type.shape);
  const [, rows, columns, filters] = map2d(type.shape);
  const window = window2d({ ...attrs, kernel: weight.type.shape.slice(2) });
  const perGroup = { channels: channels / attrs.groups, filters: filters / attrs.groups };
  return { ...window, batch, height, width, channels, rows, columns, filters, perGroup };
}

/** Constants of the window: layers that share them share a pipeline. */
export const windowConstants = ({ kernel, stride, dilation, pad }: Window2d) => ({
  KERNEL_H: kernel[0],
  KERNEL_W: kernel[1],
  STRIDE_H: stride[0],
  STRIDE_W: stride[1],
  DILATION_H: dilation[0],
  DILATION_W: dilation[1],
  PAD_TOP: pad[0],
  PAD_LEFT: pad[1],
});

/** Whether groups begin at whole vectors, so that four channels never belong to two groups. */
export const groupsAreAligned = ({ perGroup }: Geometry, groups: number): boolean =>
  groups === 1 || (perGroup.channels % 4 === 0 && perGroup.filters % 4 === 0);

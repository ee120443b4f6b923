// What the kernels of convolution know of their layer.
import type { OpNode } from '../../../ir/graph.ts';
import { code } from '../../../support/code.ts';
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

/** Constants of how a window moves: layers that share them share a pipeline. */
export const slidingConstants = ({ stride, dilation, pad }: Window2d) => ({
  STRIDE_H: stride[0],
  STRIDE_W: stride[1],
  DILATION_H: dilation[0],
  DILATION_W: dilation[1],
  PAD_TOP: pad[0],
  PAD_LEFT: pad[1],
});

/** The same, and how large it is. */
export const windowConstants = (window: Window2d) => ({
  KERNEL_H: window.kernel[0],
  KERNEL_W: window.kernel[1],
  ...slidingConstants(window),
});

/**
 * A thread's way through the window of four channels of its result, position by position: `begin` stands before it, and
 * `each` has `row`, `column`, whether they are `inside` the map, and where their `pixel` lies if so.
 */
export const throughWindow = (begin: string, each: string): string => code`
  let vectors = shape.threads.x;
  let image = thread.y / (shape.rows * shape.columns);
  let top = thread.y / shape.columns % shape.rows * STRIDE_H - PAD_TOP;
  let left = thread.y % shape.columns * STRIDE_W - PAD_LEFT;
  ${begin}
  for (var u = 0; u < shape.kernel_height; u++) {
    let row = top + u * DILATION_H;
    for (var v = 0; v < shape.kernel_width; v++) {
      let column = left + v * DILATION_W;
      let inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
      let pixel = (image * shape.height + row) * shape.width + column;
      ${each}
    }
  }
`;

/** Whether groups begin at whole vectors, so that four channels never belong to two groups. */
export const groupsAreAligned = ({ perGroup }: Geometry, groups: number): boolean =>
  groups === 1 || (perGroup.channels % 4 === 0 && perGroup.filters % 4 === 0);

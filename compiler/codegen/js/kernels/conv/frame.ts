// The input as windows see it: in a frame of zeros, as float64, so that kernels neither ask where the border is nor
// convert what they read more than once.
import { code } from '../../../../support/code.ts';
import { extent } from '../../../../tensor/window.ts';
import { scaled } from '../terms.ts';
import type { Geometry } from './geometry.ts';

export interface Frame {
  readonly height: number;
  readonly width: number;
}

/** What the windows cover: the input with its padding, less what no window reaches. */
export const frameOf = ({ rows, columns, kernel, stride, dilation }: Geometry): Frame => ({
  height: (rows - 1) * stride[0] + extent(kernel[0], dilation[0]),
  width: (columns - 1) * stride[1] + extent(kernel[1], dilation[1]),
});

/**
 * `frame`, of FRAME_H × FRAME_W × DEPTH numbers, and `fillFrame()`. Each channel stands there `copies` times; names
 * of `constants` are in scope.
 */
export function fillFrame(shape: Geometry, scratch: (length: number) => string, copies = 1): string {
  const { height, width } = frameOf(shape);
  const [depth, seen] = [shape.channels * copies, Math.min(shape.width, width - shape.pad[1])];
  const copy =
    copies === 1
      ? `for (let k = 0; k < SEEN * CHANNELS; k++) frame[begin + k] = x[from + k];`
      : `for (let k = 0; k < SEEN * DEPTH; k++) frame[begin + k] = x[from + Math.floor(k / ${copies})];`;
  return code`
    const FRAME_H = ${height}, FRAME_W = ${width}, DEPTH = ${scaled('CHANNELS', copies)}, SEEN = ${seen};
    const frame = ${scratch(height * width * depth)};

    // The rows of the input, zeros around them.
    function fillFrame() {
      for (let row = 0; row < FRAME_H; row++) {
        const i = row - PAD_TOP, left = row * FRAME_W * DEPTH, right = left + FRAME_W * DEPTH;
        const begin = i < 0 || i >= HEIGHT ? right : left + PAD_LEFT * DEPTH;
        frame.fill(0, left, begin);
        if (begin === right) continue;
        const from = i * WIDTH * CHANNELS;
        ${copy}
        frame.fill(0, begin + SEEN * DEPTH, right);
      }
    }
  `;
}

// The input as windows see it: in a frame of zeros, as float64, so that kernels neither ask where the border is nor
// convert what they read more than once.
import { code } from '../../../../support/code.ts';
import { extent } from '../../../../tensor/window.ts';
import type { Geometry } from './geometry.ts';

/** What the windows cover: the input with its padding, less what no window reaches. */
const frameOf = ({ rows, columns, kernel, stride, dilation }: Geometry) => ({
  height: (rows - 1) * stride[0] + extent(kernel[0], dilation[0]),
  width: (columns - 1) * stride[1] + extent(kernel[1], dilation[1]),
});

/** Numbers of 512 bytes, and of a line of the cache. */
const [ALIASING, LINE] = [64, 8];

/**
 * How far apart stretches of so many numbers lie that are read side by side: at powers of two they would fall into the
 * same few sets of the processor's cache, and push each other out.
 */
export const distanceOf = (length: number): number => (length % ALIASING === 0 ? length + LINE : length);

/**
 * `frame`, of FRAME_H × FRAME_W pixels that begin DEPTH numbers apart, and `fillFrame()`. Each channel stands there
 * `copies` times; names of `constants` are in scope.
 */
export function fillFrame(shape: Geometry, scratch: (length: number) => string, copies = 1): string {
  const { height, width } = frameOf(shape);
  const channels = shape.channels * copies;
  const depth = distanceOf(channels);
  const seen = Math.min(shape.width, width - shape.pad[1]);
  return code`
    const FRAME_H = ${height}, FRAME_W = ${width}, SEEN = ${seen};
    ${depth > channels ? '// A little more than the channels: columns a power of two apart push each other out of the cache.' : ''}
    const DEPTH = ${depth};
    const frame = ${scratch(height * width * depth)};

    // The rows of the input, zeros around them.
    function fillFrame() {
      for (let row = 0; row < FRAME_H; row++) {
        const i = row - PAD_TOP, left = row * FRAME_W * DEPTH, right = left + FRAME_W * DEPTH;
        const begin = i < 0 || i >= HEIGHT ? right : left + PAD_LEFT * DEPTH;
        frame.fill(0, left, begin);
        if (begin === right) continue;
        for (let j = 0; j < SEEN; j++) {
          const from = (i * WIDTH + j) * CHANNELS, to = begin + j * DEPTH;
          for (let c = 0; c < ${channels === shape.channels ? 'CHANNELS' : channels}; c++) frame[to + c] = x[from + ${copies === 1 ? 'c' : `Math.floor(c / ${copies})`}];
        }
        frame.fill(0, begin + SEEN * DEPTH, right);
      }
    }
  `;
}

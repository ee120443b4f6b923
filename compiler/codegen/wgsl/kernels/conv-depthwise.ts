// Depthwise convolution: every channel has its own filter. A thread computes a few neighbouring pixels of
// four channels and reads each input once for all windows that it lies in.
import { code, lines } from '../../../support/code.ts';
import { extent } from '../../../tensor/window.ts';
import type { Kernel } from '../kernel.ts';
import { vectors } from '../layout.ts';
import { perTap } from '../packing.ts';
import { put } from './tiles.ts';
import { geometryOf, windowConstants, type Geometry } from './window.ts';
import { range } from '../../../support/numbers.ts';

/** Results per thread along a row. */
const PIXELS = 4;

export const convDepthwise: Kernel<'conv'> = (node, context) => {
  const { x, weight, bias } = node.operands;
  const geometry = geometryOf(node);
  const { batch, height, width, rows, columns, channels, kernel } = geometry;
  const tilesPerRow = Math.ceil(columns / PIXELS);
  const span = range((PIXELS - 1) * geometry.stride[1] + extent(kernel[1], geometry.dilation[1]));
  const layout = perTap({ channels, taps: kernel[0] * kernel[1], flip: node.attrs.flip });
  const taps = range(kernel[1]);
  return [
    context.dispatch({
      title: `conv, depthwise: ${PIXELS} pixels × 4 channels per thread`,
      reads: [
        context.read('x', x),
        context.weights('weight', weight, layout),
        ...(bias ? [context.read('bias', bias)] : []),
      ],
      sizes: { height, width, vectors: vectors(channels), rows, columns, tiles_per_row: tilesPerRow },
      constants: { ...windowConstants(geometry), PIXELS },
      threads: [vectors(channels), batch * rows * tilesPerRow],
      declarations: put(context),
      body: code`
        let vector = thread.x;
        let line = thread.y / shape.tiles_per_row;
        let column = thread.y % shape.tiles_per_row * PIXELS;
        let image = line / shape.rows * shape.height;
        let top = line % shape.rows * STRIDE_H - PAD_TOP;
        let left = column * STRIDE_W - PAD_LEFT;
        ${lines(range(PIXELS).map((m) => `var sum${m} = ${bias ? 'bias[vector]' : 'vec4f()'};`))}
        for (var u = 0; u < KERNEL_H; u++) {
          let row = top + u * DILATION_H;
          if (row < 0 || row >= shape.height) { continue; }
          let line_at = (image + row) * shape.width;
          ${lines(taps.map((v) => `let weight${v} = weight[(u * KERNEL_W + ${v}) * shape.vectors + vector];`))}
          ${lines(span.map((i) => inputAt(i, geometry)).filter(Boolean))}
        }
        let to = (line * shape.columns + column) * shape.vectors + vector;
        ${lines(
          range(PIXELS).map(
            (m) => `if (column + ${m} < shape.columns) { put(to + ${m} * shape.vectors, vector, sum${m}); }`,
          ),
        )}
      `,
    }),
  ];
};

/** The input \`i\` positions behind the first, added to every sum in whose window it lies. */
function inputAt(i: number, { kernel, stride, dilation }: Geometry): string {
  const uses = range(PIXELS).flatMap((m) => {
    const v = (i - m * stride[1]) / dilation[1];
    return Number.isInteger(v) && v >= 0 && v < kernel[1] ? [`sum${m} += weight${v} * x${i};`] : [];
  });
  if (uses.length === 0) return '';
  return code`
    let column${i} = clamp(left + ${i}, 0, shape.width - 1);
    let x${i} = select(vec4f(), x[(line_at + column${i}) * shape.vectors + vector], column${i} == left + ${i});
    ${lines(uses)}
  `;
}

// The place of the largest or smallest element: a thread walks along the axis for four channels, or along the
// channels of a pixel.
import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { pixelsOf, vectors } from '../layout.ts';

export const arg: Kernel<'arg'> = (node, context) => {
  const { x } = node.operands;
  const { shape } = x.type;
  const { mode, axis, last } = node.attrs;
  const better = `${mode === 'max' ? '>' : '<'}${last ? '=' : ''}`;
  const alongChannels = axis === shape.length - 1;
  const body = alongChannels
    ? code`
        let base = 4 * thread.y * shape.vectors;
        var best = x[base];
        var place = 0;
        for (var k = 1; k < shape.length; k++) {
          let value = x[base + k];
          if (value ${better} best) { best = value; place = k; }
        }
        let result = vec4f(f32(place), 0.0, 0.0, 0.0);
      `
    : code`
        let outer = thread.y / shape.inner * shape.length;
        let base = (outer * shape.inner + thread.y % shape.inner) * shape.vectors + thread.x;
        var best = x[base];
        var result = vec4f();
        for (var k = 1; k < shape.length; k++) {
          let value = x[base + k * shape.inner * shape.vectors];
          let isBetter = value ${better} best;
          best = select(best, value, isBetter);
          result = select(result, vec4f(f32(k)), isBetter);
        }
      `;
  return [
    context.dispatch({
      title: `arg: ${last ? 'last ' : ''}${mode}`,
      reads: [context.read('x', x, alongChannels ? 'f32' : 'vec4f')],
      sizes: {
        vectors: vectors(channelsOf(shape)),
        length: shape[axis]!,
        inner: alongChannels ? 1 : sizeOf(shape.slice(axis + 1, -1)),
      },
      threads: threadsFor(channelsOf(node.type.shape), pixelsOf(node.type.shape)),
      body: code`
        ${body}
        ${context.store('result', { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

// The places of the largest elements, without sorting: first every element counts how many come before it, which is
// its rank; then each place of the result looks for the element that has its rank.
import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { makeDispatch, workgroupFor } from '../dispatch.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { paddedBytes, pixelsOf, vectors } from '../layout.ts';

/** Where the row of channel c of pixel p begins, and which of its elements that is, of `length` in a row. */
const ROWS = {
  pixels: (length: string) => code`
    let start = (p / (shape.inner * ${length}) * shape.inner * shape.length + p % shape.inner) * shape.pitch + c;
    let own = p / shape.inner % ${length};
  `,
  channels: () => code`
    let start = p * shape.pitch;
    let own = c;
  `,
} as const;

export const topK: Kernel<'top_k'> = (node, context) => {
  const { x } = node.operands;
  const { shape } = x.type;
  const { mode, axis, count } = node.attrs;
  const along = axis === shape.length - 1 ? 'channels' : 'pixels';
  const pitch = 4 * vectors(channelsOf(shape));
  const inner = along === 'channels' ? 1 : sizeOf(shape.slice(axis + 1, -1));
  const sizes = {
    channels: channelsOf(shape),
    pitch,
    length: shape[axis]!,
    inner,
    step: along === 'channels' ? 1 : inner * pitch,
  };
  const ranks = context.temporary('ranks', paddedBytes(shape));
  const threads = threadsFor(channelsOf(shape), pixelsOf(shape));
  return [
    makeDispatch({
      title: `top_k, 1 of 2: ranks by ${mode}`,
      reads: [context.read('x', x, 'f32')],
      writes: { value: ranks, type: 'vec4f' },
      sizes,
      threads,
      workgroup: workgroupFor(threads),
      body: code`
        let p = thread.y;
        var ranks = vec4f();
        for (var lane = 0; lane < 4; lane++) {
          let c = 4 * thread.x + lane;
          if (c >= shape.channels) { break; }
          ${ROWS[along]('shape.length')}
          let value = x[start + own * shape.step];
          var before = 0;
          for (var k = 0; k < shape.length; k++) {
            let other = x[start + k * shape.step];
            if (other ${mode === 'max' ? '>' : '<'} value || (other == value && k < own)) { before++; }
          }
          ranks[lane] = f32(before);
        }
        y[p * shape.threads.x + thread.x] = ranks;
      `,
    }),
    context.dispatch({
      title: 'top_k, 2 of 2: places',
      reads: [{ name: 'ranks', type: 'f32', source: ranks }],
      sizes: { ...sizes, channels: channelsOf(node.type.shape), count },
      threads: threadsFor(channelsOf(node.type.shape), pixelsOf(node.type.shape)),
      body: code`
        let p = thread.y;
        var places = vec4f();
        for (var lane = 0; lane < 4; lane++) {
          let c = 4 * thread.x + lane;
          if (c >= shape.channels) { break; }
          ${ROWS[along]('shape.count')}
          for (var k = 0; k < shape.length; k++) {
            if (ranks[start + k * shape.step] == f32(own)) { places[lane] = f32(k); break; }
          }
        }
        ${context.store('places', { index: 'p * shape.threads.x + thread.x', vector: 'thread.x' })}
      `,
    }),
  ];
};

// Slices along one axis, picked by their indices: four channels at a time, or where these are picked one by one.
import { code } from '../../../support/code.ts';
import { sizeOf } from '../../../tensor/types.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { pixelsOf, vectors } from '../layout.ts';

export const gather: Kernel<'gather'> = ({ operands: { x, indices }, attrs: { axis }, type }, context) => {
  const { shape } = x.type;
  const length = shape[axis]!;
  const channels = channelsOf(type.shape);
  const isLast = axis === shape.length - 1;
  const pixels = isLast ? 1 : sizeOf(shape.slice(axis + 1)) / channels;
  const parts = {
    title: isLast ? 'gather: channels' : 'gather',
    threads: threadsFor(channels, pixelsOf(type.shape)),
    declarations: code`
      fn place(index: f32) -> i32 { return i32(index) + select(0, shape.length, index <= -1.0); }
    `,
  };
  const to = { index: 'thread.y * shape.threads.x + thread.x', vector: 'thread.x' };
  if (isLast)
    return [
      context.dispatch({
        ...parts,
        reads: [context.read('x', x, 'f32'), context.read('indices', indices, 'f32')],
        sizes: { length, channels, pitch: 4 * vectors(length) },
        body: code`
          var values = vec4f();
          for (var lane = 0; lane < 4; lane++) {
            let c = 4 * thread.x + lane;
            if (c < shape.channels) { values[lane] = x[thread.y * shape.pitch + place(indices[c])]; }
          }
          ${context.store('values', to)}
        `,
      }),
    ];
  return [
    context.dispatch({
      ...parts,
      reads: [context.read('x', x), context.read('indices', indices, 'f32')],
      sizes: { length, count: sizeOf(indices.type.shape), pixels },
      body: code`
        let run = thread.y / shape.pixels;
        let outer = run / shape.count;
        let index = place(indices[run % shape.count]);
        let pixel = (outer * shape.length + index) * shape.pixels + thread.y % shape.pixels;
        let value = x[pixel * shape.threads.x + thread.x];
        ${context.store('value', to)}
      `,
    }),
  ];
};

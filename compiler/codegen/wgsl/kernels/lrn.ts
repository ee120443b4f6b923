// Local response normalisation: a thread per four channels of a pixel.
import { code } from '../../../support/code.ts';
import { channelsOf } from '../../../tensor/window.ts';
import { threadsFor, type Kernel } from '../kernel.ts';
import { pixelsOf } from '../layout.ts';
import { number } from '../syntax.ts';

export const lrn: Kernel<'lrn'> = ({ operands: { x }, attrs, type: { shape } }, context) => {
  const channels = channelsOf(shape);
  return [
    context.dispatch({
      title: 'lrn',
      reads: [context.read('x', x, 'f32')],
      sizes: { channels },
      constants: { REACH: (attrs.size - 1) / 2 },
      threads: threadsFor(channels, pixelsOf(shape)),
      body: code`
        let at = thread.y * shape.threads.x + thread.x;
        let begin = thread.y * shape.threads.x * 4;
        var squares = vec4f();
        for (var lane = 0; lane < 4; lane++) {
          let c = thread.x * 4 + lane;
          let last = min(c + REACH, shape.channels - 1);
          for (var near = max(c - REACH, 0); near <= last; near++) {
            squares[lane] += x[begin + near] * x[begin + near];
          }
        }
        let value = vec4f(x[4 * at], x[4 * at + 1], x[4 * at + 2], x[4 * at + 3]);
        let scale = ${number(attrs.k)} + ${number(attrs.alpha / attrs.size)} * squares;
        ${context.store(`(value / pow(scale, vec4f(${number(attrs.beta)})))`, { index: 'at', vector: 'thread.x' })}
      `,
    }),
  ];
};

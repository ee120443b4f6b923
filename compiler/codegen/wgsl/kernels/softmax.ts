// Softmax along the channels. Many pixels: a thread for each. Few: a workgroup for each, whose threads
// take every 64th channel and meet in workgroup memory.
import { code } from '../../../support/code.ts';
import { channelsOf } from '../../../tensor/window.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { pixelsOf, vectors } from '../layout.ts';

const MANY_PIXELS = 64;
const THREADS = 64;

export const softmax: Kernel<'softmax'> = ({ operands: { x }, type: { shape } }, context) => {
  const channels = channelsOf(shape);
  const pixels = pixelsOf(shape);
  const parts = {
    title: 'softmax',
    reads: [context.read('x', x, 'f32')],
    sizes: { channels, vectors: vectors(channels) },
  };
  return pixels >= MANY_PIXELS
    ? [context.dispatch({ ...parts, threads: [1, pixels], body: perThread(context) })]
    : [
        context.dispatch({
          ...parts,
          threads: [1, pixels],
          workgroup: [THREADS, 1],
          together: true,
          constants: { THREADS },
          declarations: 'var<workgroup> partial: array<f32, THREADS>;',
          body: perWorkgroup(context),
        }),
      ];
};

const probabilities = (context: KernelContext): string => code`
  let c = begin + 4 * vector;
  let powers = exp(vec4f(x[c], x[c + 1], x[c + 2], x[c + 3]) - largest);
  ${context.store('(powers / sum)', { index: 'begin / 4 + vector', vector: 'vector' })}
`;

const perThread = (context: KernelContext): string => code`
  let begin = thread.y * shape.vectors * 4;
  var largest = x[begin];
  for (var c = 1; c < shape.channels; c++) { largest = max(largest, x[begin + c]); }
  var sum = 0.0;
  for (var c = 0; c < shape.channels; c++) { sum += exp(x[begin + c] - largest); }
  for (var vector = 0; vector < shape.vectors; vector++) {
    ${probabilities(context)}
  }
`;

const perWorkgroup = (context: KernelContext): string => code`
  let begin = group.y * shape.vectors * 4;
  var largest = x[begin];
  for (var c = local.x; c < shape.channels; c += THREADS) { largest = max(largest, x[begin + c]); }
  partial[local.x] = largest;
  workgroupBarrier();
  for (var i = 0; i < THREADS; i++) { largest = max(largest, partial[i]); }
  workgroupBarrier();
  var sum = 0.0;
  for (var c = local.x; c < shape.channels; c += THREADS) { sum += exp(x[begin + c] - largest); }
  partial[local.x] = sum;
  workgroupBarrier();
  sum = 0.0;
  for (var i = 0; i < THREADS; i++) { sum += partial[i]; }
  for (var vector = local.x; vector < shape.vectors; vector += THREADS) {
    ${probabilities(context)}
  }
`;

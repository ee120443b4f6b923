import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { text } from './argument.ts';
import { defineOp } from './define.ts';
import { onnxChannels } from './onnx.ts';
import { defineKeyword, says } from './keyword.ts';

/** e^x over the sum of e^x, along the channels; shifted by the maximum so that nothing overflows. */
export const softmax = defineOp({
  name: 'softmax',
  kind: 'kernel',
  doc: 'Probabilities along the channels: e^x / Σ e^x.',
  operands: { x: 'one' },
  attrs: {},
  infer: ({ x }) => x,
  evaluate: ({ x }) => {
    const channels = channelsOf(x.type.shape);
    const result = new Float32Array(sizeOf(x.type.shape));
    for (let at = 0; at < result.length; at += channels) {
      const row = [...x.data.subarray(at, at + channels)];
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      const powers = row.map((v) => Math.exp(v - largest));
      const sum = powers.reduce((a, b) => a + b, 0);
      result.set(
        powers.map((power) => power / sum),
        at,
      );
    }
    return result;
  },
  onnx: ({ x }, _, { node, out }) => node('Softmax', [x], { axis: onnxChannels(out) }),
  torch: ({ x }, _, { out }) => `torch.softmax(${x}, ${onnxChannels(out)})`,
  sample: (pick) => ({
    operands: {
      x: [
        pick.int(1, 2),
        ...pick.of([[], [pick.int(1, 5)], [pick.int(1, 4), pick.int(1, 4)]]),
        pick.int(1, 12),
      ],
    },
    attrs: {},
  }),
});

export const SOFTMAX = defineKeyword({
  keyword: 'SOFTMAX',
  doc: 'Scores become probabilities.',
  activates: true,
  positional: [],
  args: { labels: text('File with one class name per line; the names travel with the bundle.') },
  says: says(softmax),
  build: (call) => call.emit(softmax, { x: call.x }),
});

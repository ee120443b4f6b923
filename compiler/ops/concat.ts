import { refuse } from '../support/refusal.ts';
import { f32, sameShape, sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { requireSameSize } from './arms.ts';
import { defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { onnxChannels } from './onnx.ts';

export const concat = defineOp({
  name: 'concat',
  kind: 'kernel',
  doc: 'The channels of all operands behind each other.',
  operands: { x: 'many' },
  attrs: {},

  infer: ({ x }) => {
    const [outer, ...others] = x.map(({ shape }) => shape.slice(0, -1));
    if (others.some((shape) => !sameShape(shape, outer!)))
      refuse('E043', `CONCAT's arms differ in size: ${x.map(({ shape }) => shape.join('×')).join(' with ')}`);
    return f32(
      ...outer!,
      x.map(({ shape }) => channelsOf(shape)).reduce((a, b) => a + b),
    );
  },

  evaluate: ({ x }, _, out) => {
    const channels = channelsOf(out.shape);
    const result = new Float32Array(sizeOf(out.shape));
    let first = 0;
    for (const { type, data } of x) {
      const own = channelsOf(type.shape);
      for (let position = 0; position < data.length / own; position++)
        for (let c = 0; c < own; c++) result[position * channels + first + c] = data[position * own + c]!;
      first += own;
    }
    return result;
  },

  torch: ({ x }, _, { out }) => `torch.cat([${x.join(', ')}], ${onnxChannels(out)})`,
  onnx: ({ x }, _, { node, out }) => node('Concat', x, { axis: onnxChannels(out) }),

  sample: (pick) => {
    const outer = [pick.int(1, 2), ...pick.of([[], [pick.int(1, 6)], [pick.int(1, 4), pick.int(1, 4)]])];
    const arms = Array.from({ length: pick.int(1, 4) }, () => [...outer, pick.int(1, 5)]);
    return { operands: { x: arms }, attrs: {} };
  },
});

export const CONCAT = defineKeyword({
  keyword: 'CONCAT',
  doc: 'Channels of the arms before it, or of the values that it names, behind each other in that order.',
  merges: true,
  positional: [],
  args: {},
  says: says(concat),
  build: (call) => {
    requireSameSize('CONCAT', call.values);
    return call.emit(concat, { x: call.values });
  },
});

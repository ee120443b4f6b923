import { refuse } from '../support/refusal.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { map2d } from '../tensor/window.ts';
import { activationArg } from './activation.ts';
import { byRule, count, flag, withDefault } from './argument.ts';
import { defineOp } from './define.ts';
import { finish, layerWeights } from './finish.ts';
import { defineKeyword, says } from './keyword.ts';
import { python } from './torch.ts';

/**
 * Every output reads every input. A map is flattened in C, H, W order (PyTorch's), so that the weights
 * of `fc` on an h×w×c map, reshaped to (units, c, h, w), are those of the convolution with an h×w window.
 */
export const fc = defineOp({
  name: 'fc',
  kind: 'kernel',
  doc: 'Fully connected layer: weight · flatten(x) + bias, a map being flattened in C, H, W order.',
  operands: { x: 'one', weight: 'one', bias: 'optional' },
  attrs: {},

  infer: ({ x, weight }) => {
    const inputs = sizeOf(x.shape.slice(1));
    if (weight.shape.length !== 2 || weight.shape[1] !== inputs)
      refuse('E041', `FC has weights for ${weight.shape[1]} inputs, but its input has ${inputs}`);
    return f32(x.shape[0]!, weight.shape[0]!);
  },

  evaluate: ({ x, weight, bias }, _, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const units = out.shape[1]!;
    const inputs = height * width * channels;
    const result = new Float32Array(batch * units);
    for (let n = 0; n < batch; n++)
      for (let o = 0; o < units; o++) {
        let sum = bias ? bias.data[o]! : 0;
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < height; i++)
            for (let j = 0; j < width; j++)
              sum +=
                x.data[n * inputs + (i * width + j) * channels + c]! *
                weight.data[o * inputs + (c * height + i) * width + j]!;
        result[n * units + o] = sum;
      }
    return result;
  },

  macs: ({ weight }) => sizeOf(weight.shape),
  // Flattening a channels-first map gives the C, H, W order of the weights.
  onnx: ({ x, weight, bias }, _, { node }) =>
    node('Gemm', [node('Flatten', [x], { axis: 1 }), weight, bias], { transB: 1 }),
  torch: ({ x }, _, { types, module }) => {
    const [units, inputs] = types.weight.shape;
    const layer = module(python('nn.Linear', [inputs!, units!], { bias: [types.bias !== undefined, true] }));
    return python(layer, [types.x.shape.length === 2 ? x : `${x}.flatten(1)`]);
  },
  sample: (pick) => {
    const axes = Array.from({ length: pick.int(0, 3) }, () => pick.int(1, 4));
    const item = [...axes, pick.int(1, 5)];
    const units = pick.int(1, 9);
    return {
      operands: {
        x: [pick.int(1, 2), ...item],
        weight: [units, sizeOf(item)],
        bias: pick.of([undefined, [units]]),
      },
      attrs: {},
    };
  },
});

const HIDDEN = 512;
const CLASSES = 10;

export const FC = defineKeyword({
  keyword: 'FC',
  doc: 'Fully connected layer, with bias, and with ReLU unless it is the last one.',
  weighted: true,
  positional: ['units'],
  args: {
    units: byRule(count('Number of outputs.'), `${HIDDEN}; the last FC ${CLASSES}`),
    bias: withDefault(flag('Add one learned number per output.'), true),
    act: activationArg('relu'),
  },
  says: says(fc, (_, { weight }) => ({ units: weight.shape[0]! }), layerWeights),
  build: (call, { units: written, act: writtenAct, bias }) => {
    const units =
      written ??
      (call.isLast
        ? call.decide('units', CLASSES, 'the last FC')
        : call.decide('units', HIDDEN, 'another weighted operator follows'));
    const dropAct = call.isLast && writtenAct !== 'none' && call.origin('act') !== 'given';
    const act = dropAct ? call.decide('act', 'none', 'the last FC gives scores') : writtenAct;
    const inputs = sizeOf(call.x.type.shape.slice(1));
    const weight = call.weight('weight', [units, inputs], 'he');
    return finish(call, units, { bias, act }, (b) => call.emit(fc, { x: call.x, weight, bias: b }));
  },
});

import { refuse } from '../support/refusal.ts';
import { f32, showItem, sizeOf } from '../tensor/types.ts';
import { channelsOf, extent, map2d, spatialOf, window2d } from '../tensor/window.ts';
import { attr, defineOp } from './define.ts';
import { cropped } from './crop.ts';
import { bordered } from './pool.ts';
import { refuseVectors } from './spatial.ts';
import { bothSides, ofRank, python } from './torch.ts';

/**
 * The transpose of convolution (Dumoulin and Visin, A guide to convolution arithmetic, 2016, chapter 4):
 * every input pixel adds its multiple of the kernel to the result, `stride` apart. `pad` is what the
 * convolution in the other direction would pad; here it is cut off.
 */
export const deconv = defineOp({
  name: 'deconv',
  kind: 'kernel',
  doc: 'Transposed convolution over one or two spatial axes.',
  operands: { x: 'one', weight: 'one', bias: 'optional' },
  attrs: {
    stride: attr([1, 1], 'Distance between the places where the kernel is put down, per axis.'),
    pad: attr([0, 0, 0, 0], 'Cut off the result: begins, then ends.'),
    outputPad: attr([0, 0], 'Added at the end of the result, per axis.'),
    dilation: attr([1, 1], 'Distance between the elements of the kernel, per axis.'),
    groups: attr(1, 'Input and output channels are cut into this many independent groups.'),
  },

  infer: ({ x, weight }, { stride, pad, outputPad, dilation, groups }) => {
    refuseVectors('DECONV', x);
    const [channels, perGroup, ...kernel] = weight.shape;
    if (channelsOf(x.shape) !== channels || channels % groups !== 0)
      refuse(
        'E041',
        `${channelsOf(x.shape)} input channels do not go with groups=${groups} and weights for ${channels}`,
        { argument: 'groups' },
      );
    if (outputPad.some((amount, axis) => amount >= Math.max(stride[axis]!, dilation[axis]!)))
      refuse('E040', `DECONV's output_pad (${outputPad.join(', ')}) must be below its stride or dilation`, {
        argument: 'output_pad',
      });
    const spatial = spatialOf(x.shape);
    const size = spatial.map(
      (length, axis) =>
        (length - 1) * stride[axis]! +
        extent(kernel[axis]!, dilation[axis]!) +
        outputPad[axis]! -
        pad[axis]! -
        pad[axis + spatial.length]!,
    );
    if (size.some((length) => length < 1))
      refuse('E040', `DECONV's padding (${pad.join(', ')}) leaves nothing of its result on ${showItem(x)}`, {
        argument: 'pad',
      });
    return f32(x.shape[0]!, ...size, perGroup! * groups);
  },

  evaluate: ({ x, weight, bias }, { groups, ...attrs }, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns, filters] = map2d(out.shape);
    const kernel = weight.type.shape.slice(2);
    const {
      kernel: [kh, kw],
      stride,
      dilation,
      pad,
    } = window2d({ ...attrs, kernel });
    const [inPerGroup, outPerGroup] = [channels / groups, filters / groups];
    const sums = Float64Array.from({ length: sizeOf(out.shape) }, (_, i) => bias?.data[i % filters] ?? 0);
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++)
          for (let c = 0; c < channels; c++)
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const row = i * stride[0] + u * dilation[0] - pad[0];
                const column = j * stride[1] + v * dilation[1] - pad[1];
                if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
                for (let o = 0; o < outPerGroup; o++) {
                  const filter = Math.floor(c / inPerGroup) * outPerGroup + o;
                  sums[((n * rows + row) * columns + column) * filters + filter]! +=
                    x.data[((n * height + i) * width + j) * channels + c]! *
                    weight.data[((c * outPerGroup + o) * kh + u) * kw + v]!;
                }
              }
    return Float32Array.from(sums);
  },

  // Before anything is cut off, every input pixel meets the whole kernel.
  macs: ({ x, weight }) => (sizeOf(weight.shape) * sizeOf(x.shape)) / channelsOf(x.shape),
  advance: ({ stride }) => 1 / stride[0]!,
  onnx: ({ x, weight, bias }, { stride, pad, outputPad, dilation, groups }, { types, ...emit }) => {
    const { node, ints } = emit;
    // What is cut off at the end and added there again is left. ONNX Runtime adds less than a stride.
    const left = outputPad.map((amount, axis) => Math.min(amount, pad[axis + stride.length]!));
    const added = outputPad.map((amount, axis) => amount - left[axis]!);
    const attributes = {
      kernel_shape: types.weight.shape.slice(2),
      strides: stride,
      pads: pad.map((amount, side) => amount - (left[side - stride.length] ?? 0)),
      dilations: dilation,
      group: groups,
    };
    if (added.every((amount, axis) => amount < stride[axis]!))
      return node('ConvTranspose', [x, weight, bias], { ...attributes, output_padding: added });
    const none = stride.map(() => 0);
    const sums = bordered(node('ConvTranspose', [x, weight], attributes), [...none, ...added], 0, emit);
    return bias ? node('Add', [sums, node('Reshape', [bias, ints([-1, ...stride.map(() => 1)])])]) : sums;
  },
  torch: ({ x }, { stride, pad, outputPad, dilation, groups }, { types, module }) => {
    const [channels, perGroup, ...kernel] = types.weight.shape;
    const padding = bothSides(pad);
    const layer = module(
      python(ofRank('nn.ConvTranspose', types.x), [channels!, perGroup! * groups, kernel], {
        stride: [stride, 1],
        padding: [padding ?? 0, 0],
        output_padding: [outputPad, 0],
        groups: [groups, 1],
        bias: [types.bias !== undefined, true],
        dilation: [dilation, 1],
      }),
    );
    return padding ? python(layer, [x]) : cropped(python(layer, [x]), pad);
  },
  sample: (pick) => {
    const rank = pick.of([1, 2, 2]);
    const per = (low: number, high: number) => Array.from({ length: rank }, () => pick.int(low, high));
    const groups = pick.of([1, 1, 2, 3]);
    const [inPerGroup, outPerGroup] = [pick.int(1, 3), pick.int(1, 3)];
    const [kernel, stride, dilation] = [per(1, 4), per(1, 3), per(1, 2)];
    const reach = kernel.map((k, axis) => extent(k, dilation[axis]!) - 1);
    return {
      operands: {
        x: [pick.int(1, 2), ...per(1, 5), groups * inPerGroup],
        weight: [groups * inPerGroup, outPerGroup, ...kernel],
        bias: pick.of([undefined, [groups * outPerGroup]]),
      },
      attrs: {
        stride,
        // At most half of what the first pixel reaches, so that something is left.
        pad: [...reach, ...reach].map((r) => pick.int(0, Math.floor(r / 2))),
        outputPad: stride.map((s, axis) => pick.int(0, Math.max(s, dilation[axis]!) - 1)),
        dilation,
        groups,
      },
    };
  },
});

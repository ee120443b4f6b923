import { refuse } from '../support/refusal.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { channelsOf, map2d, spatialOf, window2d, windowPositions } from '../tensor/window.ts';
import { attr, defineOp, word, type Pick } from './define.ts';
import type { OnnxCall } from './onnx.ts';
import { refuseVectors, requireFit } from './spatial.ts';
import { bothSides, ofRank, padded, python } from './torch.ts';

const LOWERINGS = ['auto', 'direct', 'im2col'] as const;

/**
 * Cross-correlation, as every framework calls convolution (Goodfellow et al., Deep Learning, 9.1):
 * y[n, i, j, o] = bias[o] + Σ weight[o, c, u, v] · x[n, i·stride + u·dilation − pad, j·… , c].
 * `flip` turns the kernel by 180°, which makes it convolution in the mathematical sense.
 */
export const conv = defineOp({
  name: 'conv',
  kind: 'kernel',
  doc: 'Convolution over one or two spatial axes.',
  operands: { x: 'one', weight: 'one', bias: 'optional' },
  attrs: {
    stride: attr([1, 1], 'Step between windows, per axis.'),
    pad: attr([0, 0, 0, 0], 'Zeros around the input: begins, then ends.'),
    dilation: attr([1, 1], 'Distance between the elements of a window, per axis.'),
    groups: attr(1, 'Input and output channels are cut into this many independent groups.'),
    flip: attr(false, 'Turn the kernel by 180°: convolution in the mathematical sense.'),
    lowering: word(LOWERINGS, 'How it is computed: as loops, as a matrix product, or as the target likes.'),
  },

  infer: ({ x, weight }, { groups, stride, dilation, pad }) => {
    const [filters, perGroup] = weight.shape;
    const window = { kernel: weight.shape.slice(2), stride, dilation, pad };
    const spatial = spatialOf(x.shape);
    refuseVectors('CONV', x);
    if (channelsOf(x.shape) !== perGroup! * groups || filters! % groups !== 0)
      refuse(
        'E041',
        `${channelsOf(x.shape)} input channels and ${filters} filters do not go with groups=${groups} ` +
          `and weights for ${perGroup} channels`,
        { argument: 'groups' },
      );
    const positions = windowPositions(spatial, window);
    requireFit(x, window, positions);
    return f32(x.shape[0]!, ...positions, filters!);
  },

  evaluate: ({ x, weight, bias }, attrs, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns, filters] = map2d(out.shape);
    const kernel = weight.type.shape.slice(2);
    const {
      kernel: [kh, kw],
      stride,
      dilation,
      pad,
    } = window2d({ ...attrs, kernel });
    const inPerGroup = channels / attrs.groups;
    const outPerGroup = filters / attrs.groups;
    const result = new Float32Array(sizeOf(out.shape));
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let o = 0; o < filters; o++) {
            const firstChannel = Math.floor(o / outPerGroup) * inPerGroup;
            let sum = bias ? bias.data[o]! : 0;
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const row = i * stride[0] + u * dilation[0] - pad[0];
                const column = j * stride[1] + v * dilation[1] - pad[1];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const [ku, kv] = attrs.flip ? [kh - 1 - u, kw - 1 - v] : [u, v];
                for (let c = 0; c < inPerGroup; c++)
                  sum +=
                    x.data[((n * height + row) * width + column) * channels + firstChannel + c]! *
                    weight.data[((o * inPerGroup + c) * kh + ku) * kw + kv]!;
              }
            result[((n * rows + i) * columns + j) * filters + o] = sum;
          }
    return result;
  },

  macs: ({ weight }, _, out) => (sizeOf(weight.shape) * sizeOf(out.shape)) / channelsOf(out.shape),
  advance: ({ stride }) => stride[0]!,
  onnx: ({ x, weight, bias }, { stride, pad, dilation, groups, flip }, call) =>
    call.node('Conv', [x, flip ? turned(weight, call) : weight, bias], {
      kernel_shape: call.types.weight.shape.slice(2),
      strides: stride,
      pads: pad,
      dilations: dilation,
      group: groups,
    }),
  torch: ({ x }, { stride, pad, dilation, groups, flip }, { types, module }) => {
    const [filters, perGroup, ...kernel] = types.weight.shape;
    const padding = bothSides(pad);
    const layer = module(
      python(ofRank('nn.Conv', types.x), [perGroup! * groups, filters!, kernel], {
        stride: [stride, 1],
        padding: [padding ?? 0, 0],
        dilation: [dilation, 1],
        groups: [groups, 1],
        bias: [types.bias !== undefined, true],
      }),
    );
    const input = padding ? x : padded(x, pad);
    if (!flip) return python(layer, [input]);
    const turned = python(
      `${layer}.weight.flip`,
      kernel.map((_, axis) => axis + 2),
    );
    const settings = ['bias', 'stride', 'padding', 'dilation', 'groups'].map((name) => `${layer}.${name}`);
    return python(ofRank('F.conv', types.x), [input, turned, ...settings]);
  },
  sample: (pick) => {
    const groups = pick.of([1, 1, 2, 3]);
    return sampleConv(pick, { groups, inPerGroup: pick.int(1, 3), outPerGroup: pick.int(1, 3) });
  },
});

/** The kernel turned by 180°: its spatial axes read backwards. */
function turned(weight: string, { node, ints, types }: OnnxCall<{ weight: 'one' }>): string {
  const axes = types.weight.shape.slice(2).map((_, axis) => axis + 2);
  const all = (value: number) => ints(axes.map(() => value));
  return node('Slice', [weight, all(-1), all(-(2 ** 31)), ints(axes), all(-1)]);
}

/** Shapes and attributes of a small convolution over one or two axes. */
function sampleConv(
  pick: Pick,
  { groups, inPerGroup, outPerGroup }: { groups: number; inPerGroup: number; outPerGroup: number },
) {
  const rank = pick.of([1, 2, 2]);
  const per = (low: number, high: number) => Array.from({ length: rank }, () => pick.int(low, high));
  const kernel = per(1, 4);
  const dilation = per(1, 2);
  const spatial = kernel.map((k, axis) => dilation[axis]! * (k - 1) + 1 + pick.int(0, 6));
  return {
    operands: {
      x: [pick.int(1, 2), ...spatial, groups * inPerGroup],
      weight: [groups * outPerGroup, inPerGroup, ...kernel],
      bias: pick.of([undefined, [groups * outPerGroup]]),
    },
    attrs: {
      stride: per(1, 3),
      pad: [...per(0, 2), ...per(0, 2)],
      dilation,
      groups,
      flip: pick.of([false, true]),
      lowering: pick.of(LOWERINGS),
    },
  };
}

import { refuse } from '../support/refusal.ts';
import { f32, sizeOf, type TensorType } from '../tensor/types.ts';
import {
  channelsOf,
  extent,
  map2d,
  spatialOf,
  window2d,
  windowPositions,
  type Window,
} from '../tensor/window.ts';
import { byRule, flag, oneOf, perAxis, withDefault } from './argument.ts';
import { attr, defineOp, word, type OperandSpecs } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import type { OnnxAttributes, OnnxCall } from './onnx.ts';
import { noPadding } from './padding.ts';
import { refuseVectors, requireFit, resolveWindow, writtenWindow } from './spatial.ts';
import { bothSides, ofRank, padded, python } from './torch.ts';

/** How windows lie on a map. */
export const WINDOW_ATTRS = {
  kernel: attr([2, 2], 'Size of the window, per axis.'),
  stride: attr([2, 2], 'Step between windows, per axis.'),
  pad: attr([0, 0, 0, 0], 'Padding: begins, then ends.'),
  dilation: attr([1, 1], 'Distance between the elements of a window, per axis.'),
  ceil: attr(false, 'Count a last window that hangs over the end.'),
};

/**
 * Maximum or mean of each window, channel by channel. Padding never wins a maximum. A mean divides by
 * the elements inside the input, or with `countPad` by those inside the padded input: what `ceil` lets
 * hang over the padding is never counted (ONNX AveragePool, PyTorch AvgPool2d).
 */
export const pool = defineOp({
  name: 'pool',
  kind: 'kernel',
  doc: 'Maximum or mean of each window.',
  operands: { x: 'one' },
  attrs: {
    mode: word(['max', 'avg'], 'Maximum or mean.'),
    ...WINDOW_ATTRS,
    countPad: attr(false, 'A mean counts the padding as zeros.'),
  },

  infer: ({ x }, { ceil, ...window }) => {
    refuseVectors('POOL', x);
    const spans = window.kernel.map((k, axis) => extent(k, window.dilation[axis]!));
    if (window.pad.some((amount, side) => amount >= spans[side % spans.length]!))
      refuse(
        'E040',
        `POOL has more padding (${window.pad.join(', ')}) than its window of ${window.kernel.join('×')} covers`,
        {
          argument: 'pad',
          help: 'a window of nothing but padding has no maximum; pad by less than the window',
        },
      );
    const positions = windowPositions(spatialOf(x.shape), window, ceil);
    requireFit(x, window, positions);
    return f32(x.shape[0]!, ...positions, channelsOf(x.shape));
  },

  evaluate: ({ x }, attrs, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns] = map2d(out.shape);
    const {
      kernel: [kh, kw],
      stride,
      dilation,
      pad,
    } = window2d(attrs);
    const result = new Float32Array(sizeOf(out.shape));
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let c = 0; c < channels; c++) {
            let [best, sum, inside, insidePadded] = [-Infinity, 0, 0, 0];
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const row = i * stride[0] + u * dilation[0] - pad[0];
                const column = j * stride[1] + v * dilation[1] - pad[1];
                if (row < height + pad[2] && column < width + pad[3]) insidePadded++;
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const value = x.data[((n * height + row) * width + column) * channels + c]!;
                if (value > best || Number.isNaN(value)) best = value;
                sum += value;
                inside++;
              }
            const mean = sum / (attrs.countPad ? insidePadded : inside);
            result[((n * rows + i) * columns + j) * channels + c] = attrs.mode === 'max' ? best : mean;
          }
    return result;
  },

  advance: ({ stride }) => stride[0]!,
  onnx: ({ x }, { mode, kernel, stride, pad, dilation, countPad }, { node, ints, number, types, out }) => {
    const over = overhang(types.x, { kernel, stride, pad, dilation }, out);
    const none = [...over, ...over].map(() => 0);
    // Runtimes differ on `ceil_mode`; padding that is not counted says the same.
    const uncounted = [...over.map(() => 0), ...over];
    const total = pad.map((amount, side) => amount + uncounted[side]!);
    const sizes = { kernel_shape: kernel, strides: stride, dilations: dilation };
    const pooled = (of: string, pads: readonly number[], more: OnnxAttributes = {}) =>
      node(mode === 'max' ? 'MaxPool' : 'AveragePool', [of], { ...sizes, pads, ...more });
    const call = { node, ints, number };
    if (isBelow(total, kernel)) {
      if (mode === 'max' || !countPad) return pooled(x, total);
      if (over.every((amount) => amount === 0)) return pooled(x, pad, { count_include_pad: 1 });
      return pooled(bordered(x, pad, 0, call), uncounted);
    }
    // ONNX Runtime takes less padding than a window has elements, however far apart these are. A border before a mean
    // it makes padding again: sums are convolutions, which may have any.
    if (mode === 'max') return pooled(bordered(x, total, -Infinity, call), none);
    const ones = (shape: readonly number[]) => node('Expand', [number(1), ints(shape)]);
    const sums = (of: string, channels: number, pads: readonly number[]) =>
      node('Conv', [of, ones([channels, 1, ...kernel])], { ...sizes, pads, group: channels });
    const counted = spatialOf(types.x.shape).map(
      (length, axis) => length + (countPad ? pad[axis]! + pad[axis + over.length]! : 0),
    );
    const counts = sums(ones([1, 1, ...counted]), 1, countPad ? uncounted : total);
    return node('Div', [sums(x, channelsOf(types.x.shape), total), counts]);
  },
  torch: ({ x }, { mode, kernel, stride, pad, dilation, ceil, countPad }, { types, out }) => {
    const spatial = spatialOf(types.x.shape);
    const pooling = (prefix: string) => ofRank(`F.${prefix}${mode}_pool`, types.x);
    const isPadded = pad.some((amount) => amount > 0);
    const isSpread = dilation.some((d) => d > 1);
    if (!isPadded && !isSpread && kernel.every((k, axis) => k === spatial[axis]))
      return python(pooling('adaptive_'), [x, 1]);
    if (mode === 'avg' && isSpread) refuse('E047', 'PyTorch has no mean of dilated windows');
    const padding = bothSides(pad);
    if (padding?.every((amount, axis) => amount <= kernel[axis]! / 2))
      return python(pooling(''), [x, kernel], {
        stride: [stride, kernel],
        padding: [padding, 0],
        dilation: [dilation, 1],
        ceil_mode: [ceil, false],
        ...(mode === 'avg' && isPadded && { count_include_pad: [countPad, true] }),
      });
    // Sides that differ, or wider ones than PyTorch pads: the border comes first. A mean is that with its zeros,
    // divided by the share of what counts.
    const over = overhang(types.x, { kernel, stride, pad, dilation }, out);
    const uncounted = [...over.map(() => 0), ...over];
    const border = pad.map((amount, side) => amount + uncounted[side]!);
    const windows = { stride: [stride, kernel], dilation: [dilation, 1] } as const;
    if (mode === 'max') return python(pooling(''), [padded(x, border, -Infinity), kernel], windows);
    const ones = `torch.ones_like(${x}[:1, :1])`;
    const counted = countPad ? padded(padded(ones, pad, 1), uncounted) : padded(ones, border);
    return [padded(x, border), counted].map((of) => python(pooling(''), [of, kernel], windows)).join(' / ');
  },
  sample: (pick) => {
    const rank = pick.of([1, 2, 2]);
    const kernel = Array.from({ length: rank }, () => pick.int(1, 4));
    const dilation = kernel.map(() => pick.of([1, 1, 2]));
    const stride = kernel.map(() => pick.int(1, 3));
    const side = () =>
      kernel.map((k, axis) => pick.int(0, pick.of([Math.floor(k / 2), dilation[axis]! * (k - 1)])));
    const [begins, ends] = [side(), side()];
    // At least as long as the gaps between a window's elements: each window has one within the map.
    const spatial = kernel.map((k, axis) => {
      const fits = extent(k, dilation[axis]!) - begins[axis]! - ends[axis]!;
      return Math.max(dilation[axis]!, fits) + pick.int(0, 6);
    });
    return {
      operands: { x: [pick.int(1, 2), ...spatial, pick.int(1, 6)] },
      attrs: {
        mode: pick.of(['max', 'avg']),
        kernel,
        stride,
        dilation,
        pad: [...begins, ...ends],
        ceil: pick.of([false, true]),
        countPad: pick.of([false, true]),
      },
    };
  },
});

/** A map in ONNX with a border of a number around it. */
export function bordered(
  x: string,
  pad: readonly number[],
  value: number,
  { node, ints, number }: Pick<OnnxCall<OperandSpecs>, 'node' | 'ints' | 'number'>,
): string {
  if (pad.every((amount) => amount === 0)) return x;
  const [begins, ends] = [pad.slice(0, pad.length / 2), pad.slice(pad.length / 2)];
  const amounts = ints([0, 0, ...begins, 0, 0, ...ends]);
  return node('Pad', [x, amounts, ...(value === 0 ? [] : [number(value)])], { mode: 'constant' });
}

/** Whether each side has less padding than its axis of the window has elements. */
export const isBelow = (pad: readonly number[], kernel: readonly number[]): boolean =>
  pad.every((amount, side) => amount < kernel[side % kernel.length]!);

/** How far the last window hangs over the padded input, per axis. */
export function overhang(
  x: TensorType,
  { kernel, stride, pad, dilation }: Window,
  out: TensorType,
): number[] {
  const positions = spatialOf(out.shape);
  return spatialOf(x.shape).map((length, axis) => {
    const end = (positions[axis]! - 1) * stride[axis]! + extent(kernel[axis]!, dilation[axis]!);
    return Math.max(0, end - length - pad[axis]! - pad[axis + positions.length]!);
  });
}

export const POOL = defineKeyword({
  keyword: 'POOL',
  doc: 'Pooling: the maximum (or mean) of each 2×2 window.',
  positional: ['window'],
  args: {
    window: withDefault(perAxis('Height and width of the window.'), 2),
    mode: oneOf(['max', 'avg'], 'Maximum or mean.'),
    stride: byRule(perAxis('Step between windows.'), 'the window'),
    pad: noPadding,
    dilation: withDefault(perAxis('Distance between the elements of a window.'), 1),
    ceil: withDefault(flag('Round the output size up: count a last window that hangs over the end.'), false),
    count_pad: withDefault(flag('A mean counts the padding as zeros.'), false),
  },
  says: says(pool, ({ mode, ceil, countPad, ...given }, { x }) => {
    const { kernel: window, stride, pad, dilation } = writtenWindow(given, x, 0);
    return { window, mode, stride: { is: stride, unless: window }, pad, dilation, ceil, count_pad: countPad };
  }),
  build: (call, { window: kernel, mode, count_pad: countPad, ceil, ...written }) => {
    refuseVectors('POOL', call.x.type);
    const stride = written.stride ?? call.decide('stride', kernel, 'the window');
    const window = resolveWindow(call.x.type, { ...written, kernel, stride }, 'window');
    return call.emit(pool, { x: call.x }, { mode, ...window, ceil, countPad });
  },
});

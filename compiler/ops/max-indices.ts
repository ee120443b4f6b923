import { f32, sizeOf } from '../tensor/types.ts';
import { channelsOf, map2d, spatialOf, window2d } from '../tensor/window.ts';
import { byRule, flag, perAxis, withDefault } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT } from './onnx.ts';
import { noPadding } from './padding.ts';
import { bordered, isBelow, overhang, pool, WINDOW_ATTRS } from './pool.ts';
import { refuseVectors, resolveWindow, writtenWindow } from './spatial.ts';

const MAX_PLACES = `\
def max_places(x, window, stride, dilation, pad, columns):
    height, width = x.shape[2:]
    bordered = F.pad(x, (pad[1], pad[3], pad[0], pad[2]), value=float("-inf"))
    _, place = F.max_pool2d(bordered, window, stride, dilation=dilation, return_indices=True)
    row, column = place // bordered.shape[3] - pad[0], place % bordered.shape[3] - pad[1]
    channel = torch.arange(x.shape[1], device=x.device).reshape(-1, 1, 1)
    if columns:
        return ((channel * width + column) * height + row).float()
    return ((channel * height + row) * width + column).float()`;

export const maxIndices = defineOp({
  name: 'max_indices',
  kind: 'kernel',
  doc: 'Where the maximum of each window is (the first of several): its place among the elements of a map in C, H, W order.',
  operands: { x: 'one' },
  attrs: {
    ...WINDOW_ATTRS,
    columns: attr(false, 'Count along columns first: C, W, H order.'),
  },
  infer: ({ x }, attrs) => f32(...pool.infer({ x }, { ...attrs, mode: 'max', countPad: false }).shape),
  evaluate: ({ x }, attrs, out) => {
    const [batch, height, width, channels] = map2d(x.type.shape);
    const [, rows, columns] = map2d(out.shape);
    const { kernel, stride, dilation, pad } = window2d(attrs);
    const result = new Float32Array(sizeOf(out.shape));
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let c = 0; c < channels; c++) {
            let [best, place] = [-Infinity, 0];
            for (let u = 0; u < kernel[0]; u++)
              for (let v = 0; v < kernel[1]; v++) {
                const row = i * stride[0] + u * dilation[0] - pad[0];
                const column = j * stride[1] + v * dilation[1] - pad[1];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const value = x.data[((n * height + row) * width + column) * channels + c]!;
                if (!(value > best)) continue;
                best = value;
                place = attrs.columns
                  ? (c * width + column) * height + row
                  : (c * height + row) * width + column;
              }
            result[((n * rows + i) * columns + j) * channels + c] = place;
          }
    return result;
  },
  onnx: ({ x }, { columns, kernel, stride, pad, dilation }, call) => {
    const { second, node, ints, types, out } = call;
    // As for pool: padding instead of `ceil_mode`, on which runtimes differ; a border where it is too wide for them.
    const over = overhang(types.x, { kernel, stride, pad, dilation }, out);
    const total = pad.map((amount, side) => amount + (over[side - over.length] ?? 0));
    const hasBorder = !isBelow(total, kernel);
    const places = second('MaxPool', [hasBorder ? bordered(x, total, -Infinity, call) : x], {
      kernel_shape: kernel,
      strides: stride,
      dilations: dilation,
      pads: total.map((amount) => (hasBorder ? 0 : amount)),
      storage_order: Number(columns),
    });
    const border = hasBorder ? total : total.map(() => 0);
    const spatial = spatialOf(types.x.shape);
    const wide = spatial.map((length, axis) => length + border[axis]! + border[axis + spatial.length]!);
    // ONNX counts on from one item to the next.
    const inItem = node('Mod', [places, ints([sizeOf(wide) * channelsOf(types.x.shape)])]);
    if (!hasBorder) return node('Cast', [inItem], { to: ELEMENT.float });
    // The fastest axis first: its position is the rest of a division, and the others are in the quotient.
    const axes = spatial.map((_, axis) => axis);
    let quotient = inItem;
    const positions = (columns ? axes : axes.toReversed()).map((axis) => {
      const size = ints([wide[axis]!]);
      const position = node('Sub', [node('Mod', [quotient, size]), ints([border[axis]!])]);
      quotient = node('Div', [quotient, size]);
      return { axis, position };
    });
    const place = positions.reduceRight(
      (before, { axis, position }) => node('Add', [node('Mul', [before, ints([spatial[axis]!])]), position]),
      quotient,
    );
    return node('Cast', [place], { to: ELEMENT.float });
  },
  torch: ({ x }, { columns, kernel, stride, pad, dilation }, { types, out, helper }) => {
    const over = overhang(types.x, { kernel, stride, pad, dilation }, out);
    const sides = pad.map((amount, side) => amount + (over[side - over.length] ?? 0));
    const isFlat = kernel.length === 2;
    const wide = (values: readonly number[], fill: number) => (isFlat ? values : [fill, ...values]);
    const half = sides.length / 2;
    const borders = [...wide(sides.slice(0, half), 0), ...wide(sides.slice(half), 0)];
    const places = helper('max_places', MAX_PLACES);
    const windows = [kernel, stride, dilation].map((values) => `(${wide(values, 1).join(', ')})`);
    const from = isFlat ? x : `${x}.unsqueeze(2)`;
    const text = `${places}(${from}, ${windows.join(', ')}, (${borders.join(', ')}), ${columns ? 'True' : 'False'})`;
    return isFlat ? text : `${text}.squeeze(2)`;
  },
  sample: (pick) => {
    const { operands, attrs } = pool.sample(pick);
    const { kernel, stride, pad, dilation, ceil } = attrs;
    const columns = spatialOf(operands.x).length === 2 && pick.of([false, true]);
    return { operands, attrs: { kernel, stride, pad, dilation, ceil, columns } };
  },
});

export const MAX_INDICES = defineKeyword({
  keyword: 'MAX_INDICES',
  doc: maxIndices.doc,
  positional: ['window'],
  args: {
    window: withDefault(perAxis('Height and width of the window.'), 2),
    stride: byRule(perAxis('Step between windows.'), 'the window'),
    pad: noPadding,
    dilation: withDefault(perAxis('Distance between the elements of a window.'), 1),
    ceil: withDefault(flag('Count a last window that hangs over the end.'), false),
    columns: withDefault(flag('Count along columns first: C, W, H order.'), false),
  },
  says: says(maxIndices, ({ ceil, columns, ...given }, { x }) => {
    const { kernel: window, stride, pad, dilation } = writtenWindow(given, x, 0);
    return { window, stride: { is: stride, unless: window }, pad, dilation, ceil, columns };
  }),
  build: (call, { window: kernel, ceil, columns, ...written }) => {
    refuseVectors('MAX_INDICES', call.x.type);
    const stride = written.stride ?? call.decide('stride', kernel, 'the window');
    const window = resolveWindow(call.x.type, { ...written, kernel, stride }, 'window');
    return call.emit(maxIndices, { x: call.x }, { ...window, ceil, columns });
  },
});

import { invariant } from '../support/assert.ts';
import { f32, sizeOf } from '../tensor/types.ts';
import { flag, withDefault } from './argument.ts';
import { axisArg, chosenAxis, saidAxis } from './axis.ts';
import { attr, defineOp, word } from './define.ts';
import { defineKeyword, says } from './keyword.ts';
import { ELEMENT, toOnnxAxis } from './onnx.ts';

const MODES = ['max', 'min'] as const;

export const arg = defineOp({
  name: 'arg',
  kind: 'kernel',
  doc: 'Where along an axis the largest (or smallest) element is: a whole number.',
  operands: { x: 'one' },
  attrs: {
    mode: word(MODES, 'Largest or smallest.'),
    axis: attr(1, 'The axis, of which one element is left.'),
    last: attr(false, 'Of several that are equal, the last; otherwise the first.'),
  },
  infer: ({ x: { shape } }, { axis }) => {
    invariant(axis in shape, `${axis} is an axis of ${shape.length}`);
    return f32(...shape.map((size, each) => (each === axis ? 1 : size)));
  },
  evaluate: ({ x }, { mode, axis, last }, out) => {
    const length = x.type.shape[axis]!;
    const inner = sizeOf(x.type.shape.slice(axis + 1));
    const sign = mode === 'max' ? 1 : -1;
    return Float32Array.from({ length: sizeOf(out.shape) }, (_, i) => {
      const from = Math.floor(i / inner) * length * inner + (i % inner);
      let best = 0;
      for (let k = 1; k < length; k++) {
        const [value, so] = [sign * x.data[from + k * inner]!, sign * x.data[from + best * inner]!];
        if (value > so || (last && value === so)) best = k;
      }
      return best;
    });
  },
  onnx: ({ x }, { mode, axis, last }, { node, types }) => {
    const attributes = { axis: toOnnxAxis(axis, types.x.shape.length), select_last_index: Number(last) };
    return node('Cast', [node(mode === 'max' ? 'ArgMax' : 'ArgMin', [x], attributes)], { to: ELEMENT.float });
  },
  torch: ({ x }, { mode, axis, last }, { types }) => {
    const { shape } = types.x;
    const dim = toOnnxAxis(axis, shape.length);
    const place = (from: string) => `torch.arg${mode}(${from}, ${dim}, keepdim=True)`;
    // Of several that are equal PyTorch takes the first.
    return last ? `(${shape[axis]! - 1} - ${place(`${x}.flip(${dim})`)}).float()` : `${place(x)}.float()`;
  },
  sample: (pick) => {
    const item = Array.from({ length: pick.int(1, 3) }, () => pick.int(1, 6));
    return {
      operands: { x: [pick.int(1, 2), ...item] },
      attrs: {
        mode: pick.of(MODES),
        axis: pick.int(1, item.length),
        last: pick.of([false, true]),
      },
    };
  },
});

const position = (mode: (typeof MODES)[number]) =>
  defineKeyword({
    keyword: mode === 'max' ? 'ARGMAX' : 'ARGMIN',
    doc: `Where along an axis the ${mode === 'max' ? 'largest' : 'smallest'} element is, from 0.`,
    positional: ['axis'],
    args: {
      axis: axisArg,
      last: withDefault(flag('Of several that are equal, the last.'), false),
    },
    says: says(arg, (attrs, { x }) =>
      attrs.mode === mode ? { axis: saidAxis(attrs.axis, x), last: attrs.last } : undefined,
    ),
    build: (call, { axis, last }) =>
      call.emit(arg, { x: call.x }, { mode, axis: chosenAxis(call, call.x, axis), last }),
  });

export const ARGMAX = position('max');
export const ARGMIN = position('min');

import { refuse } from '../support/refusal.ts';
import { sizeOf } from '../tensor/types.ts';
import { channelsOf } from '../tensor/window.ts';
import { count, number, withDefault } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { float } from './onnx.ts';
import { defineKeyword, says } from './keyword.ts';
import { python } from './torch.ts';

/**
 * Local response normalisation (Krizhevsky et al., AlexNet, 2012, 3.3), with `alpha` divided by the size
 * as Caffe, PyTorch and ONNX have it; TensorFlow does not divide.
 */
export const lrn = defineOp({
  name: 'lrn',
  kind: 'kernel',
  doc: 'x / (k + alpha / size · Σ x²)^beta, the sum going over `size` neighbouring channels.',
  operands: { x: 'one' },
  attrs: {
    size: attr(5, 'Channels summed over: an odd number.'),
    alpha: attr(1e-4, 'Factor of the mean square.'),
    beta: attr(0.75, 'Exponent.'),
    k: attr(1, 'Added to the mean square.'),
  },

  infer: ({ x }, { size }) =>
    size % 2 === 1
      ? x
      : refuse('E037', `LRN's size is an odd number, not ${size}`, {
          argument: 'size',
          help: 'frameworks place an even window differently',
        }),

  evaluate: ({ x }, { size, alpha, beta, k }) => {
    const channels = channelsOf(x.type.shape);
    const reach = (size - 1) / 2;
    const result = new Float32Array(sizeOf(x.type.shape));
    for (let at = 0; at < result.length; at += channels)
      for (let c = 0; c < channels; c++) {
        let squares = 0;
        for (let near = c - reach; near <= c + reach; near++)
          if (near >= 0 && near < channels) squares += x.data[at + near]! ** 2;
        result[at + c] = x.data[at + c]! / (k + (alpha / size) * squares) ** beta;
      }
    return result;
  },

  // ONNX Runtime takes maps only.
  onnx: ({ x }, { size, alpha, beta, k }, { node, ints, out }) => {
    const normalise = (map: string) =>
      node('LRN', [map], { size, alpha: float(alpha), beta: float(beta), bias: float(k) });
    if (out.shape.length === 4) return normalise(x);
    const missing = ints([2, 3].slice(0, 4 - out.shape.length));
    return node('Squeeze', [normalise(node('Unsqueeze', [x, missing])), missing]);
  },

  torch: ({ x }, { size, alpha, beta, k }, { types }) => {
    const settings = { alpha: [alpha, 1e-4], beta: [beta, 0.75], k: [k, 1] } as const;
    const isVector = types.x.shape.length === 2; // which PyTorch does not take
    const normalised = python('F.local_response_norm', [isVector ? `${x}.unsqueeze(2)` : x, size], settings);
    return isVector ? `${normalised}.squeeze(2)` : normalised;
  },

  sample: (pick) => ({
    operands: {
      x: [
        pick.int(1, 2),
        ...pick.of([[], [pick.int(1, 5)], [pick.int(1, 4), pick.int(1, 4)]]),
        pick.int(1, 9),
      ],
    },
    attrs: {
      size: pick.of([1, 3, 5]),
      alpha: pick.of([1e-4, 0.5, 2]),
      beta: pick.of([0.5, 0.75, 1]),
      k: pick.of([1, 2]),
    },
  }),
});

export const LRN = defineKeyword({
  keyword: 'LRN',
  doc: 'Local response normalisation across neighbouring channels (AlexNet).',
  positional: ['size'],
  args: {
    size: withDefault(count('Channels summed over: an odd number.'), 5),
    alpha: withDefault(number('Factor of the mean square.'), 1e-4),
    beta: withDefault(number('Exponent.'), 0.75),
    k: withDefault(number('Added to the mean square.'), 1),
  },
  says: says(lrn),
  build: (call, args) => {
    // Zeros would become 0 / 0.
    if (args.k <= 0) refuse('E037', `LRN's k is more than 0, not ${args.k}`, { argument: 'k' });
    return call.emit(lrn, { x: call.x }, args);
  },
});

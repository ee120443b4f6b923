import { add, div, lit, mul, sqrt, sub } from '../scalar/expression.ts';
import { refuse } from '../support/refusal.ts';
import { channelsOf } from '../tensor/window.ts';
import { number, withDefault, type Value } from './argument.ts';
import { attr, defineOp } from './define.ts';
import { mapElements } from './elementwise.ts';
import { float } from './onnx.ts';
import { defineKeyword, says, type Call } from './keyword.ts';
import { python } from './torch.ts';

/** Batch normalisation at inference (Ioffe and Szegedy, 2015): all four parameters are constants per channel. */
export const batchNorm = defineOp({
  name: 'batch_norm',
  kind: 'scalar',
  doc: 'Batch normalisation with running statistics: (x − mean) / √(variance + eps) · weight + bias.',
  operands: { x: 'one', weight: 'one', bias: 'one', mean: 'one', variance: 'one' },
  attrs: { eps: attr(1e-5, 'Added to the variance.') },
  infer: ({ x, ...perChannel }) => {
    const channels = channelsOf(x.shape);
    if (Object.values(perChannel).some(({ shape }) => shape.length !== 1 || shape[0] !== channels))
      refuse('E041', `BN needs one weight, bias, mean and variance for each of the ${channels} channels`);
    return x;
  },
  formula: ({ x, weight, bias, mean, variance }, { eps }) =>
    add(mul(div(sub(x, mean), sqrt(add(variance, lit(eps)))), weight), bias),
  evaluate: ({ x, weight, bias, mean, variance }, { eps }, out) =>
    mapElements(
      [x, weight, bias, mean, variance],
      out,
      (v, gamma, beta, mu, sigma2) => beta! + (gamma! * (v! - mu!)) / Math.sqrt(sigma2! + eps),
    ),
  onnx: ({ x, weight, bias, mean, variance }, { eps }, { node }) =>
    node('BatchNormalization', [x, weight, bias, mean, variance], { epsilon: float(eps) }),
  torch: ({ x }, { eps }, { types, module }) => {
    const rank = Math.max(1, types.x.shape.length - 2);
    const made = python(`nn.BatchNorm${rank}d`, [channelsOf(types.x.shape)], { eps: [eps, 1e-5] });
    return python(module(made), [x]);
  },
  sample: (pick) => {
    const channels = pick.int(1, 6);
    const perChannel = [channels];
    const x = [
      pick.int(1, 2),
      ...pick.of([[], [pick.int(1, 7)], [pick.int(1, 4), pick.int(1, 4)]]),
      channels,
    ];
    return {
      operands: { x, weight: perChannel, bias: perChannel, mean: perChannel, variance: perChannel },
      attrs: { eps: pick.of([1e-5, 1e-3]) },
    };
  },
});

/** Operands, and what their weights are called behind the path of the layer. */
const WEIGHTS = { weight: 'weight', bias: 'bias', mean: 'running_mean', variance: 'running_var' } as const;

/** Normalises `x` with the weights `<prefix>weight`, `<prefix>bias`, `<prefix>running_mean`, `<prefix>running_var`. */
export function normalise(call: Call, x: Value, prefix = '', eps = 1e-5): Value {
  const shape = [channelsOf(x.type.shape)];
  return call.emit(
    batchNorm,
    {
      x,
      weight: call.weight(prefix + WEIGHTS.weight, shape, 'one'),
      bias: call.weight(prefix + WEIGHTS.bias, shape, 'zero'),
      mean: call.weight(prefix + WEIGHTS.mean, shape, 'zero', 'statistic'),
      variance: call.weight(prefix + WEIGHTS.variance, shape, 'one', 'statistic'),
    },
    { eps },
  );
}

export const BN = defineKeyword({
  keyword: 'BN',
  doc: 'Batch normalisation with running statistics.',
  activates: true,
  positional: [],
  args: { eps: withDefault(number('Added to the variance.'), 1e-5) },
  says: says(batchNorm, ({ eps }) => ({ eps }), WEIGHTS),
  build: (call, { eps }) => {
    if (eps < 0) refuse('E037', `BN's eps is 0 or more, not ${eps}`, { argument: 'eps' });
    return normalise(call, call.x, '', eps);
  },
});

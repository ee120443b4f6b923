// What other frameworks call our operators and attributes: for suggestions, never as a second spelling.
import { didYouMean } from '../support/suggest.ts';

const OPERATORS: Readonly<Record<string, string>> = {
  add: 'ADD',
  averagepool: 'POOL(mode=avg)',
  averagepooling: 'POOL(mode=avg)',
  avgpool: 'POOL(mode=avg)',
  batchnorm: 'BN',
  batchnormalization: 'BN',
  cat: 'CONCAT',
  concatenate: 'CONCAT',
  convtranspose: 'DECONV',
  dense: 'FC',
  depthwiseconv: 'DWCONV',
  flatten: 'FC, which flattens its input itself',
  gemm: 'FC',
  globalaveragepool: 'GAP',
  globalaveragepooling: 'GAP',
  globalavgpool: 'GAP',
  hardswish: 'HSWISH',
  identity: 'SKIP',
  leakyrelu: 'LEAKY',
  linear: 'FC',
  maxpool: 'POOL',
  maxpooling: 'POOL',
  multiply: 'MUL',
  repeat: '[…]*N',
  silu: 'SWISH',
  transposedconv: 'DECONV',
  upsample: 'UP',
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  activation: 'act',
  ceil_mode: 'ceil',
  channels: 'filters',
  count_include_pad: 'count_pad',
  depth_multiplier: 'multiplier',
  input_shape: 'shape',
  kernel_size: 'kernel',
  out_channels: 'filters',
  out_features: 'units',
  padding: 'pad',
  pool_size: 'window',
  scale_factor: 'factor',
  strides: 'stride',
  use_bias: 'bias',
};

/** Words that attributes take, by what others call them. */
const CHOICES: Readonly<Record<string, string>> = {
  average: 'avg',
  gray: 'grey',
  linear: 'bilinear',
  maximum: 'max',
  mean: 'avg',
};

/** `; did you mean avg?` for `mean` as for `agv`. */
export function didYouMeanChoice(word: string, choices: readonly string[]): string {
  const meant = Object.hasOwn(CHOICES, word) ? CHOICES[word] : undefined;
  const choice = choices.find((each) => each === meant);
  return choice === undefined ? didYouMean(word, choices) : `; did you mean ${choice}?`;
}

const RECURRENT: ReadonlySet<string> = new Set(['gru', 'lstm', 'rnn']);

/** `; did you mean BN?` for `BATCHNORM2D` as for `BNN`; of `CONV3D` and `LSTM` that they are not supported. */
export function didYouMeanWord(word: string, candidates: Iterable<string>): string {
  const words = [...candidates];
  const plain = word.replaceAll('_', '').replace(/[123]d$/i, '');
  const synonym = plain.toLowerCase();
  if (RECURRENT.has(synonym)) return '; recurrent layers are not supported';
  const meant = Object.hasOwn(OPERATORS, synonym)
    ? OPERATORS[synonym]
    : words.find((each) => each === plain.toUpperCase());
  if (meant === undefined) return didYouMean(word, words);
  return /3d$/i.test(word) ? `; 3D is not supported, ${meant} is for 1D and 2D` : `; did you mean ${meant}?`;
}

/** `; did you mean pad?` for `padding` as for `pda`. */
export function didYouMeanAttribute(name: string, attributes: readonly string[]): string {
  const meant = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
  return meant !== undefined && attributes.includes(meant)
    ? `; did you mean ${meant}?`
    : didYouMean(name, attributes);
}

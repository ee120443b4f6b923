// Why an operator of ONNX is not supported, as far as it is known at all.
import type { OnnxNode } from './model.ts';
import type { Value } from './value.ts';

const REASONS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['a recurrent cell', 'RNN LSTM GRU LinearAttention'],
      ['random', 'RandomNormal RandomNormalLike RandomUniform RandomUniformLike Bernoulli Multinomial'],
      ['for training', 'NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss'],
      [
        'sequences',
        'SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap ' +
          'ConcatFromSequence SplitToSequence',
      ],
      ['values that may be missing', 'Optional OptionalGetElement OptionalHasElement'],
      ['texts', 'RegexFullMatch StringConcat StringNormalizer StringSplit TfIdfVectorizer'],
      ['files of pictures', 'ImageDecoder'],
    ] as const
  ).flatMap(([reason, ops]) => ops.split(' ').map((op) => [op, reason] as const)),
);

/** Why an operator is not supported: `a recurrent cell`. Undefined for what ONNX does not know either. */
export const reasonAgainst = (domain: string, op: string): string | undefined =>
  domain === '' ? REASONS.get(op) : 'not of ONNX';

/** Where operators that slide a window over a map have their filters. */
const FILTERS: Readonly<Record<string, number>> = {
  Conv: 1,
  ConvTranspose: 1,
  ConvInteger: 1,
  QLinearConv: 3,
};

const POOLS = new Set(['AveragePool', 'LpPool', 'MaxPool']);

/**
 * Why a use of an operator that there is cannot be supported, whatever its other inputs are: `along 3 axes`. Seen
 * by its filters, or by its kernel, so that all such nodes of a network are known, and not the first only.
 */
export function reasonAgainstUse(
  { domain, op, attributes }: OnnxNode,
  valueAt: (operand: number) => Value | undefined,
): string | undefined {
  if (domain !== '') return undefined;
  const at = FILTERS[op];
  const kernel = attributes.get('kernel_shape');
  const axes =
    at !== undefined
      ? (valueAt(at)?.dims.length ?? 0) - 2
      : POOLS.has(op) && kernel?.kind === 'ints'
        ? kernel.value.length
        : 0;
  return axes > 2 ? `along ${axes} axes, not 1 or 2` : undefined;
}

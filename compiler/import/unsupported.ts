// Why an operator of ONNX is not supported, as far as it is known at all.

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
      ['the bits of numbers, all of which are float32 here', 'BitCast'],
    ] as const
  ).flatMap(([reason, ops]) => ops.split(' ').map((op) => [op, reason] as const)),
);

/** Why an operator is not supported: `a recurrent cell`. Undefined for what ONNX does not know either. */
export const reasonAgainst = (domain: string, op: string): string | undefined =>
  domain === '' ? REASONS.get(op) : 'not of ONNX';

/** Whether the values are probabilities already: none negative, and together 1. */
function isDistribution(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) {
    if (!(value >= 0)) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 1e-3;
}

/** A classifier's output as probabilities: softmax of scores, or the output itself if it is a distribution. */
function probabilities(values: Float32Array): Float64Array {
  if (isDistribution(values)) return Float64Array.from(values);
  // Without the maximum taken off, exp of a large score would be infinite.
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(values, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

export interface RankedClass {
  readonly index: number;
  readonly label?: string;
  readonly probability: number;
}

/** The `count` likeliest classes, likeliest first; equal ones in the order of their index. */
export function topClasses(
  values: Float32Array,
  count: number,
  labels?: readonly string[],
): readonly RankedClass[] {
  return Array.from(probabilities(values), (probability, index) => ({ index, probability }))
    .toSorted((a, b) => b.probability - a.probability || a.index - b.index)
    .slice(0, count)
    .map(({ index, probability }) => {
      const label = labels?.[index];
      return label === undefined ? { index, probability } : { index, label, probability };
    });
}

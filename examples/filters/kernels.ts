// The filters' kernels, row by row: weights that nobody had to train.

/** Weights by their path, with their shape. */
export type Weights = Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>;

const turned = (kernel: readonly number[]): number[] => kernel.toReversed();

/** The same kernel for each of the three colours. */
function perColour(kernel: readonly number[]): Weights {
  const size = Math.sqrt(kernel.length);
  return { 'filter.weight': { shape: [3, 1, size, size], values: [...kernel, ...kernel, ...kernel] } };
}

/** Rows of Pascal's triangle, multiplied with each other: nearly a bell. */
const BINOMIAL = [1, 4, 6, 4, 1].flatMap((a) => [1, 4, 6, 4, 1].map((b) => (a * b) / 256));

/** Sobel's operator: the slope to the right, and its transpose, the slope downwards. */
const RIGHT = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const DOWN = [-1, -2, -1, 0, 0, 0, 1, 2, 1];

export const KERNELS: Readonly<Record<string, Weights>> = {
  blur: perColour(BINOMIAL),
  sharpen: perColour([0, -1, 0, -1, 5, -1, 0, -1, 0]),
  emboss: perColour([-2, -1, 0, -1, 1, 1, 0, 1, 2]),
  edges: {
    'filter.weight': { shape: [4, 1, 3, 3], values: [RIGHT, turned(RIGHT), DOWN, turned(DOWN)].flat() },
    'total.weight': { shape: [1, 4, 1, 1], values: [0.5, 0.5, 0.5, 0.5] },
  },
};

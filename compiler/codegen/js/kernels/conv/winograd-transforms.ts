// The one-dimensional transforms of Winograd's minimal filtering F(m, 3) (Winograd, 1980; Lavin and Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2016): m results of a filter with three taps from
// m + 2 products instead of 3 · m. In two dimensions each is applied to columns, then to rows.
export interface Transforms {
  /** m: results per tile along an axis. */
  readonly results: number;
  /** m + 2: products per tile along an axis. */
  readonly points: number;
  /** Filter (3) → points: a matrix. */
  readonly filter: readonly (readonly number[])[];
  /** Input d0 … → points. */
  readonly input: Linear;
  /** Points p0 … → results. */
  readonly output: Linear;
}

/** A linear map as statements that share what is common, then one expression for each result. */
export interface Linear {
  readonly statements: readonly string[];
  readonly results: readonly string[];
}

/** Interpolates at 0, ±1, ∞. */
export const F2: Transforms = {
  results: 2,
  points: 4,
  filter: [
    [1, 0, 0],
    [1 / 2, 1 / 2, 1 / 2],
    [1 / 2, -1 / 2, 1 / 2],
    [0, 0, 1],
  ],
  input: { statements: [], results: ['d0 - d2', 'd1 + d2', 'd2 - d1', 'd1 - d3'] },
  output: { statements: [], results: ['p0 + p1 + p2', 'p1 - p2 - p3'] },
};

/** Interpolates at 0, ±1, ±2, ∞. */
export const F4: Transforms = {
  results: 4,
  points: 6,
  filter: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  input: {
    statements: [
      'const even1 = d4 - 4 * d2, odd1 = d3 - 4 * d1;',
      'const even2 = d4 - d2, odd2 = 2 * (d3 - d1);',
    ],
    results: [
      '4 * d0 - 5 * d2 + d4',
      'even1 + odd1',
      'even1 - odd1',
      'even2 + odd2',
      'even2 - odd2',
      '4 * d1 - 5 * d3 + d5',
    ],
  },
  output: {
    statements: [
      'const even1 = p1 + p2, odd1 = p1 - p2;', //
      'const even2 = p3 + p4, odd2 = p3 - p4;',
    ],
    results: ['p0 + even1 + even2', 'odd1 + 2 * odd2', 'even1 + 4 * even2', 'odd1 + 8 * odd2 + p5'],
  },
};

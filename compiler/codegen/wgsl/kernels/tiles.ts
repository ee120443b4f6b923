// Register tiles: how many pixels and vectors of filters one thread computes.
import { code } from '../../../support/code.ts';
import type { KernelContext } from '../kernel.ts';
import type { Lanes } from '../syntax.ts';
import { range } from '../../../support/numbers.ts';

/** A function that stores a result of four channels, or one: kernels with many results call it for each. */
export const put = ({ store }: KernelContext, lanes: Lanes = 'vec4f'): string => code`
  fn put(at: i32, vector: i32, result: ${lanes}) {
    ${store('result', { index: 'at', vector: 'vector', lanes })}
  }
`;

/** Pairs (pixel, filter) of a tile, in the order of the text. */
export const cells = ({ pixels, filters }: Tile): readonly (readonly [m: number, n: number])[] =>
  range(pixels).flatMap((m) => range(filters).map((n) => [m, n] as const));

export interface Tile {
  /** Neighbours along a row. */
  readonly pixels: number;
  /** Vectors of four filters. */
  readonly filters: number;
}

/** What is to be cut into tiles. */
export interface Work {
  readonly lines: number;
  /** Pixels of a line. */
  readonly columns: number;
  readonly filterVectors: number;
}

/** Which tiles there are, largest first, and below how many threads a smaller one is better: cores would be idle. */
interface Choice {
  readonly tiles: readonly Tile[];
  readonly enoughThreads: number;
}

const SMALLEST: Tile = { pixels: 4, filters: 1 };
const TILES: readonly Tile[] = [{ pixels: 4, filters: 4 }, { pixels: 4, filters: 2 }, SMALLEST];
const CHOICES = {
  hardware: { tiles: TILES, enoughThreads: 4096 },
  // Its registers are memory, and what costs it time are loads.
  software: { tiles: [{ pixels: 8, filters: 4 }, ...TILES], enoughThreads: 256 },
} as const satisfies Readonly<Record<string, Choice>>;

/**
 * The largest tile that leaves enough threads. A tile reads pixels + 4 · filters vectors for pixels · filters
 * matrix products, so larger is better until there is too little to do at once.
 */
export function chooseTile(
  { lines, columns, filterVectors }: Work,
  { tiles: allowed }: Pick<KernelContext, 'tiles'>,
  gpu: keyof typeof CHOICES = 'hardware',
): Tile {
  if (allowed === 'one') return SMALLEST;
  const { tiles, enoughThreads } = CHOICES[gpu];
  const threads = ({ pixels, filters }: Tile) =>
    lines * Math.ceil(columns / pixels) * (filterVectors / filters);
  const candidates = tiles.filter(({ filters }) => filterVectors % filters === 0);
  return candidates.find((tile) => threads(tile) >= enoughThreads) ?? SMALLEST;
}

// Whatever lives when, no two that are alive at once share memory; also where there are too many to search.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceFile } from '../../grammar/index.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { summarize } from '../../compiler/index.ts';
import { placeBuffers, type Arena } from '../../compiler/plan/arena.ts';
import { placeInOrderOfTime } from '../../compiler/plan/in-order-of-time.ts';
import type { Life } from '../../compiler/plan/liveness.ts';
import { f32 } from '../../compiler/tensor/types.ts';

const span = { source: sourceFile('x'), start: 0, end: 1 };
const ORIGIN = { path: 'x', keyword: 'INPUT', span, blocks: [] };
const value = () => new GraphBuilder('g').input('x', f32(1, 1), ORIGIN);

const lives = fc
  .array(fc.record({ first: fc.integer({ min: -1, max: 20 }), steps: fc.nat(20), length: fc.nat(9) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((all) =>
    all.map(({ first, steps, length }): Life => ({ values: [value()], first, last: first + steps, length })),
  );

/** Pairs that are alive at once and share elements. */
function clashes(all: readonly Life[], offsetOf: (life: Life) => number): [Life, Life][] {
  const meet = (a: Life, b: Life) => a.first <= b.last && b.first <= a.last;
  const share = (a: Life, b: Life) =>
    a.length > 0 &&
    b.length > 0 &&
    offsetOf(a) < offsetOf(b) + b.length &&
    offsetOf(b) < offsetOf(a) + a.length;
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b): [Life, Life][] => (meet(a, b) && share(a, b) ? [[a, b]] : [])),
  );
}

const offsetIn =
  ({ slots }: Arena) =>
  ({ values }: Life) =>
    slots.get(values[0]!)!.offset;

function aliveAt(all: readonly Life[], step: number): number {
  return all.reduce((sum, { first, last, length }) => sum + (first <= step && step <= last ? length : 0), 0);
}

const boundOf = (all: readonly Life[]): number => Math.max(...all.map(({ first }) => aliveAt(all, first)));

describe('no two that are alive at once share memory', () => {
  test('the largest first', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const arena = placeBuffers(all, boundOf(all));
        expect(clashes(all, offsetIn(arena))).toEqual([]);
        expect(arena.length).toBeGreaterThanOrEqual(boundOf(all));
      }),
    );
  });

  test('in order of time', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const offsets = placeInOrderOfTime(all);
        expect(clashes(all, (life) => offsets.get(life)!)).toEqual([]);
      }),
    );
  });

  test('in order of time no arena is smaller where all are of one size', () => {
    fc.assert(
      fc.property(lives, (some) => {
        const all = some.map((life) => ({ ...life, length: 7 }));
        const offsets = placeInOrderOfTime(all);
        expect(Math.max(...offsets.values()) + 7).toBe(boundOf(all));
      }),
    );
  });
});

describe('thousands of values that are alive at once are planned without a search', () => {
  const many = (n: number, each: (i: number) => string, between = '\n') =>
    Array.from({ length: n }, (_, i) => each(i)).join(between);

  test.each([
    ['a sum of 3,000 arms', `{ ${many(3000, () => 'CONV(1, 1, act=none)', ' | ')} } -> ADD`],
    ['a concatenation of 3,000 arms', `{ ${many(3000, () => 'CONV(1, 1)', ' | ')} } -> CONCAT`],
    ['3,000 outputs', `CONV(4) as a\n${many(3000, (i) => `a -> CONV(1, 1) as o${i}`)}`],
    [
      '3,000 long skips',
      `CONV(4) as s0 ${many(3000, (i) => `-> CONV(4) as s${i + 1}`)}\n${many(3000, (i) => `-> ADD(s${2999 - i}, _)`)}`,
    ],
  ])('%s', { timeout: 60_000 }, async (_, chain) => {
    const { memory } = await summarize({ source: `INPUT(8x8x4) -> ${chain}` });
    expect(memory!.peakBytes).toBe(memory!.lowerBoundBytes);
  });
});

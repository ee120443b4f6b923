// What every pass must keep, on random networks of all operators: the values (to the bit, or within the
// tolerance, by its numeric class), idempotence, and the text form.
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { DEFAULT_PASSES, PASSES } from '../../compiler/passes/index.ts';
import { runPasses, type Pass } from '../../compiler/passes/pass.ts';
import { randomGraph, randomInputs } from '../support/random-graph.ts';
import { mismatch } from '../support/tolerance.ts';

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);

/** Where the passes change what a random network computes; undefined when they leave it as it is. */
function differences(seed: number, passes: readonly Pass[]): string[] | undefined {
  const graph = randomGraph(seed);
  const result = runPasses(graph, passes);
  if (result === graph) return undefined;
  const isExact = passes.every(({ numeric }) => numeric === 'exact');
  const inputs = randomInputs(graph, seed);
  const [before, after] = [interpret(graph, inputs), interpret(result, inputs)];
  return Object.entries(before).flatMap(([name, values]) => {
    const wrong = isExact ? otherBits(after[name]!, values) : mismatch(after[name]!, values, 'network');
    return wrong === undefined ? [] : [`seed ${seed}, ${name}: ${wrong}`];
  });
}

function otherBits(actual: Float32Array, expected: Float32Array): string | undefined {
  const at = expected.findIndex((value, i) => !Object.is(value, actual[i]));
  return at < 0 ? undefined : `element ${at} is ${actual[at]}, not ${expected[at]}`;
}

/** Those that never fire here: nothing in random networks depends on weights alone. */
const SILENT = new Set(['fold-constants']);

describe.each([...PASSES.values()])('$name', (pass) => {
  test('keeps the values of random networks, and fires on some of them', () => {
    const changed = SEEDS.map((seed) => differences(seed, [pass])).filter((each) => each !== undefined);
    expect(changed.flat()).toEqual([]);
    expect(changed.length > 0).toBe(!SILENT.has(pass.name));
  });

  test('a second run changes nothing', () => {
    for (const seed of SEEDS) {
      const once = runPasses(randomGraph(seed), [pass]);
      expect(runPasses(once, [pass]), `seed ${seed}`).toBe(once);
    }
  });
});

describe('the default pipeline', () => {
  test('keeps the values of random networks', () => {
    expect(SEEDS.flatMap((seed) => differences(seed, DEFAULT_PASSES) ?? [])).toEqual([]);
  });

  test('a second run changes nothing', () => {
    for (const seed of SEEDS) {
      const once = runPasses(randomGraph(seed), DEFAULT_PASSES);
      expect(runPasses(once, DEFAULT_PASSES), `seed ${seed}`).toBe(once);
    }
  });

  test('the text form of every stage reads back', () => {
    for (const seed of SEEDS)
      runPasses(randomGraph(seed), DEFAULT_PASSES, ({ after }) => {
        const text = printGraph(after);
        expect(printGraph(parseGraph(text))).toBe(text);
      });
  });
});

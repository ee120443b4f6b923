import { expect, test } from 'vitest';
import type { Graph } from '../../compiler/ir/graph.ts';
import { FUNCTIONS, wrongAt } from '../support/far-out.ts';
import { type Arrays, openGraph } from '../support/targets.ts';

const NUMBERS = [0, 1e-30, 1e-8, 1e-3, 6.5, 20, 89, 104, 710, 1e3, 1e5, 1e6, 1e8];
const BOTH_SIGNS = [...NUMBERS, ...NUMBERS.map((each) => -each)];
/** Beyond this the tangent’s formula knows the angle no more. */
const FARTHEST = [...BOTH_SIGNS, 1e20, -1e20, 3e38, -3e38, Infinity, -Infinity, NaN];

test.each(FUNCTIONS)('%s far from 0', async (op) => {
  const run = async (graph: Graph, inputs: Arrays) => (await openGraph(graph, 'js'))(inputs);
  expect(await wrongAt(op, op === 'tan' ? BOTH_SIGNS : FARTHEST, run, 2e-6)).toEqual([]);
});

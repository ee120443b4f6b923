// Every example program through the default passes: the text form of each stage reads back, no
// normalisation or dropout is left, and a second run changes nothing.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { optimize } from '../../compiler/index.ts';
import { network } from '../dense/networks.ts';

const programs = globSync('examples/models/*.cnn').toSorted();

describe.each(programs.map((path) => [basename(path), path] as const))('%s', (_, path) => {
  test('every stage reads back, and the last one is stable', async () => {
    const graph = await network(readFileSync(path, 'utf8'));
    const result = runPasses(graph, DEFAULT_PASSES, ({ after }) => {
      const text = printGraph(after);
      expect(printGraph(parseGraph(text))).toBe(text);
    });
    const left = result.nodes.map(({ op }) => op);
    expect(left).not.toContain('batch_norm');
    expect(left).not.toContain('dropout');
    expect(runPasses(result, DEFAULT_PASSES)).toBe(result);
  });
});

test.each([
  ['06-resnet18', 68, 23],
  ['07-mobilenetv2', 151, 54],
  ['05-inception', 14, 8],
  ['10-unet', 49, 31],
])('%s runs %i kernels before the passes, %i after: as the README says', async (name, before, after) => {
  const result = await optimize({ source: readFileSync(`examples/models/${name}.cnn`, 'utf8') });
  expect([result.before!.kernels, result.after!.kernels]).toEqual([before, after]);
});

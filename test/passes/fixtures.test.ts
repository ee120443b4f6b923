// Every `.cir` file here is a test: `# RUN: cnnc opt %s --passes=…` says what runs, `# CHECK` lines what
// must be in the result (support/file-check.ts), `# UNCHANGED` that the very same graph comes back. A line
// `# -----` divides a file into several graphs under one RUN line.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { printGraph } from '../../compiler/ir/text.ts';
import { PASSES, parsePipeline } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { fileCheck } from '../support/file-check.ts';

const files = globSync('*/*.cir', { cwd: import.meta.dirname }).toSorted();

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const pipeline = /# RUN: cnnc opt %s --passes=(\S+)/.exec(text)?.[1];
  const passes = parsePipeline(pipeline ?? '');

  test.each(text.split(/^# -----$/m).map((part, index) => [index + 1, part] as const))(
    'graph %i',
    (_, part) => {
      const graph = parseGraph(part);
      const result = runPasses(graph, passes);
      const printed = printGraph(result);
      expect(fileCheck(printed, part)).toBeUndefined();
      expect(result === graph).toBe(part.includes('# UNCHANGED'));
      expect(printGraph(parseGraph(printed)), 'the text form reads back').toBe(printed);
      expect(runPasses(result, passes), 'a second run changes nothing').toBe(result);
    },
  );

  test('runs the pass that its folder is named after', () => {
    expect(passes.map(({ name }) => name)).toEqual([basename(dirname(file))]);
  });
});

test('every pass has a fixture in which it fires, and one in which it must not', () => {
  const unproved = [...PASSES.keys()].filter((pass) => {
    const own = files.filter((file) => dirname(file) === pass);
    const stays = own.filter((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8').includes('# UNCHANGED'),
    );
    return stays.length === 0 || stays.length === own.length;
  });
  expect(unproved).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { DEFAULT_PASSES, parsePipeline } from '../../compiler/passes/index.ts';
import { PassFailure, printPipeline, runPasses, type Pass } from '../../compiler/passes/pass.ts';

const GRAPH = parseGraph(
  'graph g { %x = input : f32[1,2] %a = relu(%x) : f32[1,2] %b = dropout(%a) : f32[1,2] return y=%b }',
);

describe('the pipeline', () => {
  test('printed and read it is the same', () => {
    expect(parsePipeline(printPipeline(DEFAULT_PASSES))).toEqual(DEFAULT_PASSES);
    expect(parsePipeline('default')).toEqual(DEFAULT_PASSES);
  });

  test('a misspelled pass is refused with a suggestion', () => {
    expect(() => parsePipeline('fold-batchnorm')).toThrow('did you mean fold-batch-norm?');
  });

  test('every pass is reported, also where it did nothing', () => {
    const seen: string[] = [];
    runPasses(GRAPH, DEFAULT_PASSES, ({ pass, before, after }) => {
      if (before !== after) seen.push(pass.name);
    });
    expect(seen).toEqual(['drop-no-ops']);
  });
});

describe('a pass that fails', () => {
  const failing = (run: Pass['run']): Pass => ({ name: 'failing', doc: '', numeric: 'exact', run });

  test('leaves a file that makes it fail again', () => {
    const passes = parsePipeline('drop-no-ops');
    const broken = failing(() => {
      throw new Error('no');
    });
    const { message, reproducer } = failureOf(() => runPasses(GRAPH, [...passes, broken, ...passes]));
    expect(message).toBe('pass failing: no');
    expect(reproducer).toMatch(/^# cnnc opt repro\.cir --passes=failing,drop-no-ops\ngraph g \{/);
    expect(reproducer, 'the graph is that before the pass').not.toContain('dropout');
    expect(parseGraph(reproducer).name).toBe('g');
  });

  test('is also one whose result the verifier rejects', () => {
    const broken = failing((graph) => ({ ...graph, nodes: graph.nodes.toReversed() }));
    expect(() => runPasses(GRAPH, [broken])).toThrow(PassFailure);
  });
});

function failureOf(run: () => unknown): PassFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof PassFailure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

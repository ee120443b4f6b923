// The ONNX project's test cases as WGSL: the newest version of each, and none whose operator is written out in
// simpler ones. What those mean is settled before there is WGSL; test/import/onnx-node.test.ts runs them all.
import { beforeAll, expect, test } from 'vitest';
import type { Graph } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { CASES_FILE, excuseOf, readCases, wrongWith } from '../support/onnx-cases.ts';
import { describeWithShared } from '../support/shared.ts';
import type { Arrays } from '../support/targets.ts';
import { openOnGpu } from '../support/webgpu.ts';

const required = readCases().filter(
  (each) => excuseOf(each) === undefined && !each.name.includes('_expanded'),
);
/** Newer generations of a test come first in the list. */
const newest = [...new Map(required.toReversed().map((each) => [each.name, each])).values()];

describeWithShared(`the cases of the ONNX project on ${testGpu.name}`, [CASES_FILE], () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  /** For one run. */
  const open = async (graph: Graph) => {
    const opened = await openOnGpu(runPasses(graph, DEFAULT_PASSES), device);
    return async (inputs: Arrays) => {
      const results = await opened.run(inputs);
      opened.dispose();
      return results;
    };
  };

  test.each(newest)('$id', async (each) => {
    const wrong = await wrongWith(each, open);
    expect(testGpu.computes ? wrong : undefined).toBeUndefined();
  });
});

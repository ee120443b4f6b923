// Dense evaluation on the GPU: the map of a larger picture beside the crops.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Graph } from '../../compiler/ir/graph.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { againstCrops, FIXED } from '../dense/against-crops.ts';
import { weighted } from '../dense/networks.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { openOnGpu } from '../support/webgpu.ts';

describe.skipIf(!testGpu.computes)(`on ${testGpu.name}`, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  const onGpu = async (graph: Graph, data: Float32Array): Promise<Float32Array> => {
    const opened = await openOnGpu(runPasses(graph, DEFAULT_PASSES), device);
    const outputs = await opened.run({ [graph.inputs[0]!.name]: data });
    opened.dispose();
    return outputs[graph.outputs[0]!.name]!;
  };

  test.each(FIXED)('%s at %j equals its crops', async (text, size, stride) => {
    const trained = await weighted(text);
    const coarse = { size, dense: 'map' } as const;
    expect(await againstCrops(trained, coarse, stride, onGpu)).toBeUndefined();
    for (const method of ['atrous', 'stitch'] as const)
      expect(await againstCrops(trained, { ...coarse, stride: 1, method }, 1, onGpu)).toBeUndefined();
  });
});

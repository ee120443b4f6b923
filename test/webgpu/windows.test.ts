import { expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { openOnGpu } from '../support/webgpu.ts';

test.runIf(testGpu.computes)(
  'a window that lies between the elements of a map has its maximum at 0',
  async () => {
    const graph = parseGraph(`graph g {
  %x = input : f32[1,1,3]
  %y = max_indices(%x) {kernel=[2], stride=[1], dilation=[3], pad=[3,3]} : f32[1,4,3]
  return y=%y
}`);
    const inputs = { x: Float32Array.of(1, 2, 3) };
    const opened = await openOnGpu(graph, await testDevice());
    expect(await opened.run(inputs)).toEqual(interpret(graph, inputs));
  },
);

// So many elements, or so long an axis, that numbers of 16 or 32 bits are in the way.
import { beforeAll, describe, expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { mismatch } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

describe('more columns than a dispatch has', () => {
  const size = 2400 * 2400 * 3;
  const graph = parseGraph(`graph g {
  %x = input : f32[1,2400,2400,3]
  %y = relu(%x) : f32[1,2400,2400,3]
  return y=%y
}`);

  test('no dispatch is larger than GPUs allow', () => {
    const sizes = planWebgpu(graph).dispatches.flatMap(({ workgroups }) => workgroups);
    expect(Math.max(...sizes)).toBe(65_535);
  });

  test.runIf(testGpu.computes)('every element is computed', async () => {
    const x = new Float32Array(size).map((_, i) => (i % 1009) - 500);
    const opened = await openOnGpu(graph, device);
    const { y } = await opened.run({ x });
    opened.dispose();
    expect(y!.findIndex((value, i) => value !== Math.max(0, x[i]!))).toBe(-1);
  });

  test('nor where the threads of a workgroup work together, and none is beyond the last', () => {
    const { dispatches, shaders } = planWebgpu(
      parseGraph(`graph g {
  %x = input : f32[1,4]
  @w : f32[2200000,4]
  %y = fc(%x, weight=@w) : f32[1,2200000]
  return y=%y
}`),
    );
    expect(dispatches.map(({ workgroups }) => workgroups)).toEqual([[65_535, 1, 2]]);
    expect(shaders[0]).toContain('if (any(group >= shape.threads)) { return; }');
  });
});

describe('resized to more than 2^31 products of positions', () => {
  test.runIf(testGpu.computes).each([
    ['nearest', 'half'],
    ['nearest', 'align'],
    ['nearest', 'asymmetric'],
    ['bilinear', 'half'],
    ['bilinear', 'align'],
    ['bilinear', 'asymmetric'],
  ])('%s, corners=%s', async (mode, corners) => {
    const graph = parseGraph(`graph g {
  %x = input : f32[1,30000,1]
  %y = resize(%x) {size=[60000], mode=${mode}, corners=${corners}} : f32[1,60000,1]
  return y=%y
}`);
    const inputs = { x: Float32Array.from({ length: 30_000 }, (_, i) => Math.sin(i)) };
    const opened = await openOnGpu(graph, device);
    const { y } = await opened.run(inputs);
    opened.dispose();
    expect(mismatch(y!, interpret(graph, inputs)['y']!, 'operator')).toBeUndefined();
  });

  test('sizes that have too little in common are refused', () => {
    const graph = parseGraph(`graph g {
  %x = input : f32[1,30001,1]
  %y = resize(%x) {size=[59999]} : f32[1,59999,1]
  return y=%y
}`);
    expect(() => planWebgpu(graph)).toThrow('RESIZE from 30001 to 59999 takes numbers that GPUs do not have');
  });
});

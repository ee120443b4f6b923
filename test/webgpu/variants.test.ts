// Which of a plan's variants a GPU gets.
import { expect, test } from 'vitest';
import type { PlannedDispatch, WebgpuPlan } from '../../runtime/webgpu/plan.ts';
import { GPU_KINDS, kindOfGpu, variantsFor } from '../../runtime/webgpu/variants.ts';

test.each([
  [undefined, 'desktop'],
  [{}, 'desktop'],
  [{ vendor: 'nvidia' }, 'desktop'],
  [{ vendor: 'qualcomm' }, 'mobile'],
  [{ vendor: 'arm', isFallbackAdapter: false }, 'mobile'],
  [{ vendor: 'google', isFallbackAdapter: true }, 'software'],
] as const)('%j is a GPU of the kind %s', (info, kind) => {
  expect(kindOfGpu(info)).toBe(kind);
});

test.each([
  ['nothing else', {}, [0, 0, 0]],
  ['unshared', { unshared: 1 }, [0, 1, 1]],
  ['in software', { inSoftware: 2 }, [0, 0, 2]],
  ['both', { unshared: 1, inSoftware: 2 }, [0, 1, 2]],
])('a dispatch with %s is done accordingly', (_, others, expected) => {
  const variant = (shader: number) => ({ shader, shape: [], workgroups: [1, 1, 1] as const });
  const more = Object.entries(others).map(([name, shader]) => [name, variant(shader)]);
  const dispatch: PlannedDispatch = { ...variant(0), bindings: [], ...Object.fromEntries(more) };
  const plan: WebgpuPlan = {
    shaders: [],
    buffers: [],
    weights: [],
    dispatches: [dispatch],
    inputs: [],
    outputs: [],
  };
  expect(GPU_KINDS.map((kind) => variantsFor(kind, plan)[0]!.shader)).toEqual(expected);
});

// Kernels that small random shapes do not reach: tiles of every size, Winograd, many channels.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { packedBytes } from '../../compiler/codegen/wgsl/packing.ts';
import { pipelinesOf } from '../../compiler/codegen/wgsl/print-plan.ts';
import { f32 } from '../../compiler/tensor/types.ts';
import { GPU_KINDS } from '../../runtime/webgpu/variants.ts';
import { emit, placeUse, randomInputs, withWeights, type Use } from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { mismatch } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

interface Case {
  readonly title: string;
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly attrs?: object;
  /** How a shader calls itself. */
  readonly kernel: RegExp;
  readonly isWinograd?: boolean;
}

const CASES: readonly Case[] = [
  {
    title: '3×3, few channels',
    x: [1, 9, 11, 3],
    weight: [8, 3, 3, 3],
    attrs: { pad: [1, 1, 1, 1] },
    kernel: /4 pixels × 4 /,
  },
  {
    title: '5×5, stride 2, filters no multiple of 4',
    x: [2, 13, 17, 6],
    weight: [10, 6, 5, 5],
    attrs: { pad: [2, 2, 1, 0], stride: [2, 2] },
    kernel: /4 pixels × 4 /,
  },
  {
    title: '7×7 of many filters',
    x: [1, 70, 70, 3],
    weight: [64, 3, 7, 7],
    attrs: { pad: [3, 3, 3, 3], stride: [1, 1] },
    kernel: /4 pixels × 16 /,
  },
  {
    title: 'two groups of whole vectors',
    x: [1, 8, 8, 16],
    weight: [24, 8, 3, 3],
    attrs: { pad: [1, 1, 1, 1], groups: 2 },
    kernel: /conv: /,
  },
  {
    title: 'a filter turned by 180°',
    x: [1, 6, 6, 32],
    weight: [32, 32, 3, 3],
    attrs: { flip: true },
    kernel: /conv: /,
  },
  {
    title: '1×1, pixels no multiple of the tile',
    x: [2, 5, 7, 24],
    weight: [48, 24, 1, 1],
    kernel: /1×1: 4 pixels × 4 /,
  },
  { title: '1×1 of many pixels', x: [1, 97, 89, 8], weight: [24, 8, 1, 1], kernel: /1×1: 4 pixels × 8 / },
  ...[
    { tile: '64 pixels × 64 filters', x: [1, 97, 89, 32], weight: [64, 32, 1, 1] },
    { tile: '32 pixels × 64 filters', x: [1, 80, 80, 32], weight: [64, 32, 1, 1] },
    { tile: '32 pixels × 32 filters', x: [1, 56, 57, 32], weight: [64, 32, 1, 1] },
    { tile: '16 pixels × 32 filters', x: [2, 13, 11, 34], weight: [37, 34, 1, 1] },
  ].map(({ tile, x, weight }) => ({
    title: `1×1 by workgroups, ${tile}`,
    x,
    weight,
    kernel: new RegExp(`1×1: ${tile} per workgroup`),
  })),
  {
    title: 'depthwise, stride 2, odd size',
    x: [1, 15, 13, 36],
    weight: [36, 1, 3, 3],
    attrs: { groups: 36, stride: [2, 2], pad: [1, 1, 1, 1] },
    kernel: /depthwise/,
  },
  {
    title: 'depthwise in strips, odd size, a batch',
    x: [2, 47, 33, 18],
    weight: [18, 1, 3, 3],
    attrs: { groups: 18, pad: [1, 1, 1, 1] },
    kernel: /depthwise: strips/,
  },
  {
    title: 'depthwise in strips, so many that no thread has a row alone',
    x: [1, 131, 67, 32],
    weight: [32, 1, 3, 3],
    attrs: { groups: 32, pad: [1, 1, 1, 1] },
    kernel: /depthwise: strips/,
  },
  {
    title: 'depthwise in strips, windows not square and turned, uneven padding',
    x: [1, 61, 40, 12],
    weight: [12, 1, 2, 3],
    attrs: { groups: 12, pad: [0, 2, 1, 0], flip: true },
    kernel: /depthwise: strips/,
  },
  ...[
    { title: 'results wider than the map', x: [1, 9, 12, 8], pad: [2, 2, 2, 2] },
    { title: 'results narrower than the map', x: [1, 9, 16, 8], pad: [0, 0, 0, 0] },
  ].map(({ title, x, pad }) => ({
    title: `depthwise in strips that fit, ${title}`,
    x,
    weight: [8, 1, 3, 3],
    attrs: { groups: 8, pad },
    kernel: /depthwise: strips of 7 pixels/,
  })),
  {
    title: 'depthwise along one line',
    x: [1, 1, 300, 8],
    weight: [8, 1, 1, 3],
    attrs: { groups: 8, pad: [0, 1, 0, 1] },
    kernel: /depthwise: strips/,
  },
  {
    title: 'depthwise, a window too large for strips',
    x: [1, 15, 13, 8],
    weight: [8, 1, 5, 5],
    attrs: { groups: 8, pad: [2, 2, 2, 2] },
    kernel: /depthwise: 4 pixels/,
  },
  {
    title: 'depthwise, dilated',
    x: [1, 15, 13, 6],
    weight: [6, 1, 3, 3],
    attrs: { groups: 6, dilation: [2, 3], pad: [2, 3, 2, 3] },
    kernel: /depthwise/,
  },
  {
    title: 'Winograd',
    x: [1, 12, 16, 32],
    weight: [32, 32, 3, 3],
    attrs: { pad: [1, 1, 1, 1] },
    kernel: /Winograd, 1 of 3/,
    isWinograd: true,
  },
  {
    title: 'Winograd, odd sizes, a batch, no padding',
    x: [2, 11, 9, 33],
    weight: [38, 33, 3, 3],
    kernel: /Winograd, 1 of 3/,
    isWinograd: true,
  },
  {
    title: 'Winograd, products by workgroups',
    x: [1, 20, 18, 34],
    weight: [37, 34, 3, 3],
    attrs: { pad: [1, 1, 1, 1] },
    kernel: /Winograd, 2 of 3: 16 tiles × 32 filters per workgroup/,
    isWinograd: true,
  },
  {
    title: 'Winograd, padding on two sides',
    x: [1, 7, 14, 40],
    weight: [64, 40, 3, 3],
    attrs: { pad: [0, 1, 2, 0] },
    kernel: /Winograd, 1 of 3/,
    isWinograd: true,
  },
];

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  test.each(CASES)('convolution: $title', async ({ x, weight, attrs, kernel, isWinograd }) => {
    const rank = { stride: [1, 1], pad: [0, 0, 0, 0], dilation: [1, 1], groups: 1, flip: false };
    const use: Use = {
      op: 'conv',
      batch: x[0]!,
      attrs: { ...rank, ...attrs },
      shapes: { x, weight, bias: [weight[0]!] },
    };
    const builder = new GraphBuilder('conv');
    const result = placeUse(builder, use);
    const origin = { path: 'after', keyword: 'TEST', blocks: [] };
    const residual = builder.input('residual', result.type, origin);
    const sum = emit(builder, 'add', { a: result, b: residual });
    const gate = builder.input('gate', f32(1, 1, 1, weight[0]!), origin);
    const gated = emit(builder, 'mul', { a: sum, b: gate });
    builder.output('output', emit(builder, 'leaky', { x: gated }));
    const graph = runPasses(withWeights(builder.finish(), 1), DEFAULT_PASSES);
    const titles = planWebgpu(graph).shaders.map((text) => text.slice(0, text.indexOf('\n')));
    expect(titles.join('\n')).toMatch(kernel);
    expect(await wrongOf(graph, device, isWinograd ? 'winograd' : 'operator')).toBeUndefined();
  });

  test.each([
    ['maxima that overlap, padded', { kernel: [3, 3], pad: [1, 1, 1, 1] }, [2, 61, 47, 18]],
    ['so many that no thread has a row alone', {}, [1, 186, 134, 32]],
    ['a last window that hangs over', { pad: [0, 1, 1, 0], ceil: true }, [1, 75, 42, 20]],
    ['maxima with gaps', { kernel: [3, 2], dilation: [2, 3], pad: [2, 1, 0, 3] }, [1, 61, 47, 20]],
    ['means', { mode: 'avg', kernel: [3, 3], pad: [1, 1, 1, 1], ceil: true }, [1, 62, 46, 20]],
    [
      'means that count the padding',
      { mode: 'avg', kernel: [3, 3], pad: [2, 1, 1, 0], ceil: true, countPad: true },
      [1, 62, 47, 20],
    ],
    [
      'means with gaps',
      { mode: 'avg', kernel: [2, 3], dilation: [3, 2], pad: [1, 1, 2, 2] },
      [1, 40, 61, 20],
    ],
    ['windows that are large', { kernel: [5, 4], pad: [2, 1, 2, 1] }, [1, 21, 17, 6]],
    ['means of windows that are large', { mode: 'avg', kernel: [4, 4], pad: [1, 1, 2, 2] }, [1, 21, 17, 6]],
  ] as const)('pooling: %s', async (_, attrs, x) => {
    const defaults = { mode: 'max', kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0], dilation: [1, 1] };
    const use: Use = {
      op: 'pool',
      batch: x[0],
      attrs: { ...defaults, ceil: false, countPad: false, ...attrs },
      shapes: { x },
    };
    const builder = new GraphBuilder('pool');
    builder.output('output', placeUse(builder, use));
    expect(await wrongOf(builder.finish(), device, 'operator')).toBeUndefined();
  });
});

test('of several ways to the same, a device compiles one', async () => {
  const builder = new GraphBuilder('conv');
  const x = [1, 16, 16, 32];
  const attrs = { stride: [1, 1], pad: [0, 0, 0, 0], dilation: [1, 1], groups: 1, flip: false };
  const shapes = { x, weight: [32, 32, 1, 1], bias: [32] };
  builder.output('output', placeUse(builder, { op: 'conv', batch: 1, attrs, shapes }));
  const graph = withWeights(builder.finish(), 1);
  expect(planWebgpu(graph).shaders).toHaveLength(3);
  const device = await testDevice();
  const compiled = vi.spyOn(device, 'createComputePipelineAsync');
  (await openOnGpu(graph, device)).dispose();
  expect(compiled).toHaveBeenCalledTimes(1);
});

/** What is wrong on the device as it is, or with the variants for any kind of GPU. */
async function wrongOf(
  graph: Graph,
  device: GPUDevice,
  policy: Parameters<typeof mismatch>[2],
  bindingBytes?: number,
) {
  const inputs = randomInputs(graph, 1);
  const plan = planWebgpu(graph, {}, bindingBytes);
  const hasVariants = plan.dispatches.some(({ unshared, inSoftware }) => unshared ?? inSoftware);
  const wrongs = [];
  for (const kind of hasVariants ? GPU_KINDS : [undefined]) {
    const opened = await openOnGpu(graph, device, { kind, bindingBytes });
    const { output } = await opened.run(inputs);
    opened.dispose();
    if (testGpu.computes) wrongs.push(mismatch(output!, interpret(graph, inputs)['output']!, policy));
  }
  return wrongs.find((wrong) => wrong !== undefined);
}

describe('reductions by whole workgroups', () => {
  test.each([
    ['channels and pixels', 'sum', [1, 2, 3], [1, 9, 8, 30]],
    ['channels that fill their vectors', 'max', [2], [1, 5, 400]],
    ['channels that do not', 'min', [2], [1, 5, 401]],
    ['pixels', 'mean', [1, 2], [1, 15, 9, 6]],
    ['everything of one channel', 'l2', [1, 2], [1, 300, 1]],
  ] as const)('%s', async (_, mode, axes, x) => {
    const use: Use = { op: 'reduce', batch: 1, attrs: { mode, axes }, shapes: { x } };
    const builder = new GraphBuilder('reduce');
    builder.output('output', placeUse(builder, use));
    const graph = builder.finish();
    expect(planWebgpu(graph).shaders.join('\n')).toContain('workgroupBarrier');
    const opened = await openOnGpu(graph, await testDevice());
    const inputs = randomInputs(graph, 1);
    const { output } = await opened.run(inputs);
    opened.dispose();
    if (!testGpu.computes) return;
    expect(mismatch(output!, interpret(graph, inputs)['output']!, 'operator')).toBeUndefined();
  });
});

describe('what no binding holds', () => {
  const graphOf = (use: Use) => {
    const builder = new GraphBuilder('large');
    builder.output('output', placeUse(builder, use));
    return builder.finish();
  };
  const planOf = (use: Use) => planWebgpu(graphOf(use));
  const conv = (x: readonly number[], weight: readonly number[], attrs: object = {}): Use => ({
    op: 'conv',
    batch: 1,
    attrs: { stride: [1, 1], pad: [0, 0, 0, 0], dilation: [1, 1], groups: 1, flip: false, ...attrs },
    shapes: { x, weight, bias: [weight[0]!] },
  });
  const deconv = (x: readonly number[], weight: readonly number[], groups = 1): Use => ({
    op: 'deconv',
    batch: 1,
    attrs: { stride: [2, 2], pad: [1, 0, 0, 1], dilation: [1, 1], outputPad: [0, 0], groups },
    shapes: { x, weight, bias: [weight[1]! * groups] },
  });
  const fc: Use = {
    op: 'fc',
    batch: 1,
    attrs: {},
    shapes: { x: [1, 25_088], weight: [4096, 25_088], bias: [4096] },
  };

  test.each([
    ['a fully connected layer', fc, 4],
    ['a convolution', conv([1, 7, 7, 512], [4096, 512, 7, 7]), 4],
    [
      'a convolution in groups that begin within a vector',
      conv([1, 8, 8, 16_388], [4200, 8194, 1, 1], { groups: 2 }),
      2,
    ],
    ['a transposed convolution', deconv([1, 8, 8, 8192], [8192, 4200, 1, 1]), 2],
    ['a transposed convolution in groups', deconv([1, 8, 8, 8200], [8200, 4100, 1, 1], 2), 2],
    [
      'a transposed convolution in groups that begin within a vector',
      deconv([1, 8, 8, 8196], [8196, 4098, 1, 1], 4),
      2,
    ],
    ['a 1×1 convolution', conv([1, 6, 6, 8192], [8192, 8192, 1, 1]), 2],
    [
      'a 3×3 convolution, too large when Winograd transforms them,',
      conv([1, 8, 8, 1024], [1024, 1024, 3, 3]),
      1,
    ],
  ])('weights of %s are cut, a dispatch for each part', (_, use, parts) => {
    const plan = planOf(use);
    const { dispatches, weights } = plan;
    expect([dispatches.length, weights.length, pipelinesOf(plan)]).toEqual([parts, parts + 1, 1]);
    for (const { layout } of weights) expect(packedBytes(layout)).toBeLessThanOrEqual(128 * 2 ** 20);
  });

  test.each([
    ['a fully connected layer', { ...fc, shapes: { x: [1, 40], weight: [22, 40], bias: [22] } }, 1280],
    ['a convolution', conv([1, 6, 5, 8], [22, 8, 3, 3]), 4608],
    [
      'a convolution in groups, kernels turned',
      conv([1, 6, 5, 16], [40, 8, 3, 3], { groups: 2, flip: true }),
      2304,
    ],
    [
      'a convolution in groups that begin within a vector',
      conv([1, 6, 5, 6], [26, 3, 3, 3], { groups: 2, flip: true }),
      900,
    ],
    ['a transposed convolution', deconv([1, 6, 5, 8], [8, 22, 3, 3]), 4608],
    ['a transposed convolution in groups', deconv([1, 6, 5, 12], [12, 8, 3, 3], 3), 2400],
    [
      'a transposed convolution in groups that begin within a vector',
      deconv([1, 6, 5, 18], [18, 6, 3, 3], 6),
      1300,
    ],
    ['a 1×1 convolution of large tiles', conv([1, 97, 89, 8], [24, 8, 1, 1]), 600],
    ['a 1×1 convolution by workgroups', conv([1, 20, 17, 40], [72, 40, 1, 1]), 6400],
    ['a convolution by Winograd otherwise', conv([1, 9, 9, 32], [32, 32, 3, 3]), 20_000],
  ] satisfies [string, Use, number][])('%s gives the same from parts', async (_, use, bindingBytes) => {
    const graph = withWeights(graphOf(use), 1);
    expect(planWebgpu(graph, {}, bindingBytes).weights.length).toBeGreaterThan(2); // the bias and two parts
    expect(await wrongOf(graph, await testDevice(), 'operator', bindingBytes)).toBeUndefined();
  });

  test('a map is refused by name', () => {
    const shapes = { x: [1, 4096, 4096, 8] };
    expect(() => planOf({ op: 'relu', batch: 1, attrs: {}, shapes })).toThrow(/takes 536\.87 MB on the GPU/);
  });

  test('a group of a transposed convolution that is too large by itself is refused by name', () => {
    const use = deconv([1, 8, 8, 16_400], [16_400, 4100, 1, 1], 2);
    expect(() => planOf(use)).toThrow(/weight takes 134\.48 MB on the GPU/);
  });
});

import { expect, test } from 'vitest';
import { generateJs } from '../../compiler/codegen/js/index.ts';
import { scratchOf } from '../../compiler/codegen/js/scratch.ts';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import { isConstant } from '../../compiler/ir/graph.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { parseGraph } from '../../compiler/ir/parse.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { lowerConvolutions } from '../../compiler/passes/lower-convolutions.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import { openPlan } from '../support/targets.ts';

/** The generated module. */
async function moduleOf(source: string, options: Partial<CompileOptions> = {}): Promise<string> {
  const { files } = await compile({
    source,
    path: 'net.cnn',
    weights: { random: 1 },
    targets: ['js'],
    inlineWeights: true,
    ...options,
  });
  return new TextDecoder().decode(files.get('net.js'));
}

const SOURCE = 'INPUT(8x8x3)\n  -> CONV(4) as first  # edges\n  -> POOL -> FC(2)';

test('annotate puts the source line, weights and cost above each kernel', async () => {
  expect(await moduleOf(SOURCE, { annotate: true })).toContain(
    [
      '  // first: conv (direct), relu, 8×8×3 → 8×8×4',
      '  // net.cnn:2: -> CONV(4) as first # edges',
      '  // weights: first.weight 4×3×3×3, first.bias 4',
      '  // 6,912 multiply-accumulates',
      '  function first(x, weight, bias, y) {',
    ].join('\n'),
  );
});

test('annotate names the layers that went into a kernel', async () => {
  const text = await moduleOf('INPUT(8x8x3) -> CONV(4, act=none) -> BN -> RELU -> FC(2)', { annotate: true });
  expect(text).toContain('  // computes conv1 (CONV), bn1 (BN), relu1 (RELU)\n  // net.cnn:1: INPUT(8x8x3)');
});

test('profile marks every layer in the performance timeline', async () => {
  const source = await moduleOf(SOURCE, { profile: true });
  const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
  const { createModel } = await import(/* @vite-ignore */ url);
  const model = await createModel();
  performance.clearMeasures();
  await model.run(new Float32Array(8 * 8 * 3));
  expect(performance.getEntriesByType('measure').map(({ name }) => name)).toEqual(['first', 'pool1', 'fc1']);
});

test('weights that are read as they are stored are not copied', async () => {
  const pointwise = await moduleOf('INPUT(8x8x16) -> CONV(32, 1) -> FC(10)');
  expect(pointwise).not.toContain('Float32Array(weight.length)');
});

test.each([
  ['tiles', 'INPUT(6x6x3) -> CONV(5, 3, act=relu)', 'direct'],
  ['a 1×1 kernel', 'INPUT(6x6x3) -> CONV(5, 1, act=relu)', 'direct'],
  ['a sliding window', 'INPUT(6x6x3) -> DWCONV(3, act=relu)', 'direct'],
  ['clipped twice', 'INPUT(6x6x3) -> CONV(5, 1, act=relu6)', 'direct'],
  ['a matrix product', 'INPUT(6x6x3) -> CONV(5, 3, act=relu)', 'im2col'],
] as const)('ReLU of minus infinity is 0: %s', async (_, source, conv) => {
  const graph = rebuild(networkWeights(await graphOfText(source), 1), (node) =>
    isConstant(node) ? { ...node, data: node.data!.map(() => 1) } : node,
  );
  const plan = makePlan(runPasses(graph, [lowerConvolutions(conv), ...DEFAULT_PASSES]));
  const run = await openPlan(plan, 'js');
  const { output } = await run({ input: new Float32Array(6 * 6 * 3).fill(-Infinity) });
  expect(new Set(output)).toEqual(new Set([0]));
});

test.each([
  ['the kernel that needs most', 'INPUT(20x20x16) -> CONV(16, 3) -> CONV(16, 5) -> POOL -> FC(3)'],
  ['none', 'INPUT(20x20x16) -> CONV(16, 1) -> POOL'],
])('scratch is as long as it is said to be: %s', async (_, source) => {
  const plan = makePlan(await graphOfText(source));
  const [, length = '0'] = /scratch = new Float64Array\((\d+)\)/.exec(generateJs(plan)) ?? [];
  expect(scratchOf(plan).bytes).toBe(8 * Number(length));
});

test.each([
  ['direct', 'INPUT(8x8x3) -> CONV(4)', {}],
  ['depthwise', 'INPUT(8x8x3) -> DWCONV(3)', {}],
  ['im2col', 'INPUT(8x8x3) -> CONV(4)', { conv: 'im2col' }],
  ['Winograd F(4×4, 3×3)', 'INPUT(8x8x16) -> CONV(16)', {}],
  ['Winograd F(2×2, 3×3)', 'INPUT(8x8x16) -> CONV(16)', { winograd: 'f2' }],
] as const)('a convolution says how it is computed: %s', async (method, source, options) => {
  expect(await moduleOf(source, options)).toContain(`conv1: conv (${method})`);
});

test("Winograd's matrices are fractions", async () => {
  expect(await moduleOf('INPUT(8x8x16) -> CONV(16)')).toContain('[1 / 24, -1 / 12, 1 / 6],');
});

test('nothing is multiplied by 1, nor is 0 added', async () => {
  const source = `INPUT(12x12x8) -> DWCONV(3) -> CONV(5, 3) -> DECONV(6, 3, stride=2)
    -> POOL(5, stride=2, mode=avg, pad=2) -> POOL -> POOL(3, stride=1, pad=same) -> FC(3)`;
  for (const conv of ['direct', 'im2col'] as const) {
    const module = await moduleOf(source, { conv });
    const kernels = module.slice(module.indexOf('const jsTarget'), module.indexOf('const program'));
    expect(kernels).not.toMatch(/ [-+] 0\b(?!\.)|\b0 [*+] | [*/] 1\b(?! \/)/);
  }
});

test('in a bundle with both targets the kernels come before the shaders', async () => {
  const module = await moduleOf('INPUT(8x8x3) -> CONV(4)', { targets: ['webgpu', 'js'] });
  expect(module.indexOf('const jsTarget')).toBeLessThan(module.indexOf('const webgpuTarget'));
  expect(module).toMatch(/const targets = \{ webgpu: /);
});

test.each(['Number', 'Int32Array', 'Math', 'Float32Array', 'Object', 'weights', 'class'])(
  'a layer that is called %s hides nothing from the others',
  async (name) => {
    const graph = parseGraph(`graph g {
  %x = input : f32[1,3,3,2]
  @w : f32[3,2,1,1] = [1,2,3,4,5,6]
  %${name} = conv(%x, weight=@w) : f32[1,3,3,3]
  %large = resize(%${name}) {size=[5,5]} : f32[1,5,5,3]
  %y = is_nan(%large) : f32[1,5,5,3]
  return large=%large, y=%y
}`);
    const inputs = { x: Float32Array.from({ length: 18 }, (_, i) => i) };
    const run = await openPlan(makePlan(graph), 'js');
    expect(await run(inputs)).toEqual(interpret(graph, inputs));
  },
);

test.each([
  ['a quotient is rounded down', 'div(%a, b=%b)', 'floor(%q)', 0.7, 0.1],
  ['a sum is compared', 'add(%a, b=%b)', 'equal(%q, b=%a)', 1, 1e-8],
])('a step of an epilogue gets what would have been stored: %s', async (_, first, second, a, b) => {
  const graph = parseGraph(`graph g {
  %a = input : f32[1,1]
  %b = input : f32[1,1]
  %q = ${first} : f32[1,1]
  %y = ${second} : f32[1,1]
  return y=%y
}`);
  const plan = makePlan(runPasses(graph, DEFAULT_PASSES));
  expect(plan.steps).toHaveLength(1);
  const inputs = { a: Float32Array.of(a), b: Float32Array.of(b) };
  expect(await (await openPlan(plan, 'js'))(inputs)).toEqual(interpret(graph, inputs));
});

test('tiles call no function of the module: their sums would lie in memory during the loop before', async () => {
  const text = await moduleOf('INPUT(8x8x16) -> CONV(4, 1, act=relu)');
  const [tile] = /function tile3x2[^]*?\n    }\n/.exec(text)!;
  expect(tile.match(/[\w.]+(?=\()/g)!.filter((called) => !/^(Math\.\w+|tile3x2|for)$/.test(called))).toEqual(
    [],
  );
});

test.each([
  ['many pixels: filters are fetched for them', 'INPUT(4x4x16) -> CONV(4, 1)', true],
  ['few pixels: filters are read where they lie', 'INPUT(3x3x16) -> CONV(4, 1)', false],
])('%s', async (_, source, isFetched) => {
  expect((await moduleOf(source)).includes('function fetch2(')).toBe(isFetched);
});

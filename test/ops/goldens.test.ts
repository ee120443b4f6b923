// Numbers of the five articles that this project grew from: every way to compute a network must give
// them exactly. Shapes are height × width × channels, weights have PyTorch's layouts.
import { describe, expect, test } from 'vitest';
import { compile, summarize } from '../../compiler/index.ts';
import { isConstant, type Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { lowerConvolutions } from '../../compiler/passes/lower-convolutions.ts';
import { sizeOf } from '../../compiler/tensor/types.ts';
import { randomInputs } from '../support/arbitrary.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import { openGraph, TARGETS, type Arrays } from '../support/targets.ts';
import { expectClose } from '../support/tolerance.ts';

/** Every way to compute a graph. */
const WAYS: Readonly<Record<string, (graph: Graph, inputs: Arrays) => Arrays | Promise<Arrays>>> = {
  'the definition': interpret,
  ...Object.fromEntries(
    TARGETS.flatMap((target) =>
      (['direct', 'im2col'] as const).map((lowering) => [
        `${target}, ${lowering}`,
        async (graph: Graph, inputs: Arrays) =>
          (await openGraph(lowerConvolutions(lowering).run(graph), target))(inputs),
      ]),
    ),
  ),
};

interface Golden {
  readonly title: string;
  readonly source: string;
  /** All weights, in the graph's order. */
  readonly weights: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

const SIX = [1, 2, 3, 4, 5, 6];
/** Two channels, (1 … 6) and (10 … 60). */
const TWO = SIX.flatMap((v) => [v, 10 * v]);
const twos = (count: number) => Array.from({ length: count }, () => 2);
/** Channels beside each other, as they lie in memory. */
const interleave = (...channels: readonly (readonly number[])[]) =>
  channels[0]!.flatMap((_, i) => channels.map((channel) => channel[i]!));

const line = (source: string, weights: number, output: readonly number[], title: string): Golden => ({
  title: `one-dimensional: ${title}`,
  source: `default CONV(act=none, bias=false)\nINPUT(6x1) -> ${source}`,
  weights: twos(weights),
  input: SIX,
  output,
});

const GOLDENS: readonly Golden[] = [
  {
    title: 'a 2×2 kernel on a 3×3 image',
    source: 'INPUT(3x3x1) -> CONV(1, 2, pad=valid, act=none, bias=false)',
    weights: [1, 0, 0, 1],
    input: [1, 0, 0, 1, 2, 3, 3, 4, 5],
    output: [3, 3, 5, 7],
  },
  {
    title: 'three 2×2 filters on one 3×3 image: a 3×4 matrix times a 4×4 matrix',
    source: 'INPUT(3x3x1) -> CONV(3, 2, pad=valid, act=none, bias=false)',
    weights: [1, 0, 0, 1, 1, 1, 1, 1, 0, 1, -1, 0],
    input: [1, 0, 0, 1, 2, 3, 3, 4, 5],
    output: interleave([3, 3, 5, 7], [4, 5, 10, 14], [-1, -2, -1, -1]),
  },
  {
    title: 'flip turns the kernel by 180°',
    source: 'INPUT(3x3x1) -> CONV(1, 2, pad=valid, act=none, bias=false, flip=true)',
    weights: [1, 2, 3, 4],
    input: [1, 0, 0, 1, 2, 3, 3, 4, 5],
    output: [8, 7, 20, 30],
  },
  line('CONV(1, 1)', 1, [2, 4, 6, 8, 10, 12], 'kernel 1'),
  line('CONV(1, 2, pad=valid)', 2, [6, 10, 14, 18, 22], 'kernel 2'),
  line('CONV(1, 3, pad=valid)', 3, [12, 18, 24, 30], 'kernel 3'),
  line('CONV(1, 3, pad=1)', 3, [6, 12, 18, 24, 30, 22], 'kernel 3, padding 1'),
  line('CONV(1, 3)', 3, [6, 12, 18, 24, 30, 22], 'kernel 3 with the default padding'),
  line('CONV(1, 5, pad=2)', 5, [12, 20, 30, 40, 36, 30], 'kernel 5, padding 2'),
  line('CONV(1, 3, pad=valid, stride=3)', 3, [12, 30], 'kernel 3, stride 3'),
  line('CONV(1, 3, pad=valid, dilation=2)', 3, [18, 24], 'kernel 3, dilation 2'),
  {
    title: 'one-dimensional: two groups',
    source: 'INPUT(6x2) -> CONV(2, 1, groups=2, act=none, bias=false)',
    weights: [2, 4],
    input: TWO,
    output: interleave([2, 4, 6, 8, 10, 12], [40, 80, 120, 160, 200, 240]),
  },
  ...['CONV(4, 1, groups=2, act=none, bias=false)', 'DWCONV(1, multiplier=2, act=none, bias=false)'].map(
    (operator) => ({
      title: `one-dimensional: depthwise with multiplier 2, as ${operator.slice(0, operator.indexOf('('))}`,
      source: `INPUT(6x2) -> ${operator}`,
      weights: [2, 4, 6, 8],
      input: TWO,
      output: interleave(
        [2, 4, 6, 8, 10, 12],
        [4, 8, 12, 16, 20, 24],
        [60, 120, 180, 240, 300, 360],
        [80, 160, 240, 320, 400, 480],
      ),
    }),
  ),
];

describe.each(Object.entries(WAYS))('%s', (_, compute) => {
  test.each(GOLDENS)('$title', async ({ source, weights, input, output }) => {
    const graph = withNumbers(await graphOfText(source), weights);
    const actual = await compute(graph, { input: Float32Array.from(input) });
    expect([...actual['output']!]).toEqual(output);
  });

  test('fully connected on a map is a convolution with a window as large as the map', async () => {
    const [fc, conv] = await Promise.all([
      graphOfText('INPUT(7x7x16) -> FC(10)'),
      graphOfText('INPUT(7x7x16) -> CONV(10, 7, pad=valid, act=none)'),
    ]);
    const numbers = networkWeights(fc, 1)
      .nodes.filter(isConstant)
      .map(({ data }) => data!);
    const inputs = randomInputs(fc, 1);
    const [one, other] = await Promise.all(
      [fc, conv].map((graph) => compute(withArrays(graph, numbers), inputs)),
    );
    expect(conv.outputs[0]!.node.type.shape).toEqual([1, 1, 1, 10]);
    expectClose(one!['output']!, other!['output']!, 'operator');
  });

  test('a convolution is a fully connected layer with zeros outside of the windows', async () => {
    const conv = networkWeights(await graphOfText('INPUT(5x4x2) -> CONV(3, act=none, stride=2)'), 1);
    const inputs = randomInputs(conv, 1);
    const [weight, bias] = conv.nodes.filter(isConstant).map(({ data }) => data!);
    const matrix: number[] = [];
    const biases: number[] = [];
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 2; j++)
        for (let o = 0; o < 3; o++) {
          biases.push(bias![o]!);
          for (let c = 0; c < 2; c++)
            for (let y = 0; y < 5; y++)
              for (let x = 0; x < 4; x++) {
                const [u, v] = [y - 2 * i + 1, x - 2 * j + 1];
                const isInside = u >= 0 && u < 3 && v >= 0 && v < 3;
                matrix.push(isInside ? weight![((o * 2 + c) * 3 + u) * 3 + v]! : 0);
              }
        }
    const fc = withArrays(await graphOfText('INPUT(5x4x2) -> FC(18)'), [
      Float32Array.from(matrix),
      Float32Array.from(biases),
    ]);
    const [one, other] = await Promise.all([compute(conv, inputs), compute(fc, inputs)]);
    expect(matrix).toHaveLength(18 * 40);
    expectClose(other['output']!, one['output']!, 'operator');
  });

  test('32 filters on 32×48×16 are a 1536×144 matrix of windows times a 144×32 matrix', async () => {
    const graph = networkWeights(await graphOfText('INPUT(32x48x16) -> CONV(32)'), 1);
    const inputs = randomInputs(graph, 1);
    const windows = windowRows(inputs['input']!, { height: 32, width: 48, channels: 16 });
    expect([windows.length, windows[0]!.length]).toEqual([1536, 144]);
    const [weight, bias] = graph.nodes.filter(isConstant).map(({ data }) => data!);
    const scores = windows.flatMap((window) =>
      Array.from({ length: 32 }, (_, o) =>
        Math.max(
          0,
          window.reduce((sum, value, k) => sum + value * weight![o * 144 + k]!, bias![o]!),
        ),
      ),
    );
    expectClose((await compute(graph, inputs))['output']!, scores, 'operator');
  });
});

/** The windows of a 3×3 convolution with padding 1, each as a row in C, H, W order. */
function windowRows(
  data: Float32Array,
  { height, width, channels }: { height: number; width: number; channels: number },
): number[][] {
  const rows: number[][] = [];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const row: number[] = [];
      for (let c = 0; c < channels; c++)
        for (let y = i - 1; y <= i + 1; y++)
          for (let x = j - 1; x <= j + 1; x++) {
            const isInside = y >= 0 && y < height && x >= 0 && x < width;
            row.push(isInside ? data[(y * width + x) * channels + c]! : 0);
          }
      rows.push(row);
    }
  return rows;
}

test('the lowering that was asked for can be read in the module', async () => {
  const source = 'INPUT(8x8x3) -> CONV(4)';
  const moduleText = async (conv: 'direct' | 'im2col') => {
    const { files } = await compile({ source, conv, weights: { random: 1 } });
    return new TextDecoder().decode(files.get('model.js'));
  };
  expect(await moduleText('im2col')).toMatch(
    /im2col: [\s\S]*function fillWindows[\s\S]*GEMM: [\s\S]*function multiply/,
  );
  expect(await moduleText('direct')).not.toContain('im2col');
});

describe('sizes', () => {
  test.each([
    ['INPUT(28x28x1) -> CONV(32, 3, pad=valid)', '26×26×32'],
    ['INPUT(28x28x1) -> CONV(2, 5, pad=valid)', '24×24×2'],
    ['INPUT(32x48x16) -> CONV(32)', '32×48×32'],
    ['INPUT(32x48x16) -> POOL', '16×24×16'],
    ['INPUT(56x56x96) -> POOL', '28×28×96'],
    ['INPUT(55x55x96) -> POOL(3, stride=2)', '27×27×96'],
    ['INPUT(56x56x96) -> POOL(3)', '18×18×96'],
    ['INPUT(32x48x16) -> FC(32)', '32'],
    ['INPUT(227x227x3) -> CONV(96, 11, stride=4, pad=valid)', '55×55×96'],
    ['INPUT(12x12x512) -> CONV(1000, 7, pad=valid)', '6×6×1000'],
  ])('%s gives %s', async (source, size) => {
    const { summary } = await summarize({ source });
    expect(summary!.layers.at(-1)!.output.join('×')).toBe(size);
  });

  test('every CONV and FC is followed by ReLU, the last FC is not', async () => {
    const graph = await graphOfText('INPUT -> [CONV -> POOL]*2 -> FC -> FC');
    expect(graph.nodes.filter(({ op }) => op === 'relu')).toHaveLength(3);
    expect(graph.outputs[0]!.node.op).toBe('fc');
  });

  test('filters for another number of channels are refused', async () => {
    await expect(graphOfText('INPUT(8x8x3) -> CONV(4, groups=2)')).rejects.toThrow(
      'E041 groups=2 must divide the 3 input channels and the 4 filters',
    );
  });
});

/** The graph with all its weights from one list. */
function withNumbers(graph: Graph, numbers: readonly number[]): Graph {
  let at = 0;
  const arrays = graph.nodes
    .filter(isConstant)
    .map(({ type }) => Float32Array.from(numbers.slice(at, (at += sizeOf(type.shape)))));
  expect(at).toBe(numbers.length);
  return withArrays(graph, arrays);
}

function withArrays(graph: Graph, arrays: readonly Float32Array[]): Graph {
  const constants = graph.nodes.filter(isConstant);
  const byName = new Map(constants.map(({ name }, i) => [name, arrays[i]!]));
  return rebuild(graph, (node) => (isConstant(node) ? { ...node, data: byName.get(node.name) } : node));
}

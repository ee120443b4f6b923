// The promise of dense evaluation: without padding, the map holds at every position what the trained
// network gives for the crop there. Checked on random networks, by both methods, on every target.
import { describe, expect, test } from 'vitest';
import { evaluateAt, type EvaluationOptions } from '../../compiler/dense/index.ts';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { isConstant, type Graph } from '../../compiler/ir/graph.ts';
import { interpret } from '../../compiler/ir/interpret.ts';
import { Refusal } from '../../compiler/support/refusal.ts';
import { rebuild } from '../../compiler/ir/rebuild.ts';
import { pickFrom } from '../support/arbitrary.ts';
import { openGraph, TARGETS } from '../support/targets.ts';
import { mismatch } from '../support/tolerance.ts';
import { againstCrops, FIXED } from './against-crops.ts';
import { everyCrop, network, picture, weighted } from './networks.ts';

/** A classifier without padding, and by how many pixels a crop must move for a position of its own. */
function randomClassifier(seed: number): { text: string; stride: number; side: number } {
  const pick = pickFrom(mulberry32(seed));
  const side = pick.int(15, 22);
  const layers: string[] = [];
  let [size, stride, own] = [side, 1, 1];
  for (let i = 0; i < 4; i++) {
    const kind = pick.of(['conv', 'conv', 'pool', 'branch', 'up', 'deconv'] as const);
    const kernel = pick.int(2, 3);
    const filters = pick.int(1, 3);
    if (kind === 'up' || kind === 'deconv') {
      const factor = pick.int(2, 3);
      if (size * factor > 24) continue;
      if (kind === 'up') layers.push(`UP(${factor}, corners=${pick.of(['half', 'asymmetric'])})`);
      else layers.push(`DECONV(${filters}, ${factor}, stride=${factor}, act=tanh)`);
      [size, stride] = [size * factor, stride / factor];
      continue;
    }
    const step = stride < 4 ? pick.of([1, 2, 2]) : 1;
    const next = Math.floor((size - kernel) / step) + 1;
    if (next < 2) break;
    if (kind === 'conv') layers.push(`CONV(${filters}, ${kernel}, stride=${step}, pad=valid, act=tanh)`);
    if (kind === 'pool') layers.push(`POOL(${kernel}, stride=${step}, mode=${pick.of(['max', 'avg'])})`);
    if (kind === 'branch')
      layers.push(
        `{ CONV(${filters}, ${kernel}, stride=${step}, pad=valid) | POOL(${kernel}, stride=${step}) } -> CONCAT`,
      );
    [size, stride] = [next, stride * step];
    // Strides are n/d with small n and d here: the first common multiple is soon found.
    const before = own;
    while (Math.abs(own / stride - Math.round(own / stride)) > 1e-9) own += before;
  }
  const head = pick.of([
    'FC(4, act=tanh) -> FC(3)',
    'GAP -> FC(3)',
    'FC(3)',
    'GAP(mode=max) -> FC(2, act=relu) -> FC(3)',
    '{ GAP | GAP(mode=max) } -> CONCAT -> FC(3)',
  ]);
  return { text: [`INPUT(${side}x${side}x2)`, ...layers, head].join(' -> '), stride: own, side };
}

/** Strides before a layer that enlarges cannot be left out; it must be said, and the other way be there. */
function isRefused(trained: Graph, options: EvaluationOptions): boolean {
  try {
    evaluateAt(trained, options);
    return false;
  } catch (error) {
    const isKnown =
      error instanceof Refusal &&
      /^(UP|DECONV) \w+ enlarges a map whose strides were left out$/.test(error.complaint.message);
    if (!isKnown || options.method !== 'atrous') throw error;
    return true;
  }
}

const reference = (graph: Graph, data: Float32Array) =>
  interpret(graph, { [graph.inputs[0]!.name]: data })[graph.outputs[0]!.name]!;

describe('a random classifier without padding', () => {
  test.each(Array.from({ length: 24 }, (_, seed) => seed))(
    'number %i: the dense map equals every full crop, by every method at every stride',
    async (seed) => {
      const { text, stride: own, side } = randomClassifier(seed);
      const trained = await weighted(text, seed);
      const sizes = [
        [side, side + 3],
        [side + 4, side + 9],
        [side + 7, side],
      ];
      const strides = Array.from({ length: own }, (_, i) => i + 1).filter((s) => own % s === 0);
      const wrong: string[] = [];
      for (const size of sizes)
        for (const stride of strides)
          for (const method of ['stitch', 'atrous'] as const) {
            const options = { size, dense: 'map', stride, method } as const;
            if (isRefused(trained, options)) continue;
            const difference = await againstCrops(trained, options, stride, reference);
            if (difference) wrong.push(`${text} at ${size.join('×')}/${stride} by ${method}: ${difference}`);
          }
      expect(wrong).toEqual([]);
    },
  );
});

test.each([
  ['INPUT(12x12x2) -> POOL -> UP -> CONV(3, 2, pad=valid) -> FC(3)', 2, 12],
  ['INPUT(12x12x2) -> POOL -> UP -> GAP -> FC(3)', 2, 12],
  ['INPUT(12x12x2) -> POOL(3) -> DECONV(3, 3, stride=3) -> POOL -> FC(3)', 6, 12],
  ['INPUT(6x6x2) -> UP(3) -> POOL -> FC(3)', 2, 6],
  ['INPUT(6x6x2) -> UP -> CONV(3, 3, pad=valid) -> FC(3)', 1, 6],
  ['INPUT(12x12x2) -> POOL -> UP -> CONV(3, 12, pad=valid)', 2, 12],
  ['INPUT(8x2) -> POOL -> UP -> LAST -> FC(3)', 2, 2],
  ['INPUT(12x12x2) -> CONV(3, 3, pad=valid) -> { GAP | POOL -> GAP } -> CONCAT -> FC(3)', 2, 12],
] as const)('%s has a position every %i pixels, and says so', async (text, stride, seen) => {
  const trained = await weighted(text);
  const size = trained.inputs[0]!.node.type.shape.length === 4 ? [19, 23] : [19];
  const options = { size, dense: 'map' } as const;
  expect(await againstCrops(trained, options, stride, reference)).toBeUndefined();
  const { receptiveFields } = evaluateAt(trained, options);
  const [, side] = trained.inputs[0]!.node.type.shape;
  expect(receptiveFields.get('output')).toEqual({
    size: size.map(() => seen),
    stride: size.map(() => stride),
    offset: size.map(() => side! - seen),
  });
  if (stride === 1) return;
  const finer = { ...options, stride: 1 };
  expect(await againstCrops(trained, finer, 1, reference)).toBeUndefined();
  expect(evaluateAt(trained, finer).receptiveFields.get('output')).toMatchObject({
    stride: size.map(() => 1),
  });
});

describe.each(TARGETS)('on %s', (target) => {
  test.each(FIXED)('%s at %j equals its crops', async (text, size, stride) => {
    const trained = await weighted(text);
    const run = async (graph: Graph, data: Float32Array) => {
      const open = await openGraph(graph, target);
      return (await open({ [graph.inputs[0]!.name]: data }))[graph.outputs[0]!.name]!;
    };
    for (const options of [{}, { stride: 1, method: 'atrous' }, { stride: 1, method: 'stitch' }] as const) {
      const wrong = await againstCrops(
        trained,
        { size, dense: 'map', ...options },
        'stride' in options ? 1 : stride,
        run,
      );
      expect(wrong).toBeUndefined();
    }
  });
});

test('a planted wrong flatten order is caught', async () => {
  const trained = await weighted('INPUT(8x8x3) -> CONV(4, 3, pad=valid) -> POOL -> FC(5)');
  const wrongOrder = (graph: Graph): Graph =>
    rebuild(graph, (node) => {
      if (!isConstant(node) || node.name !== 'fc1.weight' || node.type.shape.length !== 4) return node;
      // H, W, C instead of C, H, W.
      const [units, channels, height, width] = node.type.shape as [number, number, number, number];
      const from = (u: number, c: number, i: number, j: number) =>
        ((u * height + i) * width + j) * channels + c;
      const data = node.data!.map((_, at) => {
        const [j, i] = [at % width, Math.floor(at / width) % height];
        const [c, u] = [
          Math.floor(at / width / height) % channels,
          Math.floor(at / width / height / channels),
        ];
        return node.data![from(u, c, i, j)]!;
      });
      return units > 0 ? { ...node, data } : node;
    });
  const options = { size: [12, 12], dense: 'map' } as const;
  expect(await againstCrops(trained, options, 2, reference)).toBeUndefined();
  expect(
    await againstCrops(trained, options, 2, (graph, data) => reference(wrongOrder(graph), data)),
  ).toMatch(/^crop 0/);
});

describe('one result for the whole picture', () => {
  const program = 'INPUT(8x8x3) -> CONV(4, 3, pad=valid) -> POOL -> FC(5) -> SOFTMAX';

  test.each([undefined, 'atrous', 'stitch'] as const)(
    'the mean is taken of scores, before SOFTMAX (%s)',
    async (method) => {
      const trained = await weighted(program);
      const scores = await weighted(program.replace(' -> SOFTMAX', ''));
      const stride = method ? 1 : 2;
      const data = picture([12, 13, 3], 3);
      const options = { size: [12, 13], dense: 'average', ...(method && { method, stride }) } as const;
      const { graph } = evaluateAt(trained, options);
      const crops = everyCrop(scores, data, [12, 13], stride).scores;
      const mean = crops[0]!.map((_, c) => crops.reduce((sum, crop) => sum + crop[c]!, 0) / crops.length);
      const powers = [...mean].map(Math.exp);
      const total = powers.reduce((a, b) => a + b, 0);
      expect(graph.outputs[0]!.node.type.shape).toEqual([1, 5]);
      expect(
        mismatch(
          reference(graph, data),
          powers.map((p) => p / total),
          'network',
        ),
      ).toBeUndefined();
    },
  );

  test('the maximum is that of all positions', async () => {
    const trained = await weighted('INPUT(8x8x3) -> CONV(4, 3, pad=valid) -> GAP -> FC(5)');
    const data = picture([12, 13, 3], 3);
    const { graph } = evaluateAt(trained, { size: [12, 13], dense: 'max' });
    const crops = everyCrop(trained, data, [12, 13], 1).scores;
    const most = crops[0]!.map((_, c) => Math.max(...crops.map((crop) => crop[c]!)));
    expect(mismatch(reference(graph, data), most, 'network')).toBeUndefined();
  });
});

test('where padding is seen, both methods agree inside the border that is named', async () => {
  const trained = await weighted('INPUT(16x16x2) -> CONV(3) -> POOL -> CONV(3) -> POOL -> FC(4)');
  const size = [40, 36];
  const [atrous, stitch] = (['atrous', 'stitch'] as const).map((method) =>
    evaluateAt(trained, { size, dense: 'map', stride: 1, method }),
  );
  const [message] = atrous!.warnings.map((warning) => warning.message);
  expect(message).toMatch(
    /^conv1 and conv2 pad their input: .* in its outer 3 \+ 3 rows and 3 \+ 3 columns; so no position equals its crop$/,
  );
  const data = picture([...size, 2], 5);
  const [a, b] = [reference(atrous!.graph, data), reference(stitch!.graph, data)];
  const [, rows, columns, channels] = atrous!.graph.outputs[0]!.node.type.shape as [
    number,
    number,
    number,
    number,
  ];
  const inside = a.map((value, at) => {
    const [i, j] = [Math.floor(at / channels / columns), Math.floor(at / channels) % columns];
    return i >= 4 && i < rows - 4 && j >= 4 && j < columns - 4 ? value - b[at]! : 0;
  });
  expect(Math.max(...inside.map(Math.abs))).toBeLessThan(1e-5);
  expect(Math.max(...a.map((value, at) => Math.abs(value - b[at]!)))).toBeGreaterThan(1e-3);
});

describe('what cannot be evaluated densely is refused', () => {
  const refusal = async (text: string, options: EvaluationOptions) => {
    const graph = await network(text);
    try {
      evaluateAt(graph, options);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'not refused';
  };

  test.each([
    [
      'INPUT(8x8x3) -> CONV -> FC(3)',
      { size: [12, 12] },
      'FC fc1 was trained on 8×8×64; at 12×12 it gets 12×12×64',
    ],
    ['INPUT(8x8x3) -> CONV -> FC(3)', { size: [12] }, 'the size 12 has 1 axes, the input has 2'],
    [
      'INPUT(8x8x3) -> CONV -> FC(3)',
      { size: [6, 6], dense: 'map' },
      'at 6×6 no crop of the trained 8×8 fits',
    ],
    [
      'INPUT(8x8x3) -> CONV(3) -> POOL(4) -> FC(3)',
      { size: [12, 12], dense: 'map', stride: 3 },
      "stride 3 does not divide the network's own, 4×4",
    ],
    ['INPUT(8x8x3) -> CONV', { size: [12, 12], dense: 'map' }, 'gives maps at any size'],
    [
      'INPUT(8x8x3) -> { GAP(keep=true) -> CONV(3, 1) | SKIP } -> MUL -> FC(3)',
      { size: [12, 12], dense: 'map' },
      'joins a map with what',
    ],
    ['INPUT(8x8x3) -> CONV(3) -> FC(3)', { size: [12, 12], stride: 2 }, 'a stride is for dense evaluation'],
    [
      'INPUT(8x8x3) -> CONV(3) -> FC(3)',
      { size: [12, 12], dense: 'map', stride: 0.5 },
      'a stride is a whole number of pixels, 1 or more, not 0.5',
    ],
    [
      'INPUT(8x8x3) -> CONV(3) -> FC(3)',
      { size: [12, 12], dense: 'map', stride: 0 },
      'a stride is a whole number of pixels, 1 or more, not 0',
    ],
    [
      'INPUT(8x8x3) -> POOL -> UP -> FC(3)',
      { size: [12, 12], dense: 'map', stride: 3 },
      "stride 3 does not divide the network's own, 2×2",
    ],
    [
      'INPUT(8x8x3) -> UP(corners=align) -> FC(3)',
      { size: [12, 12], dense: 'map' },
      'UP up1 aligns corners: it stretches a crop and a larger map by different amounts',
    ],
    [
      'INPUT(15x15x3) as a -> POOL -> UP(like=a) -> FC(3)',
      { size: [20, 20], dense: 'map' },
      'UP up1 enlarged 7 to 15 positions in training, and 10 to 20 here',
    ],
    [
      'INPUT(9x9x3) -> { CROP(2) | CONV(3, stride=2) } -> CONCAT -> FC(3)',
      { size: [12, 12], dense: 'map' },
      'CONCAT concat1 joins a map with a position every 1×1 pixels and one with a position every 2×2',
    ],
    [
      'INPUT(8x8x3) -> CONV(4) -> POOL(8)',
      { size: [40_000, 40_000] },
      'input would be a tensor of 1×40000×40000×3: more than 2^31 elements',
    ],
    [
      'INPUT(8x8x3) -> CONV(64) -> FC(3)',
      { size: [10_000, 10_000], dense: 'map' },
      'conv1 would be a tensor of 1×10000×10000×64: more than 2^31 elements',
    ],
    [
      'INPUT(8x1) -> CONV(2) -> FC(3)',
      { size: [2 ** 29], dense: 'map' },
      'at 536870912 an axis is longer than 16,777,216 positions',
    ],
    ['INPUT(10) -> FC(3)', { size: [12], dense: 'map' }, 'no map as its input'],
  ] as const)('%s at %j', async (text, options, message) => {
    expect(await refusal(text, options)).toContain(message);
  });
});

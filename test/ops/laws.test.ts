// What operators' definitions owe each other: laws that hold whatever the numbers are.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/ir/interpret.ts';
import { conv } from '../../compiler/ops/conv.ts';
import { deconv } from '../../compiler/ops/deconv.ts';
import { mulberry32 } from '../../compiler/frontend/weights/random.ts';
import { f32, sizeOf, type Shape, type Tensor } from '../../compiler/tensor/types.ts';
import { extent, spatialOf } from '../../compiler/tensor/window.ts';
import { pickBy, randomInputs } from '../support/arbitrary.ts';
import { graphOfText, networkWeights } from '../support/programs.ts';
import { expectClose } from '../support/tolerance.ts';

/** The outputs of several networks of one input shape, with the same weights, on the same numbers. */
async function outputsOf(input: string, chains: readonly string[]): Promise<Float32Array[]> {
  const graphs = await Promise.all(chains.map((chain) => graphOfText(`INPUT(${input}) -> ${chain}`)));
  const inputs = randomInputs(graphs[0]!, 5);
  return graphs.map((graph) => interpret(networkWeights(graph, 5), inputs)['output']!);
}

const SAME: readonly (readonly [law: string, input: string, one: string, other: string])[] = [
  [
    'padding and cropping by the same amounts does nothing',
    '4x5x3',
    'PAD((1, 2, 3, 0)) -> CROP((1, 2, 3, 0))',
    'SKIP',
  ],
  ['enlarging and then averaging does nothing', '3x4x2', 'UP(3) -> POOL(3, mode=avg)', 'SKIP'],
  ['enlarging by one does nothing', '3x4x2', 'UP(1, mode=bilinear, corners=align)', 'SKIP'],
  [
    'padding of a convolution is padding before it',
    '6x6x2',
    'CONV(3, pad=1)',
    'PAD(1) -> CONV(3, pad=valid)',
  ],
  [
    'causal padding is padding on the left',
    '9x2',
    'CONV(3, 3, pad=causal, dilation=2)',
    'PAD((4, 0)) -> CONV(3, 3, pad=valid, dilation=2)',
  ],
  [
    'a depthwise convolution has as many groups as channels',
    '5x5x4',
    'DWCONV(3, multiplier=2)',
    'CONV(8, 3, groups=4)',
  ],
  [
    'global pooling is pooling by the whole map',
    '4x3x5',
    'GAP(mode=max, keep=true)',
    'POOL((4, 3), mode=max)',
  ],
  ['a stride skips positions', '7x7x2', 'CONV(3, 1, stride=2)', 'CONV(3, 1) -> POOL(1, stride=2)'],
  ['the last step of a sequence is a crop', '9x3', 'LAST', 'CROP((8, 0)) -> GAP'],
  [
    'a transposed convolution with stride 1 is a padded one with the kernel turned',
    '5x5x1',
    'DECONV(1, 3, stride=1, act=none)',
    'CONV(1, 3, pad=2, flip=true, act=none)',
  ],
  [
    'same_upper is symmetric for odd kernels at stride 1',
    '6x7x2',
    'CONV(2, 3, pad=same_upper)',
    'CONV(2, 3, pad=same)',
  ],
  ['leaky ReLU with slope 0 is ReLU', '4x4x2', 'LEAKY(0)', 'RELU'],
];

describe('two ways to say the same', () => {
  test.each(SAME)('%s', async (_, input, one, other) => {
    const [first, second] = await outputsOf(input, [one, other]);
    expect(first!.some((v) => v !== 0)).toBe(true);
    expectClose(first!, second!, 'operator');
  });
});

test('transposed convolution is the transpose: ⟨conv x, y⟩ = ⟨x, deconv y⟩', () => {
  const property = fc.property(fc.gen(), fc.nat(), (choose, seed) => {
    const { operands, attrs } = conv.sample(pickBy(choose));
    const { stride, pad, dilation, groups } = attrs;
    const next = mulberry32(seed);
    const x = randomTensor(operands.x, next);
    const weight = randomTensor(operands.weight, next);
    const forward = { ...attrs, flip: false };
    const type = conv.infer({ x: x.type, weight: weight.type, bias: undefined }, forward);
    const y = randomTensor(type.shape, next);

    // What the windows did not reach at the end comes back as output padding.
    const outputPad = spatialOf(operands.x).map((size, axis) => {
      const span = extent(weight.type.shape[axis + 2]!, dilation[axis]!);
      const reached = (spatialOf(type.shape)[axis]! - 1) * stride[axis]! + span;
      return size + pad[axis]! + pad[axis + stride.length]! - reached;
    });
    const back = { stride, pad, dilation, groups, outputPad };
    const types = { x: type, weight: weight.type, bias: undefined };
    expect(deconv.infer(types, back)).toEqual(x.type);
    const image = conv.evaluate({ x, weight, bias: undefined }, forward, type);
    const preimage = deconv.evaluate({ x: y, weight, bias: undefined }, back, x.type);
    expect(dot(image, y.data)).toBeCloseTo(dot(x.data, preimage), 3);
  });
  fc.assert(property, { seed: 1, numRuns: 100 });
});

const randomTensor = (shape: Shape, next: () => number): Tensor => ({
  type: f32(...shape),
  data: Float32Array.from({ length: sizeOf(shape) }, () => 2 * next() - 1),
});

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

// What dense evaluation of VGG-16 costs, and what it looks at.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { packedBytes } from '../../compiler/codegen/wgsl/packing.ts';
import { evaluateAt, totalMacs } from '../../compiler/dense/index.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { spatialOf } from '../../compiler/tensor/window.ts';
import { network } from './networks.ts';

const vgg16 = await network(readFileSync('examples/models/02b-vgg16.cnn', 'utf8'));
const at384 = { size: [384, 384], dense: 'map' } as const;
const giga = (macs: number) => Math.round(macs / 1e8) / 10;

describe('VGG-16 over 384×384', () => {
  const perCrop = totalMacs(vgg16);

  test.each([
    ['its own stride of 32', {}, 'direct', 6, 49.6],
    ['stride 16, the cheaper way', { stride: 16 }, 'atrous', 11, 60.1],
    ['stride 16 by stitching', { stride: 16, method: 'stitch' }, 'stitch', 11, 187.9],
    ['stride 32 said aloud', { stride: 32 }, 'direct', 6, 49.6],
  ] as const)('%s', (_, options, method, positions, macs) => {
    const evaluation = evaluateAt(vgg16, { ...at384, ...options });
    expect(evaluation.method).toBe(method);
    expect(spatialOf(evaluation.graph.outputs[0]!.node.type.shape)).toEqual([positions, positions]);
    expect(giga(totalMacs(evaluation.graph))).toBe(macs);
  });

  test('its first FC, a convolution of 411 MB of weights now, is cut into bindings that every GPU has', () => {
    const { weights } = planWebgpu(runPasses(evaluateAt(vgg16, at384).graph, DEFAULT_PASSES));
    const parts = weights.filter(({ tensor }) => tensor === 'fc1.weight');
    expect(parts).toHaveLength(4);
    for (const { layout } of weights) expect(packedBytes(layout)).toBeLessThanOrEqual(128 * 2 ** 20);
  });

  test('crops would cost ten to thirty times as much', () => {
    expect(giga(36 * perCrop)).toBe(556.9);
    expect(giga(121 * perCrop)).toBe(1871.9);
  });

  test.each([
    [undefined, 32],
    [16, 16],
  ])('each score sees 404 pixels, from 90 before the picture on (stride %s)', (stride, step) => {
    const { receptiveFields } = evaluateAt(vgg16, { ...at384, ...(stride && { stride }) });
    expect(receptiveFields.get('output')).toEqual({
      size: [404, 404],
      stride: [step, step],
      offset: [-90, -90],
    });
  });
});

test('stitching so often that it makes no sense is refused, and the other way taken', async () => {
  const deep = await network('INPUT(64x64x1) -> [CONV(2) -> POOL]*5 -> FC(3)');
  const options = { size: [96, 96], dense: 'map', stride: 1 } as const;
  expect(() => evaluateAt(deep, { ...options, method: 'stitch' })).toThrow(
    'would run the network 32×32 times',
  );
  expect(evaluateAt(deep, options).method).toBe('atrous');
});

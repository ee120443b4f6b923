// Threads of one channel, which a GPU in software has for depthwise convolutions, store what threads of four do:
// every operator in the epilogue, operands of every kind, channels that only fill up a vector.
import { beforeAll, describe, expect, test } from 'vitest';
import { planWebgpu } from '../../compiler/codegen/wgsl/index.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import { isOp, type Graph, type Node } from '../../compiler/ir/graph.ts';
import { operatorOf } from '../../compiler/ir/semantics.ts';
import type { OpName } from '../../compiler/ops/index.ts';
import { DEFAULT_PASSES } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/pass.ts';
import { f32 } from '../../compiler/tensor/types.ts';
import { variantsFor, type GpuKind } from '../../runtime/webgpu/variants.ts';
import {
  emit,
  OP_NAMES,
  placeUse,
  randomInputs,
  sampleUse,
  withWeights,
  type Use,
} from '../support/arbitrary.ts';
import { testDevice, testGpu } from '../support/gpu.ts';
import { mismatch } from '../support/tolerance.ts';
import { openOnGpu } from '../support/webgpu.ts';

const ORIGIN = { path: 'after', keyword: 'TEST', blocks: [] };
const CHANNELS = 6;
const MAP = [1, 5, 9, CHANNELS] as const;

type Place = (builder: GraphBuilder, name: string) => Node;

/** The other operands of the operator after the convolution. */
const OTHERS = {
  'a map': (builder, name) => builder.input(name, f32(...MAP), ORIGIN),
  'a number per channel': (builder, name) =>
    builder.constant(name, f32(CHANNELS), { origins: [ORIGIN], init: 'zero' }),
  'one number': (builder, name) => builder.constant(name, f32(1), { origins: [ORIGIN], init: 'zero' }),
} as const satisfies Readonly<Record<string, Place>>;

/** Operators that take weights. */
const PER_CHANNEL: ReadonlySet<OpName> = new Set(['batch_norm', 'prelu']);

function depthwiseThen(op: OpName, other: Place): Graph {
  const attrs = { stride: [1, 1], pad: [1, 1, 1, 1], dilation: [1, 1], groups: CHANNELS, flip: false };
  const shapes = { x: MAP, weight: [CHANNELS, 1, 3, 3], bias: [CHANNELS] };
  const conv: Use = { op: 'conv', batch: 1, attrs, shapes };
  const sample = sampleUse(op, { int: (min) => min, of: ([first]) => first! });
  const builder = new GraphBuilder('depthwise');
  const result = placeUse(builder, conv);
  const [first, ...others] = Object.keys(sample.shapes);
  const rest = others.map((name) => [name, other(builder, `other_${name}`)] as const);
  const operands = { [first!]: result, ...Object.fromEntries(rest) };
  builder.output('output', emit(builder, op, operands, sample.attrs));
  return runPasses(withWeights(builder.finish(), 1), DEFAULT_PASSES);
}

describe(`on ${testGpu.name}`, { timeout: 120_000 }, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });

  async function outputOf(graph: Graph, kind: GpuKind): Promise<Float32Array> {
    const opened = await openOnGpu(graph, device, { kind });
    const inputs = randomInputs(graph, 1);
    const { output } = await opened.run(inputs);
    opened.dispose();
    return output!;
  }

  /** What is wrong with the results of threads of one channel. */
  async function wrongOf(graph: Graph): Promise<string | undefined> {
    const [one, four] = [await outputOf(graph, 'software'), await outputOf(graph, 'desktop')];
    return testGpu.computes ? mismatch(one, four, 'operator') : undefined;
  }

  const scalars = OP_NAMES.filter((op) => operatorOf(op).kind === 'scalar');

  test.each(scalars)('%s', async (op) => {
    const other = OTHERS[PER_CHANNEL.has(op) ? 'a number per channel' : 'a map'];
    const graph = depthwiseThen(op, other);
    expect(graph.nodes.filter(isOp)).toHaveLength(1);
    expect(convolutionInSoftware(graph)).toContain('y: array<f32>');
    expect(await wrongOf(graph)).toBeUndefined();
  });

  test.each(Object.entries(OTHERS))('the product with %s', async (_, other) => {
    expect(await wrongOf(depthwiseThen('mul', other))).toBeUndefined();
  });
});

function convolutionInSoftware(graph: Graph): string | undefined {
  const plan = planWebgpu(graph);
  const texts = variantsFor('software', plan).map(({ shader }) => plan.shaders[shader]!);
  return texts.find((text) => text.startsWith('// conv, depthwise'));
}

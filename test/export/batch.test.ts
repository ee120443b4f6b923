// Exported models of several items give what they give for each by itself, or say that they take one.
import { expect, test } from 'vitest';
import * as ort from 'onnxruntime-web';
import { batchOf } from '../../compiler/export/batch.ts';
import { writeOnnx } from '../../compiler/export/onnx/index.ts';
import { GraphBuilder } from '../../compiler/ir/builder.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { reshape } from '../../compiler/ops/reshape.ts';
import { f32, sizeOf, type Shape } from '../../compiler/tensor/types.ts';
import {
  emit,
  OP_NAMES,
  picker,
  randomInputs,
  sampleUse,
  withWeights,
  type Use,
} from '../support/arbitrary.ts';
import type { Arrays } from '../support/targets.ts';
import { mismatch } from '../support/tolerance.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const ITEMS = 3;
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const opened = new Set<string>();

/** Operands that parts of items are not asked to be. */
const IS_WEIGHT = new Set(['weight', 'bias', 'mean', 'variance', 'slope']);

const ORIGIN = { path: 'use', keyword: 'TEST', blocks: [] };

/** A use whose operands are what `beside` says: parts of items, reshaped to be so, or the same for all of them. */
function graphOf(use: Use, beside: (name: string) => boolean): Graph {
  const builder = new GraphBuilder('use');
  const place = (name: string, shape: Shape) => {
    if (beside(name)) return builder.constant(name, f32(...shape), { origins: [ORIGIN], init: 'zero' });
    const input = builder.input(name, f32(1, sizeOf(shape)), ORIGIN);
    const [batch, ...item] = shape;
    return builder.op(
      reshape,
      { x: input },
      { shape: item, batch: batch! },
      { name: 'part', origins: [ORIGIN] },
    );
  };
  const operands = Object.entries(use.shapes).map(([name, shape]) => [
    name,
    shape === undefined
      ? undefined
      : typeof shape[0] === 'object'
        ? shape.map((each, i) => place(`${name}${i}`, each as Shape))
        : place(name, shape as Shape),
  ]);
  builder.output(
    'output',
    emit(builder, use.op, Object.fromEntries(operands) as Record<string, unknown>, use.attrs),
  );
  return withWeights(builder.finish(), 1);
}

/** The arrays of `items` items, of those of one each. */
const joined = (each: readonly Float32Array[]): Float32Array =>
  Float32Array.from(each.flatMap((data) => [...data]));

/** Runs `items` together. */
async function run(net: ort.InferenceSession, items: readonly Arrays[]): Promise<Float32Array> {
  const feeds = net.inputNames.map((name) => {
    const data = joined(items.map((inputs) => inputs[name]!));
    return [name, new ort.Tensor(data, [items.length, data.length / items.length])] as const;
  });
  const { output } = await net.run(Object.fromEntries(feeds));
  return output!.data as Float32Array;
}

test.each(OP_NAMES)('%s of parts of items', { timeout: 60_000 }, async (op) => {
  for (const seed of SEEDS) {
    const pick = picker(seed);
    const use = sampleUse(op, pick);
    const names = Object.keys(use.shapes);
    const constant = new Set(names.filter((name) => IS_WEIGHT.has(name) || pick.of([true, false, false])));
    const graph = graphOf(use, (name) => constant.has(name));
    if (graph.inputs.length === 0 || batchOf(graph).fixedBy) continue;
    const items = Array.from({ length: ITEMS }, (_, i) => randomInputs(graph, 100 * seed + i));
    const net = await ort.InferenceSession.create(writeOnnx(graph, 'test'));
    const together = await run(net, items);
    const apart: Float32Array[] = [];
    for (const inputs of items) apart.push(await run(net, [inputs]));
    await net.release();
    opened.add(op);
    expect({ use, constant, wrong: mismatch(together, joined(apart), 'operator') }).toMatchObject({
      wrong: undefined,
    });
  }
});

test('nearly all operators take parts of items', () => {
  expect(OP_NAMES.filter((op) => !opened.has(op))).toEqual([]);
});

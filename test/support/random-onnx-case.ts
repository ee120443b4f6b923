// What becomes of a random model on each of its roads, beside ONNX Runtime on the model itself.
import * as ort from 'onnxruntime-web';
import { encodeModel } from '../../compiler/export/onnx/encode.ts';
import type { OnnxModel } from '../../compiler/export/onnx/model.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { writeBundle } from './bundle.ts';
import { randomInputs } from './random-graph.ts';
import { randomOnnx } from './random-onnx.ts';
import { runOnnx } from './onnx-runtime.ts';
import { openGraph, type Arrays } from './targets.ts';
import { throughProgram } from './through-program.ts';
import { mismatch } from './tolerance.ts';

type Road = (graph: Graph, inputs: Arrays) => Promise<Arrays>;

const ROADS: Readonly<Record<string, Road>> = {
  imported: async (graph, inputs) => (await openGraph(graph, 'js'))(inputs),
  'as a program': async (graph, inputs) => (await openGraph(await throughProgram(graph), 'js'))(inputs),
  exported: (graph, inputs) => runOnnx(graph, inputs, 1),
};

/** What differs, a line each: the road, the output, and by how much. */
export async function wrongOfRandomModel(seed: number): Promise<string[]> {
  const model = randomOnnx(seed);
  return wrongOn(ROADS, { model, bytes: encodeModel(model), items: 1, seed });
}

/** The same of a model with an open batch, given several items at once. */
export async function wrongOfOpenBatch(seed: number, items: number): Promise<string[]> {
  const model = randomOnnx(seed, { openBatch: true });
  const bytes = encodeModel(model);
  const roads: Readonly<Record<string, Road>> = {
    imported: async (_, inputs) => {
      const { createModel } = await writeBundle({ onnx: bytes, name: 'random', targets: ['js'] });
      const bundle = await createModel();
      try {
        return (await bundle.run(inputs)) as Arrays;
      } finally {
        bundle.dispose();
      }
    },
    exported: (graph, inputs) => runOnnx(graph, inputs, items),
  };
  return wrongOn(roads, { model, bytes, items, seed });
}

interface RandomCase {
  readonly model: OnnxModel;
  readonly bytes: Uint8Array;
  readonly items: number;
  readonly seed: number;
}

async function wrongOn(
  roads: Readonly<Record<string, Road>>,
  { model, bytes, items, seed }: RandomCase,
): Promise<string[]> {
  const { graph, complaints, warnings = [] } = await importOnnx(bytes, { name: 'random' }, undefined);
  if (!graph) return complaints.map(({ message }) => message);
  const wrong = warnings.map(({ message }) => message);
  const each = Array.from({ length: items }, (_, item) => randomInputs(graph, seed + item));
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name }) => [name, joined(each.map((item) => item[name]!))]),
  );
  const session = await ort.InferenceSession.create(bytes);
  const expected = await session.run(
    Object.fromEntries(
      model.inputs.map(({ name, shape }) => {
        const dims = shape.map((size) => (typeof size === 'number' ? size : items));
        return [name, new ort.Tensor(inputs[name]!, dims)];
      }),
    ),
  );
  await session.release();
  for (const [road, run] of Object.entries(roads)) {
    try {
      const results = await run(graph, inputs);
      for (const { name } of model.outputs) {
        const difference = mismatch(results[name]!, expected[name]!.data as Float32Array, 'network');
        if (difference) wrong.push(`${road}, ${name}: ${difference}`);
      }
    } catch (error) {
      wrong.push(`${road}: ${String(error)}`);
    }
  }
  return wrong;
}

const joined = (parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((data) => [...data]));

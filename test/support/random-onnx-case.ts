// What becomes of a random model on each of its roads, beside ONNX Runtime on the model itself.
import * as ort from 'onnxruntime-web';
import { encodeModel } from '../../compiler/export/onnx/encode.ts';
import { importOnnx } from '../../compiler/import/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
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
  const bytes = encodeModel(model);
  const { graph, complaints } = await importOnnx(bytes, { name: 'random' }, undefined);
  if (!graph) return complaints.map(({ message }) => message);
  const inputs = randomInputs(graph, seed);
  const session = await ort.InferenceSession.create(bytes);
  const expected = await session.run(
    Object.fromEntries(
      model.inputs.map(({ name, shape }) => [name, new ort.Tensor(inputs[name]!, shape as number[])]),
    ),
  );
  await session.release();
  const wrong: string[] = [];
  for (const [road, run] of Object.entries(ROADS)) {
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

// ONNX Runtime (its web build, one thread) as an oracle.
import * as ort from 'onnxruntime-web';
import { writeOnnx } from '../../compiler/export/onnx/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { openOnnx } from '../../compiler/verification/onnx-runtime.ts';
import type { Arrays } from './targets.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** Runs a graph by way of its ONNX export. `batch` items, which the exported model leaves open. */
export async function runOnnx(graph: Graph, inputs: Arrays, batch: number): Promise<Arrays> {
  const session = await openOnnx(ort, { file: writeOnnx(graph, 'test'), graph, batch });
  try {
    return await session.run(inputs);
  } finally {
    await session.release();
  }
}

// ONNX Runtime (its web build, one thread) as an oracle.
import * as ort from 'onnxruntime-web';
import { writeOnnx } from '../../compiler/export/onnx/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import type { OpAttrs, OpName } from '../../compiler/ops/index.ts';
import { openOnnx } from '../../compiler/verification/onnx-runtime.ts';
import type { Use } from './arbitrary.ts';
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

/** Uses that ONNX Runtime can be asked for; all, where nothing is said. */
const KNOWN: { readonly [K in OpName]?: (attrs: OpAttrs<K>) => boolean } = {
  // PyTorch allows more: up to the dilation.
  deconv: ({ outputPad, stride }) => outputPad.every((amount, axis) => amount < stride[axis]!),
};

export const isKnownToOnnxRuntime = ({ op, attrs }: Use): boolean => KNOWN[op]?.(attrs as never) ?? true; // this operator's own attributes

import type { Graph } from '../../ir/graph.ts';
import { encodeModel } from './encode.ts';
import { toOnnx } from './export.ts';

/** The bytes of a .onnx file. `graph` is as the program says it, with numbers in its weights. */
export const writeOnnx = (graph: Graph, producerVersion: string): Uint8Array<ArrayBuffer> =>
  encodeModel(toOnnx(graph, producerVersion));

// onnxruntime-web's WASM build, one thread.
import * as ort from 'onnxruntime-web';
import type { Entry } from '../contest.ts';
import { onnxModelOf, openOnnx } from './onnx-runtime.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export const onnxWasm: Entry = {
  name: 'onnxruntime-web',
  enter: (problem) => openOnnx(ort, onnxModelOf(problem), problem),
};

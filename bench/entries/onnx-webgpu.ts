// onnxruntime-web's WebGPU build.
import * as ort from 'onnxruntime-web/webgpu';
import type { Problem, Ready } from '../contest.ts';
import { openOnnx } from './onnx-runtime.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export const openOnnxOnGpu = (model: Uint8Array, problem: Problem): Promise<Ready> =>
  openOnnx(ort, model, problem, { executionProviders: ['webgpu'] });

// tfjs with its WebGPU backend.
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import type { Problem, Ready } from '../contest.ts';
import { openTfjs } from './tfjs.ts';

export async function openTfjsOnGpu(problem: Problem): Promise<Ready> {
  // Importing the backend registers it; the name keeps the import.
  await setBackend('webgpu');
  if (!(backend() instanceof WebGPUBackend)) throw new Error('tfjs does not run on its WebGPU backend');
  return openTfjs(problem);
}

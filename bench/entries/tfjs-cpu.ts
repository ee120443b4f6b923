// tfjs with its plain JavaScript backend.
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { backend } from '@tensorflow/tfjs-core';
import type { Entry } from '../contest.ts';
import { openTfjs } from './tfjs.ts';

export const tfjsCpu: Entry = {
  name: 'tfjs cpu',
  async enter(problem) {
    // Importing the backend registers it; the name keeps the import.
    if (!(backend() instanceof MathBackendCPU)) throw new Error('tfjs does not run on its CPU backend');
    return openTfjs(problem);
  },
};

import type { Kernels } from '../kernel.ts';
import { conv } from './conv.ts';
import { fc } from './fc.ts';
import { pool } from './pool.ts';
import { softmax } from './softmax.ts';

export const KERNELS: Kernels = { conv, fc, pool, softmax };

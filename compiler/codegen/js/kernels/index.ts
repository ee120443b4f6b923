import type { Kernels } from '../kernel.ts';
import { concat } from './concat.ts';
import { conv } from './conv/index.ts';
import { crop } from './crop.ts';
import { deconv } from './deconv.ts';
import { fc } from './fc.ts';
import { gather } from './gather.ts';
import { lrn } from './lrn.ts';
import { pad } from './pad.ts';
import { pool } from './pool.ts';
import { resize } from './resize.ts';
import { softmax } from './softmax.ts';

export const KERNELS: Kernels = { concat, conv, crop, deconv, fc, gather, lrn, pad, pool, resize, softmax };

import type { Kernel, Kernels } from '../kernel.ts';
import { concat } from './concat.ts';
import { convIm2col } from './conv-im2col.ts';
import { conv as convDirect } from './conv.ts';
import { crop } from './crop.ts';
import { deconv } from './deconv.ts';
import { fc } from './fc.ts';
import { lrn } from './lrn.ts';
import { pad } from './pad.ts';
import { pool } from './pool.ts';
import { resize } from './resize.ts';
import { softmax } from './softmax.ts';

/** The matrix product where it was asked for. */
const conv: Kernel<'conv'> = (node, context) =>
  node.attrs.lowering === 'im2col' ? convIm2col(node, context) : convDirect(node, context);

export const KERNELS: Kernels = { concat, conv, crop, deconv, fc, lrn, pad, pool, resize, softmax };

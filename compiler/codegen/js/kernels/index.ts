import type { Kernels } from '../kernel.ts';
import { arg } from './arg.ts';
import { concat } from './concat.ts';
import { conv } from './conv/index.ts';
import { crop } from './crop.ts';
import { deconv } from './deconv.ts';
import { fc } from './fc.ts';
import { gather } from './gather.ts';
import { gridSample } from './grid-sample.ts';
import { lrn } from './lrn.ts';
import { matmul } from './matmul.ts';
import { maxIndices } from './max-indices.ts';
import { pad } from './pad.ts';
import { pool } from './pool.ts';
import { reduce } from './reduce.ts';
import { resize } from './resize.ts';
import { scatter } from './scatter.ts';
import { softmax } from './softmax.ts';
import { topK } from './top-k.ts';

export const KERNELS: Kernels = {
  arg,
  concat,
  conv,
  crop,
  deconv,
  fc,
  gather,
  grid_sample: gridSample,
  lrn,
  matmul,
  max_indices: maxIndices,
  pad,
  pool,
  reduce,
  resize,
  scatter,
  softmax,
  top_k: topK,
};

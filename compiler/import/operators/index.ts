// Importers by the name of the ONNX operator.
import type { Import } from '../call.ts';
import { ATTENTION } from './attention.ts';
import { BIT_CASTS } from './bit-cast.ts';
import { BITS } from './bits.ts';
import { CONVOLUTIONS } from './convolution.ts';
import { COUNTING } from './counting.ts';
import { SUMS } from './einsum.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { FOURIER } from './fourier.ts';
import { INDEXING } from './indexing.ts';
import { MATRICES } from './matrix.ts';
import { NORMALIZATIONS } from './normalization.ts';
import { POOLS } from './pooling.ts';
import { QUANTIZATIONS } from './quantization.ts';
import { REDUCTIONS } from './reduction.ts';
import { RESIZES } from './resize.ts';
import { ROI_POOLS } from './roi-pool.ts';
import { SAMPLINGS } from './sampling.ts';
import { SELECTIONS } from './selection.ts';
import { SERIES } from './series.ts';
import { SHAPES } from './shape.ts';
import { SHUFFLES } from './shuffles.ts';
import { UNFOLDINGS } from './unfolding.ts';

export const IMPORTS: ReadonlyMap<string, Import> = new Map(
  [
    ELEMENTWISE,
    CONVOLUTIONS,
    POOLS,
    MATRICES,
    NORMALIZATIONS,
    QUANTIZATIONS,
    REDUCTIONS,
    SHAPES,
    INDEXING,
    RESIZES,
    SHUFFLES,
    SELECTIONS,
    SUMS,
    BITS,
    BIT_CASTS,
    SAMPLINGS,
    ROI_POOLS,
    UNFOLDINGS,
    SERIES,
    FOURIER,
    ATTENTION,
    COUNTING,
  ].flatMap((family) => Object.entries(family)),
);

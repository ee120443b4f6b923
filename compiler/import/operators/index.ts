// Importers by the name of the ONNX operator.
import type { Import } from '../call.ts';
import { CONVOLUTIONS } from './convolution.ts';
import { SUMS } from './einsum.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { INDEXING } from './indexing.ts';
import { MATRICES } from './matrix.ts';
import { NORMALIZATIONS } from './normalization.ts';
import { POOLS } from './pooling.ts';
import { QUANTIZATIONS } from './quantization.ts';
import { REDUCTIONS } from './reduction.ts';
import { RESIZES } from './resize.ts';
import { SELECTIONS } from './selection.ts';
import { SHAPES } from './shape.ts';
import { SHUFFLES } from './shuffles.ts';

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
  ].flatMap((family) => Object.entries(family)),
);

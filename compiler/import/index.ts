// The bytes of an ONNX model → our graph.
import type { Graph } from '../ir/graph.ts';
import { refuse, Refusal, type Complaint } from '../support/refusal.ts';
import { decodeModel } from './decode.ts';
import { withExternalData, type ReadExternal } from './external.ts';
import { importGraph, type ImportOptions } from './importer.ts';

export type { ImportOptions } from './importer.ts';

/**
 * Imports a model. `read` reads the files beside it that hold its weights, by their path from the model's folder.
 * Whatever is wrong is a complaint, never an exception.
 */
export async function importOnnx(
  bytes: Uint8Array,
  options: ImportOptions,
  read: ReadExternal | undefined,
): Promise<{ readonly graph?: Graph; readonly complaints: readonly Complaint[] }> {
  try {
    if (bytes.length === 0) refuse('E090', 'the file is empty');
    const model = await withExternalData(decodeModel(bytes), read);
    return importGraph(model, options);
  } catch (error) {
    if (error instanceof Refusal) return { complaints: [error.complaint] };
    throw error;
  }
}

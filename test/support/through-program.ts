// The road from a graph to its program and back: what `cnnc import` and then `cnnc compile` make of a model.
import { bindWeights } from '../../compiler/frontend/weights/bind.ts';
import { readSafetensors } from '../../compiler/frontend/weights/safetensors.ts';
import { writeSafetensors } from '../../compiler/frontend/weights/write-safetensors.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { raise } from '../../compiler/raise/index.ts';
import { graphOfText } from './programs.ts';

/** The graph of the program for a graph, with its weights from a file. Throws where a step refuses. */
export async function throughProgram(graph: Graph): Promise<Graph> {
  const raised = await raise(graph);
  if (!('text' in raised)) throw new Error(raised.message);
  const file = readSafetensors(writeSafetensors(raised.weights, { format: 'pt' }));
  const { graph: bound, complaints } = bindWeights(await graphOfText(raised.text), file);
  if (complaints.length > 0) throw new Error(complaints.map(({ message }) => message).join('\n'));
  return bound;
}

import { atSizes } from './at-sizes.ts';
import { writeTorch } from './export/torch/index.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { modelAsProgram } from './import-model.ts';
import type { Graph } from './ir/graph.ts';
import type { SourceOptions } from './options.ts';
import { complain, network, type CheckResult } from './stages.ts';
import { version } from './version.ts';

export interface ExportPytorchResult extends CheckResult {
  /** A Python file. */
  readonly text?: string;
  /** A safetensors file with the weights of an ONNX model, by the paths that the module has for them. */
  readonly weights?: Uint8Array;
}

/** The network as a `torch.nn.Module` to train. Weights of a program are not needed; a model brings its own. */
export async function exportPytorch(options: SourceOptions): Promise<ExportPytorchResult> {
  const diagnostics = new Diagnostics();
  const isModel = options?.onnx !== undefined;
  const built: { readonly graph: Graph; readonly weights?: Uint8Array } | undefined = isModel
    ? await modelAsProgram(options, diagnostics)
    : await network(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  const module = placed && writeTorch(placed[0].graph, version, { isModel });
  for (const complaint of module?.complaints ?? []) complain(diagnostics, complaint);
  const ok = module?.complaints.length === 0;
  return {
    ok,
    diagnostics: diagnostics.list,
    ...(ok && { text: module.text, ...(built?.weights && { weights: built.weights }) }),
  };
}

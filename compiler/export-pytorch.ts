import { atSizes } from './at-sizes.ts';
import { writeTorch } from './export/torch/index.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import type { SourceOptions } from './options.ts';
import { complain, network, type CheckResult } from './stages.ts';
import { version } from './version.ts';

export interface ExportPytorchResult extends CheckResult {
  /** A Python file. */
  readonly text?: string;
}

/** The network as a `torch.nn.Module` to train; its weights are not needed. */
export async function exportPytorch(options: SourceOptions): Promise<ExportPytorchResult> {
  const diagnostics = new Diagnostics();
  const built = await network(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  const module = placed && writeTorch(placed[0].graph, version);
  for (const complaint of module?.complaints ?? []) complain(diagnostics, complaint);
  const ok = module?.complaints.length === 0;
  return { ok, diagnostics: diagnostics.list, ...(ok && { text: module.text }) };
}

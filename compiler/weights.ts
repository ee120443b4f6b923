// Weights by their paths: listed, and written for other tools.
import { word } from './check-options.ts';
import { bind, checked, network, type CheckResult } from './stages.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { fromCanonical, LAYOUTS, storedForms, type Layout } from './frontend/weights/layout.ts';
import { weightsInOrder } from './frontend/weights/pair.ts';
import { writeSafetensors } from './frontend/weights/write-safetensors.ts';
import type { Graph } from './ir/graph.ts';
import type { SourceOptions, WeightsOptions } from './options.ts';
import { version } from './version.ts';

/** One weight of a program. */
export interface WeightInfo {
  /** Its path, as a state_dict has it: `layer1.0.conv1.weight`. */
  readonly path: string;
  /** In the layout that was asked for. */
  readonly shape: readonly number[];
  /** Running statistics are measured, not learned. */
  readonly isStatistic: boolean;
}

export interface ListWeightsResult extends CheckResult {
  readonly weights: readonly WeightInfo[];
}

export interface ExportWeightsResult extends ListWeightsResult {
  /** A safetensors file. */
  readonly file?: Uint8Array;
}

interface Target {
  /** Whose layouts the result has; default: torch. */
  readonly to?: Layout;
}

const OWN_OPTIONS = { to: word(...LAYOUTS) };

/** The paths and shapes of a program's weights, in the order of its layers. */
export async function listWeights(options: SourceOptions & Target): Promise<ListWeightsResult> {
  const diagnostics = new Diagnostics();
  const right = checked(options, OWN_OPTIONS, diagnostics);
  if (!right) return { ok: false, diagnostics: diagnostics.list, weights: [] };
  const { to = 'torch', ...source } = right;
  const built = await network(source, diagnostics);
  return {
    ok: built !== undefined,
    diagnostics: diagnostics.list,
    weights: built ? describeWeights(built.graph, to) : [],
  };
}

/** A program's weights, read or drawn as `compile` does it, as a safetensors file that says its layout. */
export async function exportWeights(
  options: SourceOptions & WeightsOptions & Target,
): Promise<ExportWeightsResult> {
  const diagnostics = new Diagnostics();
  const right = checked(options, OWN_OPTIONS, diagnostics);
  if (!right) return { ok: false, diagnostics: diagnostics.list, weights: [] };
  const { to = 'torch', ...source } = right;
  const built = await network(source, diagnostics);
  const graph = built && bind(built.graph, source, diagnostics);
  return {
    ok: graph !== undefined,
    diagnostics: diagnostics.list,
    weights: built ? describeWeights(built.graph, to) : [],
    ...(graph && { file: writeWeights(graph, to) }),
  };
}

function describeWeights(graph: Graph, layout: Layout): WeightInfo[] {
  const forms = storedForms(graph, layout);
  return weightsInOrder(graph).map((weight) => ({
    path: weight.name,
    shape: forms.get(weight)!.shapes[0],
    isStatistic: weight.isStatistic,
  }));
}

function writeWeights(graph: Graph, layout: Layout): Uint8Array {
  const forms = storedForms(graph, layout);
  const weights = weightsInOrder(graph).map((weight) => {
    const form = forms.get(weight)!;
    return { name: weight.name, shape: form.shapes[0], data: fromCanonical(weight.data!, form) };
  });
  // `format` is what the Python library and those who use it look at.
  const format = layout === 'tf' ? 'tf' : 'pt';
  return writeSafetensors(weights, { format, layout, producer: `cnnc ${version}` });
}

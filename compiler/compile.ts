// The pipeline on one screen.
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { NetworkSize, Program, TargetName, TensorSpec } from '../runtime/program.ts';
import { atSizes, type PlacedNetwork } from './at-sizes.ts';
import { overBudget } from './budgets.ts';
import { canHavePage, htmlPage } from './bundle/html.ts';
import { bundleManifest } from './bundle/manifest.ts';
import { bundleModule } from './bundle/module.ts';
import { bundleTypes } from './bundle/types.ts';
import { packWeights } from './bundle/weights.ts';
import { generateJs } from './codegen/js/index.ts';
import { generateWebgpu } from './codegen/wgsl/index.ts';
import { writeOnnx } from './export/onnx/index.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { buildProgram, type BuiltProgram } from './frontend/program.ts';
import { bindWeights } from './frontend/weights/bind.ts';
import { randomWeights } from './frontend/weights/random.ts';
import { readWeightsFile } from './frontend/weights/read.ts';
import { isConstant, type Graph } from './ir/graph.ts';
import { printGraph } from './ir/text.ts';
import {
  ALL_TARGETS,
  isFileName,
  modelName,
  type CompileOptions,
  type SourceOptions,
  type WeightsOptions,
} from './options.ts';
import { DEFAULT_PASSES } from './passes/index.ts';
import { lowerConvolutions } from './passes/lower-convolutions.ts';
import { runPasses } from './passes/pass.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { describePlan } from './plan/describe.ts';
import { shareWeights } from './share-weights.ts';
import { summarizeGraph, type Summary } from './summary.ts';
import { Refusal, type Complaint } from './support/refusal.ts';
import { showItem } from './tensor/types.ts';
import { version } from './version.ts';

export interface CheckResult {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

export interface SummarizeResult extends CheckResult {
  readonly summary?: Summary;
}

export interface CompileResult extends SummarizeResult {
  /** The bundle by file name; empty when there was an error. */
  readonly files: Map<string, Uint8Array>;
  /** The network as the program says it, before any pass. */
  readonly graph?: Graph;
}

export interface ExportResult extends CheckResult {
  readonly model?: Uint8Array;
}

/** Compiles a program into a bundle. Bad programs and weights give diagnostics, never an exception. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const diagnostics = new Diagnostics();
  const built = await frontend(options, diagnostics);
  const bound = built && bind(built.graph, options, diagnostics);
  const placed = bound && atSizes(bound, options, diagnostics);
  const files = placed && (await backend(placed, options, diagnostics));
  const graph = placed?.[0].graph ?? bound ?? built?.graph;
  return {
    ok: files !== undefined,
    diagnostics: diagnostics.list,
    files: files ?? new Map<string, Uint8Array>(),
    ...(graph && { graph, summary: summarizeGraph(graph) }),
  };
}

/** Says what is wrong with a program, if anything. */
export async function check(options: SourceOptions): Promise<CheckResult> {
  const diagnostics = new Diagnostics();
  const built = await frontend(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  return { ok: placed !== undefined, diagnostics: diagnostics.list };
}

/** Shapes and costs, without weights. */
export async function summarize(options: SourceOptions): Promise<SummarizeResult> {
  const diagnostics = new Diagnostics();
  const built = await frontend(options, diagnostics);
  const placed = built && atSizes(built.graph, options, diagnostics);
  return {
    ok: placed !== undefined,
    diagnostics: diagnostics.list,
    ...(placed && { summary: summarizeGraph(placed[0].graph) }),
  };
}

/** The network and its weights as an ONNX model. */
export async function exportOnnx(options: SourceOptions & WeightsOptions): Promise<ExportResult> {
  const diagnostics = new Diagnostics();
  const built = await frontend(options, diagnostics);
  const bound = built && bind(built.graph, options, diagnostics);
  return {
    ok: bound !== undefined,
    diagnostics: diagnostics.list,
    ...(bound && { model: writeOnnx(bound, version) }),
  };
}

/** Text → graph, checked. */
export async function frontend(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<BuiltProgram | undefined> {
  const name = modelName(options);
  if (!isFileName(name))
    return complain(diagnostics, { code: 'E047', message: `'${name}' cannot name a file` });
  const path = options.path ?? '<input>';
  const text = options.source ?? (await readText(path, options, diagnostics));
  if (text === undefined) return undefined;
  return buildProgram({ text, path, name, read: options.read, openSizes: options.at?.[0] }, diagnostics);
}

async function readText(
  path: string,
  { read }: SourceOptions,
  diagnostics: Diagnostics,
): Promise<string | undefined> {
  try {
    if (read) return new TextDecoder('utf-8', { fatal: true }).decode(await read(path));
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : '';
    return complain(diagnostics, { code: 'E047', message: `${path} cannot be read${why}` });
  }
  return complain(diagnostics, { code: 'E047', message: 'there is neither a source nor a way to read one' });
}

/** Graph and weights → graph with weights. */
export function bind(
  graph: Graph,
  { weights, ...how }: WeightsOptions,
  diagnostics: Diagnostics,
): Graph | undefined {
  if (weights === undefined) {
    if (!graph.nodes.some(isConstant)) return graph;
    return complain(diagnostics, {
      code: 'E062',
      message: 'the network needs weights',
      help: 'give trained ones (--weights file.safetensors) or random ones (--random-weights 1)',
    });
  }
  if (!(weights instanceof Uint8Array)) return randomWeights(graph, weights.random);
  try {
    const { graph: bound, complaints } = bindWeights(graph, readWeightsFile(weights), how);
    for (const complaint of complaints) complain(diagnostics, complaint);
    return complaints.length === 0 ? bound : undefined;
  } catch (error) {
    if (error instanceof Refusal) return complain(diagnostics, error.complaint);
    throw error;
  }
}

/** Networks with weights, one for each input size → files. */
async function backend(
  networks: readonly [PlacedNetwork, ...PlacedNetwork[]],
  options: CompileOptions,
  diagnostics: Diagnostics,
): Promise<Map<string, Uint8Array> | undefined> {
  const passes = [lowerConvolutions(options.conv ?? 'auto'), ...DEFAULT_PASSES];
  const plans = shareWeights(networks.map(({ graph }) => runPasses(graph, passes))).map(makePlan);
  const constants = new Map(plans.flatMap((plan) => plan.weights.map((weight) => [weight.name, weight])));
  const weights = await packWeights(
    [...constants.values()].map(({ name, type, data }) => ({ name, shape: type.shape, data: data! })),
  );
  const program = describeProgram(networks, weights.spec);
  const targets = options.targets ?? ALL_TARGETS;
  const [generated, ...further] = plans.map((plan) => generate(plan, options, diagnostics));
  if (!generated || further.includes(undefined)) return undefined;
  if (options.html === true && !canHavePage(program))
    return complain(diagnostics, {
      code: 'E047',
      message: 'a page needs one picture as its input and a list of scores as its output',
      help: 'a picture is an INPUT of height × width × 3 channels, or × 1',
    });
  const textsOf = (sources: GeneratedTargets) => mapValues(sources, ({ text }) => text);
  const { graph } = networks[0];
  const weightsFile = `${graph.name}.weights.bin`;
  const texts = {
    [`${graph.name}.js`]: bundleModule({
      program,
      targets: textsOf(generated),
      furtherTargets: further.map((sources) => textsOf(sources!)),
      weightsFile,
      inlineWeights: options.inlineWeights === true ? weights.file : undefined,
      banner: banner(graph),
    }),
    [`${graph.name}.d.ts`]: bundleTypes(program, targets),
    ...(options.html === true && { [`${graph.name}.html`]: htmlPage(program) }),
  };
  const files: Record<string, string | Uint8Array> =
    options.inlineWeights === true ? texts : { ...texts, [weightsFile]: weights.file };
  const manifest = await bundleManifest({
    program,
    source: printGraph(graph),
    parameters: summarizeGraph(graph).params,
    files,
    plans: plans.map(describePlan),
    targets: mapValues(generated, ({ text, about }) => ({
      bytes: new TextEncoder().encode(text).length,
      ...about,
    })),
  });
  const encode = (file: string | Uint8Array) =>
    typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const bundle = new Map(
    [...Object.entries(files), [`${graph.name}.json`, manifest] as const].map(([name, file]) => [
      name,
      encode(file),
    ]),
  );
  const complaints = overBudget({ plans, files: bundle }, options);
  for (const complaint of complaints) complain(diagnostics, complaint);
  return complaints.length === 0 ? bundle : undefined;
}

/** Text for the module, and what the manifest says about it. */
interface Generated {
  readonly text: string;
  readonly about?: object;
}

type GeneratedTargets = Readonly<Partial<Record<TargetName, Generated>>>;

const GENERATORS: Readonly<Record<TargetName, (plan: Plan, options: CompileOptions) => Generated>> = {
  webgpu: ({ graph }, options) => generateWebgpu(graph, options),
  js: (plan, options) => ({ text: generateJs(plan, options) }),
};

/** A target may refuse a network that is beyond what it can do. */
function generate(
  plan: Plan,
  options: CompileOptions,
  diagnostics: Diagnostics,
): GeneratedTargets | undefined {
  try {
    const targets = options.targets ?? ALL_TARGETS;
    return Object.fromEntries(targets.map((target) => [target, GENERATORS[target](plan, options)]));
  } catch (error) {
    if (error instanceof Refusal) return complain(diagnostics, error.complaint);
    throw error;
  }
}

const mapValues = <A, B>(
  record: Readonly<Partial<Record<TargetName, A>>>,
  f: (value: A) => B,
): Partial<Record<TargetName, B>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));

function describeProgram(
  [first, ...further]: readonly [PlacedNetwork, ...PlacedNetwork[]],
  weights: Program['weights'],
): Program {
  const sizes = further.map(describeSize);
  return {
    name: first.graph.name,
    cnnc: version,
    ...describeSize(first),
    ...(sizes.length > 0 && { sizes }),
    weights,
  };
}

function describeSize({ graph, receptiveFields }: PlacedNetwork): NetworkSize {
  const spec = (name: string, shape: readonly number[]): TensorSpec => ({
    name,
    shape: shape.slice(1),
    dtype: 'float32',
  });
  return {
    inputs: graph.inputs.map(({ name, node, image }) => ({
      ...spec(name, node.type.shape),
      ...(image && { image }),
    })),
    outputs: graph.outputs.map(({ name, node, labels }) => {
      const receptiveField = receptiveFields.get(name);
      return {
        ...spec(name, node.type.shape),
        ...(labels && { labels }),
        ...(receptiveField && { receptiveField }),
      };
    }),
  };
}

function banner(graph: Graph): string {
  const { params, macs } = summarizeGraph(graph);
  const shapes = (list: Graph['inputs'] | Graph['outputs']) =>
    list.map(({ name, node }) => `${name} ${showItem(node.type)}`).join(', ');
  return [
    `${graph.name}: ${shapes(graph.inputs)} → ${shapes(graph.outputs)}`,
    `${params.toLocaleString('en')} parameters, ${macs.toLocaleString('en')} multiply-accumulates per item.`,
    `Generated by cnnc ${version}. Changes here are lost when the network is compiled again.`,
    '',
    `  import { createModel } from './${graph.name}.js';`,
    '  const model = await createModel();',
    `  const { ${graph.outputs[0]!.name} } = await model.run(new Float32Array(${graph.inputs[0]!.node.type.shape.slice(1).join(' * ')}));`,
  ].join('\n');
}

/** Reports what is wrong with a file as a whole. */
function complain(diagnostics: Diagnostics, { code, message, help }: Complaint): undefined {
  diagnostics.list.push({
    code,
    severity: 'error',
    message,
    labels: [],
    ...(help !== undefined && { help }),
  });
}

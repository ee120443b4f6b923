// The back half of the pipeline: passes, plan, code, files.
import type { TargetName } from '../runtime/program.ts';
import type { PlacedNetwork } from './at-sizes.ts';
import { overBudget } from './budgets.ts';
import { goldenVectors, type GoldenVectors } from './golden.ts';
import { canHavePage, htmlPage } from './bundle/html.ts';
import { bundleManifest, type BundleOrigin } from './bundle/manifest.ts';
import { bundleModule } from './bundle/module.ts';
import { bundleTypes } from './bundle/types.ts';
import { packWeights } from './bundle/weights.ts';
import { JS_DEFAULTS } from './codegen/js/kernel.ts';
import { methodOf } from './codegen/js/kernels/conv/index.ts';
import { scratchOf } from './codegen/js/scratch.ts';
import { banner, describeProgram } from './describe-program.ts';
import type { Diagnostics } from './frontend/diagnostics.ts';
import { generateTargets, type TargetCosts } from './generate-targets.ts';
import type { CompileOptions } from './options.ts';
import { DEFAULT_PASSES } from './passes/index.ts';
import { lowerConvolutions } from './passes/lower-convolutions.ts';
import { runPasses, type Pass } from './passes/pass.ts';
import { describePlan, type JsKernels } from './plan/describe.ts';
import { makePlan } from './plan/plan.ts';
import { shareWeights } from './share-weights.ts';
import { complain } from './stages.ts';
import { summarizeGraph } from './summary.ts';

/** What a bundle is made of. */
export interface BundleParts {
  /** With weights, one for each input size. */
  readonly networks: readonly [PlacedNetwork, ...PlacedNetwork[]];
  readonly origin: BundleOrigin;
  /** Default: those of every compilation. */
  readonly passes?: readonly Pass[];
}

/** What a compilation runs. */
export const passesOf = ({ conv = 'auto' }: CompileOptions): readonly Pass[] => [
  lowerConvolutions(conv),
  ...DEFAULT_PASSES,
];

export interface EmittedBundle {
  /** By name. */
  readonly files: Map<string, Uint8Array>;
  /** What each target says of itself, at the first input size. */
  readonly targets: Readonly<Partial<Record<TargetName, TargetCosts>>>;
}

/** Networks → the files of the bundle. What cannot be is reported, and undefined given. */
export async function emitBundle(
  { networks, origin, passes }: BundleParts,
  options: CompileOptions,
  diagnostics: Diagnostics,
): Promise<EmittedBundle | undefined> {
  const pipeline = passes ?? passesOf(options);
  const plans = shareWeights(networks.map(({ graph }) => runPasses(graph, pipeline))).map(makePlan);
  const constants = new Map(plans.flatMap((plan) => plan.weights.map((weight) => [weight.name, weight])));
  const weights = await packWeights(
    [...constants.values()].map(({ name, type, data }) => ({ name, shape: type.shape, data: data! })),
  );
  const program = describeProgram(networks, weights.spec);
  const generated = generateTargets(plans, options, diagnostics);
  if (!generated) return undefined;
  const targets = Object.keys(generated) as readonly TargetName[]; // the keys of its type
  const needs = plans.map((plan) => ({
    plan,
    scratch: generated.js ? scratchOf(plan, options) : undefined,
  }));
  if (options.html === true && !canHavePage(program))
    return complain(diagnostics, {
      code: 'E047',
      message: 'a page needs one picture as its input and a list of scores as its output',
      help: 'a picture is an INPUT of height × width × 3 channels, or × 1; for an ONNX model, --image says how it is prepared',
    });
  const golden = options.selfTest === true ? await goldenVectors(networks[0].graph, plans[0]!) : undefined;
  const [texts, ...furtherTexts] = plans.map((_, i) => mapValues(generated, (each) => each[i]!.text));
  const { graph } = networks[0];
  const weightsFile = `${graph.name}.weights.bin`;
  const sources = {
    [`${graph.name}.js`]: bundleModule({
      program,
      targets: texts!,
      furtherTargets: furtherTexts,
      weightsFile,
      inlineWeights: options.inlineWeights === true ? weights.file : undefined,
      golden: golden && { ...golden, outputs: golden.outputs.map(toBytes) },
      banner: banner(graph),
    }),
    [`${graph.name}.d.ts`]: bundleTypes(program, targets, { hasSelfTest: golden !== undefined }),
    ...(options.html === true && { [`${graph.name}.html`]: htmlPage(program) }),
  };
  const files: Record<string, string | Uint8Array> =
    options.inlineWeights === true ? sources : { ...sources, [weightsFile]: weights.file };
  const about = mapValues(generated, ([first]) => ({
    bytes: new TextEncoder().encode(first!.text).length,
    ...first!.about,
  }));
  const manifest = await bundleManifest({
    program,
    origin,
    parameters: summarizeGraph(graph).params,
    files,
    plans: needs.map(({ plan, scratch }) => describePlan(plan, scratch && jsKernels(scratch.bytes, options))),
    selfTest: golden && {
      ...golden,
      outputs: golden.outputs.map(({ name, values }) => ({ name, values: values.length })),
    },
    targets: about,
  });
  const encode = (file: string | Uint8Array) =>
    typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const bundle = new Map(
    [...Object.entries(files), [`${graph.name}.json`, manifest] as const].map(([name, file]) => [
      name,
      encode(file),
    ]),
  );
  const complaints = overBudget({ needs, files: bundle }, options);
  for (const complaint of complaints) complain(diagnostics, complaint);
  return complaints.length === 0 ? { files: bundle, targets: about } : undefined;
}

const jsKernels = (scratchBytes: number, { winograd = JS_DEFAULTS.winograd }: CompileOptions): JsKernels => ({
  scratchBytes,
  methodOf: (node) => methodOf(node, winograd),
});

const toBytes = ({ name, values }: GoldenVectors['outputs'][number]) => ({
  name,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

const mapValues = <A, B>(
  record: Readonly<Partial<Record<TargetName, A>>>,
  f: (value: A) => B,
): Partial<Record<TargetName, B>> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));

// A bundle → the network that it was made of. Its manifest holds the program, and its weights file is canonical.
// Passes such as the folding of normalisation change weights, though, and what they changed cannot be brought back:
// then the network is given as the passes left it. What was made of an ONNX model is that model again, known by its
// hash, with the weights that the model itself has.
import { decodeBase64 } from '../runtime/base64.ts';
import { CnncError } from '../runtime/errors.ts';
import type { Weights } from '../runtime/program.ts';
import { readWeights } from '../runtime/weights.ts';
import { atSizes } from './at-sizes.ts';
import { constantsOf, sha256Of, type ModelOrigin } from './bundle/model-origin.ts';
import { areBundleFiles, manifestOf, textOf, type BundleFiles, type Manifest } from './bundle-files.ts';
import { be, checkOptions, demand } from './check-options.ts';
import { describeSize } from './describe-program.ts';
import { passesOf } from './emit-bundle.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { randomWeights } from './frontend/weights/random.ts';
import { isConstant, type Graph } from './ir/graph.ts';
import { rebuild } from './ir/rebuild.ts';
import type { CompileOptions } from './options.ts';
import { fuseEpilogues } from './passes/fuse-epilogues.ts';
import { runPasses } from './passes/pass.ts';
import { bind, complain, frontend, network, type CheckResult } from './stages.ts';
import { Refusal } from './support/refusal.ts';
import { sameShape, sizeOf } from './tensor/types.ts';

export interface ReopenOptions extends Omit<CompileOptions, 'source' | 'name'> {
  readonly files: BundleFiles;
}

export const filesOfBundle = be(
  'a Map of the files of a bundle: its module, its manifest, its weights',
  areBundleFiles,
);

/**
 * The ONNX model that a bundle says it was made of; undefined where it was made of a program. Throws a `CnncError`
 * (OPTION_TYPE) when these are not the files of a bundle.
 */
export function modelOf(files: BundleFiles): ModelOrigin | undefined {
  demand('modelOf', { files }, { needs: { files: filesOfBundle } });
  return manifestFor('modelOf', files).model;
}

/** The manifest of a bundle, for a call that throws a `CnncError` (OPTION_TYPE) where that is none. */
export function manifestFor(call: string, files: BundleFiles): Manifest {
  try {
    return manifestOf(files);
  } catch (error) {
    if (error instanceof Refusal) throw new CnncError('OPTION_TYPE', `${call}: ${error.message}`);
    throw error;
  }
}

export interface ReopenResult extends CheckResult {
  /** What the graph was made with where its ONNX model leaves something open. */
  readonly constants?: CompileOptions['constants'];
  /** With weights. */
  readonly graph?: Graph;
  /** The graph is what passes made of the program, up to the fusing of epilogues. */
  readonly isFolded: boolean;
}

/**
 * Rebuilds a bundle's network. With `weights` these are taken, and the network is as the program says it. What is no
 * bundle gives a diagnostic.
 */
export async function reopenBundle(options: ReopenOptions): Promise<ReopenResult> {
  const diagnostics = new Diagnostics();
  const reopened = await reopen(options, diagnostics);
  return {
    isFolded: false,
    ...reopened,
    ok: reopened !== undefined,
    diagnostics: diagnostics.list.filter(({ severity }) => severity === 'error'),
  };
}

type Reopened = Required<Pick<ReopenResult, 'graph' | 'isFolded'>> & Pick<ReopenResult, 'constants'>;

async function reopen(all: ReopenOptions, diagnostics: Diagnostics): Promise<Reopened | undefined> {
  const wrong = checkOptions(all, { files: filesOfBundle }, ['files']);
  if (wrong) return complain(diagnostics, wrong);
  const { files, ...options } = all;
  const manifest = readManifest(files, diagnostics);
  if (!manifest) return undefined;
  const { model } = manifest;
  if (!model) {
    const graph = await programGraph(manifest, options, diagnostics);
    if (!graph || options.weights !== undefined) return graph && withWeights(graph, options, diagnostics);
    return withTensors(graph, { files, options }, diagnostics);
  }
  const graph = await modelGraph({ ...manifest, model }, options, diagnostics);
  const bound = graph && withWeights(graph, options, diagnostics);
  return bound && { ...bound, constants: { ...constantsOf(model), ...options.constants } };
}

function readManifest(files: BundleFiles, diagnostics: Diagnostics): Manifest | undefined {
  try {
    return manifestOf(files);
  } catch (error) {
    if (error instanceof Refusal) return complain(diagnostics, error.complaint);
    throw error;
  }
}

/** The program at the bundle's size, without weights. */
async function programGraph(
  { name, program, ...signature }: Manifest,
  options: CompileOptions,
  diagnostics: Diagnostics,
): Promise<Graph | undefined> {
  if (options.onnx)
    return complain(diagnostics, {
      code: 'E047',
      message: 'the bundle was made of a program, not of an ONNX model',
      help: 'leave out the model',
    });
  // The only files that a program with everything spelled out still names are those of its labels.
  const labels = signature.outputs.flatMap((output) => output.labels ?? []).join('\n');
  const read = async () => new TextEncoder().encode(labels);
  const built = await frontend({ ...options, source: program?.source ?? '', name, read }, diagnostics);
  return built && sameSizes(built.graph, { signature, options }, diagnostics);
}

/** The model that the bundle was made of, imported again. */
async function modelGraph(
  { name, model, ...signature }: Manifest & { readonly model: ModelOrigin },
  options: CompileOptions,
  diagnostics: Diagnostics,
): Promise<Graph | undefined> {
  const { onnx } = options;
  if (!onnx)
    return complain(diagnostics, {
      code: 'E047',
      message: `the bundle was made of the ONNX model ${model.file}, without which it cannot be rebuilt`,
      help: 'give it: --model FILE',
    });
  if ((await sha256Of(onnx)) !== model.sha256)
    return complain(diagnostics, {
      code: 'E047',
      message: `this is not the ONNX model that the bundle was made of: that has ${model.bytes} bytes and the SHA-256 ${model.sha256}`,
      help: 'give that model, or compile this one',
    });
  const missing = (model.omitted ?? []).find((each) => !Object.hasOwn(options.constants ?? {}, each));
  if (missing !== undefined)
    return complain(diagnostics, {
      code: 'E047',
      message: `the bundle was made with numbers for the input ${JSON.stringify(missing)} that it does not hold: there are too many`,
      help: 'give them again: --constant',
    });
  const constants = { ...constantsOf(model), ...options.constants };
  const shapes = { ...model.shapes, ...options.shapes };
  const built = await network({ ...options, name, constants, shapes }, diagnostics);
  return built && sameSizes(built.graph, { signature, options }, diagnostics);
}

/** The network at the bundle's size. */
function sameSizes(
  graph: Graph,
  {
    signature,
    options,
  }: { readonly signature: Pick<Manifest, 'inputs' | 'outputs'>; readonly options: CompileOptions },
  diagnostics: Diagnostics,
): Graph | undefined {
  const placed = atSizes(graph, options, diagnostics);
  if (!placed) return undefined;
  const { inputs, outputs } = describeSize(placed[0]);
  const isSame = [
    [inputs, signature.inputs],
    [outputs, signature.outputs],
  ].every(([ours, theirs]) => ours!.every(({ shape }, i) => sameShape(shape, theirs![i]?.shape ?? [])));
  if (isSame) return placed[0].graph;
  return complain(diagnostics, {
    code: 'E047',
    message: 'the bundle has other sizes than what it was made of',
    help: 'it was compiled with --at, perhaps --dense: say so here as well',
  });
}

function withWeights(graph: Graph, options: CompileOptions, diagnostics: Diagnostics) {
  const bound = bind(graph, options, diagnostics);
  return bound && { graph: bound, isFolded: false };
}

async function withTensors(
  graph: Graph,
  { files, options }: { readonly files: BundleFiles; readonly options: CompileOptions },
  diagnostics: Diagnostics,
): Promise<Reopened | undefined> {
  try {
    const spec = manifestOf(files).weights;
    const tensors = await readWeights(spec, weightsIn(files), { onVerified: () => {} });
    const passes = passesOf(options);
    const bound = fill(graph, tensors);
    // Right where the passes leave its weights alone: these are then the program's own.
    const isUntouched =
      bound && runPasses(bound, passes).nodes.every((n) => !isConstant(n) || n.data === tensors.get(n.name));
    if (isUntouched) return { graph: bound, isFolded: false };
    // Some passes look at weights; that there are any is enough for them.
    const unfused = passes.filter((pass) => pass !== fuseEpilogues);
    const folded = fill(runPasses(randomWeights(graph, 1), unfused), tensors);
    if (folded) return { graph: folded, isFolded: true };
  } catch (error) {
    // Where tensors lie is what the manifest says.
    if (error instanceof RangeError)
      return complain(diagnostics, {
        code: 'E060',
        message: 'the manifest has tensors where no weights are',
      });
    if (!(error instanceof CnncError)) throw error;
    return complain(diagnostics, { code: 'E060', message: error.message });
  }
  return complain(diagnostics, {
    code: 'E061',
    message: 'the weights of the bundle are not those that this version makes of its program',
    help: "give the program's own: --weights or --random-weights",
  });
}

/** The weights file, or what the module has inside. */
function weightsIn(files: BundleFiles): Uint8Array<ArrayBuffer> {
  const [, file] = [...files].find(([name]) => name.endsWith('.weights.bin')) ?? [];
  if (file) return new Uint8Array(file);
  const [, base64 = ''] =
    /const weights = \(\) => runtime\.decodeBase64\("([^"]*)"\)/.exec(textOf(files, '.js')) ?? [];
  return new Uint8Array(decodeBase64(base64));
}

/** The graph with these numbers; undefined where one has no place, or a place no number. */
function fill(graph: Graph, tensors: Weights): Graph | undefined {
  const constants = graph.nodes.filter(isConstant);
  const fits = constants.every(({ name, data, type }) => {
    const tensor = tensors.get(name);
    return tensor !== undefined && tensor.length === (data?.length ?? sizeOf(type.shape));
  });
  if (!fits || constants.length !== tensors.size) return undefined;
  return rebuild(graph, (node) => (isConstant(node) ? { ...node, data: tensors.get(node.name)! } : node));
}

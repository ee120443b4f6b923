// Where a network goes wrong: the first layer whose value is not what its operator's definition gives, or the
// first pass that changed what the network means.
import { positionAt } from '../grammar/source.ts';
import type { TargetName } from '../runtime/program.ts';
import { deviation, type Deviation, type NumericClass } from '../runtime/tolerance.ts';
import { textOf, type BundleFiles } from './bundle-files.ts';
import { be, checkOptions, demand, word, type Demands } from './check-options.ts';
import { emitBundle, passesOf } from './emit-bundle.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import { interpret, interpretAll } from './ir/interpret.ts';
import { isOp, type Graph, type OpNode } from './ir/graph.ts';
import { ALL_TARGETS, type CompileOptions } from './options.ts';
import { runPasses } from './passes/pass.ts';
import { invariant } from './support/assert.ts';
import { sizeOf } from './tensor/types.ts';
import { channelsOf } from './tensor/window.ts';
import type { Arrays, Run } from './verification/compare-runs.ts';
import { filesOfBundle, manifestFor } from './reopen-bundle.ts';
import { functionFrom, graphWithWeights, inputsOf, numericClass } from './verify-model.ts';

/** A layer that diverges. */
export interface Divergence extends Deviation {
  /** The value, as the plan and the generated code call it. */
  readonly name: string;
  /** The layer's path and word in the program; after fusion the first of several. */
  readonly path: string;
  readonly keyword: string;
  /** What an ONNX model calls its node. */
  readonly node?: string;
  /** The model, or the program, and where it stands in that. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is wrong: a layer's code or, where all layers do what they should, a pass. */
export interface Finding {
  readonly layer?: Divergence;
  readonly pass?: string;
}

export interface BisectOptions {
  /** The network as the program says it, with weights. */
  readonly graph: Graph;
  /** The bundle that was made of it. */
  readonly files: BundleFiles;
  readonly target: TargetName;
  /** Imports a bundle with these files. */
  readonly open: (files: BundleFiles) => Promise<OpenBundle>;
  /** Of the inputs on which it diverges. */
  readonly seed: number;
  readonly numeric: NumericClass;
  /** Those that the bundle was compiled with. */
  readonly options?: CompileOptions;
}

interface OpenBundle {
  readonly run: Run;
  /** What the module exports. */
  readonly module: object;
}

const DEMANDS: Demands = {
  needs: {
    graph: graphWithWeights,
    files: filesOfBundle,
    target: word(...ALL_TARGETS),
    open: functionFrom('files of a bundle to { run, module }'),
    seed: be('a whole number', Number.isSafeInteger),
    numeric: numericClass,
  },
  takes: { options: (value) => checkOptions(value as CompileOptions) },
};

/**
 * Looks for the first layer whose code gives something else than its definition. Throws a `CnncError` (OPTION_TYPE)
 * when the options are wrong.
 */
export async function bisect(how: BisectOptions): Promise<Finding> {
  demand('bisect', how, DEMANDS);
  const { graph, target, seed, numeric, options = {} } = how;
  const optimised = runPasses(graph, passesOf(options));
  const inputs = inputsOf(graph, seed);
  const observed =
    (target === 'js' ? await observeSteps(optimised, how, inputs) : undefined) ??
    (await observeLayers(optimised, how, inputs));
  const wrong = firstDivergence(optimised, { inputs, observed }, numeric);
  if (wrong) return { layer: { ...wrong.found, ...placeOf(wrong.node, options) } };
  const pass = firstWrongPass(graph, { inputs, options }, numeric);
  return pass === undefined ? {} : { pass };
}

/** The first layer of an optimised graph whose observed value is off. Values nobody observed are passed over. */
function firstDivergence(
  graph: Graph,
  { inputs, observed }: { readonly inputs: Arrays; readonly observed: Observed },
  numeric: NumericClass,
): { readonly node: OpNode; readonly found: Deviation } | undefined {
  const right = interpretAll(graph, inputs);
  for (const node of graph.nodes) {
    const actual = isOp(node) && observed.get(node.name);
    if (!actual) continue;
    const found = deviation(actual, right.get(node)!.data, numeric);
    if (!found.ok) return { node, found };
  }
  return undefined;
}

function placeOf(layer: OpNode, { onnx, path: file }: CompileOptions): Omit<Divergence, keyof Deviation> {
  const { path, keyword, span, node } = layer.origins[0]!;
  const place = span
    ? { file: span.source.path, ...positionAt(span.source, span.start) }
    : { ...(onnx && file !== undefined && { file }), ...(node !== undefined && { node }) };
  return { name: layer.name, path, keyword, ...place };
}

/** The first pass after which the network means something else, by the operators' definitions. */
function firstWrongPass(
  graph: Graph,
  { inputs, options }: { readonly inputs: Arrays; readonly options: CompileOptions },
  numeric: NumericClass,
): string | undefined {
  const right = interpret(graph, inputs);
  let wrong: string | undefined;
  runPasses(graph, passesOf(options), ({ pass, before, after }) => {
    if (wrong !== undefined || after === before) return;
    const actual = interpret(after, inputs);
    const isRight = Object.keys(right).every((name) => deviation(actual[name]!, right[name]!, numeric).ok);
    if (!isRight) wrong = pass.name;
  });
  return wrong;
}

type Observed = ReadonlyMap<string, Float32Array>;

/** Every layer's value as an output of the network, compiled anew: then nothing is stored where it was. */
async function observeLayers(
  graph: Graph,
  { open, target, options = {} }: BisectOptions,
  inputs: Arrays,
): Promise<Observed> {
  const outputs = graph.nodes.filter(isOp).map((node) => ({ name: node.name, node }));
  const network = { graph: { ...graph, outputs }, receptiveFields: new Map<string, never>() };
  const parts = { networks: [network] as const, origin: {}, passes: [] };
  const bundle = await emitBundle(parts, { ...options, targets: [target] }, new Diagnostics());
  invariant(bundle, 'what was compiled once compiles');
  const { run } = await open(bundle.files);
  return new Map(Object.entries(await run(inputs)));
}

/**
 * Values that the steps of the bundle's JavaScript make, caught as they are made: the arena uses places
 * again. undefined where the module has no such steps.
 */
async function observeSteps(
  graph: Graph,
  { open, files }: BisectOptions,
  inputs: Arrays,
): Promise<Observed | undefined> {
  const text = showSteps(textOf(files, '.js'));
  const { steps } = manifestFor('bisect', files).plan;
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  if (text === undefined || !steps.every(({ name }) => nodes.has(name))) return undefined;
  const encoded = new TextEncoder().encode(text);
  const { run, module } = await opened(
    open,
    new Map([...files].map(([name, bytes]) => [name, name.endsWith('.js') ? encoded : bytes])),
  );
  const observed = new Map<string, Float32Array>();
  const { jsSteps } = module as ShownSteps; // showSteps saw to that
  jsSteps.seen = (arena) => {
    const { name, offset, pitch } = steps[observed.size]!;
    const { shape } = nodes.get(name)!.type;
    const channels = channelsOf(shape);
    const at = (i: number) => offset + Math.floor(i / channels) * (pitch ?? channels) + (i % channels);
    observed.set(
      name,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => arena[at(i)]!),
    );
  };
  await run(inputs);
  return observed;
}

/** What `open` makes of a bundle. */
async function opened(open: BisectOptions['open'], files: BundleFiles): Promise<OpenBundle> {
  const bundle = await open(files);
  const needs = {
    run: functionFrom('inputs to outputs, both by name'),
    module: be('what the module exports', (value) => typeof value === 'object'),
  };
  demand('bisect: what open gives', { run: bundle?.run, module: bundle?.module }, { needs });
  return bundle;
}

interface ShownSteps {
  readonly jsSteps: { seen?: (arena: Float32Array) => void };
}

/**
 * The text of a bundle's module, made to call `jsSteps.seen` after every step of its JavaScript (at the
 * first input size).
 */
function showSteps(module: string): string | undefined {
  const [before, target, ...more] = module.split('const jsTarget = ');
  if (target === undefined || !target.includes('step();')) return undefined;
  const shown = target.replace('step();', '{ step(); jsSteps.seen?.(arena); }');
  return `${[before, shown, ...more].join('const jsTarget = ')}\nexport const jsSteps = {};\n`;
}

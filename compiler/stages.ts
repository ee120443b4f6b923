// The stages that every use of the compiler begins with: options → program → graph → graph with weights.
import type { Diagnostic } from '../grammar/diagnostic.ts';
import { checkOptions, type Check } from './check-options.ts';
import type { Diagnostics } from './frontend/diagnostics.ts';
import { buildProgram, type BuiltProgram } from './frontend/program.ts';
import type { PlacedComplaint } from './frontend/weights/bind-map.ts';
import { bindWeights } from './frontend/weights/bind.ts';
import { notFinite } from './frontend/weights/not-finite.ts';
import { readWeightsFile } from './frontend/weights/read.ts';
import { randomWeights } from './frontend/weights/random.ts';
import { importOnnx } from './import/index.ts';
import { isConstant, isWeight, type Graph } from './ir/graph.ts';
import { withPictures } from './model-pictures.ts';
import { modelName, type SourceOptions, type WeightsOptions } from './options.ts';
import { Refusal } from './support/refusal.ts';
import { sizeOf } from './tensor/types.ts';

export interface CheckResult {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the user gave, as a graph: from a program, or from an ONNX model, which has its weights with it. */
export interface Network {
  readonly graph: Graph;
  readonly program?: BuiltProgram;
}

/** The options as they are, or nothing where they are wrong; `own` checks those that only this call takes. */
export function checked<O extends SourceOptions>(
  options: O,
  own: Readonly<Record<string, Check>>,
  diagnostics: Diagnostics,
): O | undefined {
  const wrong = checkOptions(options, own);
  return wrong ? complain(diagnostics, wrong) : options;
}

/** Options that say what an ONNX model does not. */
const OF_MODELS = ['constants', 'shapes', 'image', 'labels'] as const;

/** Program or model → graph, checked. */
export async function network(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<Network | undefined> {
  const wrong = checkOptions(options);
  if (wrong) return complain(diagnostics, wrong);
  if (options.onnx === undefined) {
    const stray = OF_MODELS.find((name) => options[name] !== undefined);
    if (stray)
      return complain(diagnostics, { code: 'E047', message: `the option ${stray} is for ONNX models` });
    const program = await frontend(options, diagnostics);
    return program && { graph: program.graph, program };
  }
  if (options.source !== undefined)
    return complain(diagnostics, {
      code: 'E047',
      message: 'there are a source and an ONNX model; give one of them',
    });
  if (options.at !== undefined || (options.dense ?? false) !== false)
    return complain(diagnostics, {
      code: 'E047',
      message: 'an ONNX model has the sizes that it was exported for',
      help: 'sizes that it leaves open are given by --shape; cnnc import makes a program of it, which takes --at and --dense',
    });
  const { onnx, constants, shapes, read, path = '' } = options;
  const folder = path.replace(/[^/\\]*$/, '');
  const {
    graph,
    complaints,
    warnings = [],
  } = await importOnnx(
    onnx,
    { name: modelName(options), ...(constants && { constants }), ...(shapes && { shapes }) },
    read && (async (file) => toBytes(await read(folder + file))),
  );
  const file = path === '' ? '' : `${path}: `;
  for (const complaint of complaints)
    complain(diagnostics, { ...complaint, message: file + complaint.message });
  for (const warning of warnings)
    diagnostics.list.push({ severity: 'warning', labels: [], ...warning, message: file + warning.message });
  const pictured = graph && (await reporting(() => withPictures(graph, options, diagnostics), diagnostics));
  return pictured && { graph: pictured };
}

/** What is refused is reported. */
async function reporting<T>(work: () => Promise<T>, diagnostics: Diagnostics): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return complain(diagnostics, error.complaint);
    throw error;
  }
}

const toBytes = (read: string | Uint8Array): Uint8Array =>
  typeof read === 'string' ? new TextEncoder().encode(read) : read;

/** Text → graph, checked. */
export async function frontend(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<BuiltProgram | undefined> {
  const wrong = checkOptions(options);
  if (wrong) return complain(diagnostics, wrong);
  const name = modelName(options);
  const path = options.path ?? '<input>';
  const text = options.source ?? (await readText(path, options, diagnostics));
  if (text === undefined) return undefined;
  const { read, at, dense = false } = options;
  const sizing = { openSizes: at?.[0], needsTrainedSize: dense !== false };
  return buildProgram({ text, path, name, read, ...sizing }, diagnostics);
}

async function readText(
  path: string,
  { read }: SourceOptions,
  diagnostics: Diagnostics,
): Promise<string | undefined> {
  try {
    const bytes: unknown = await read?.(path);
    if (typeof bytes === 'string') return bytes;
    if (bytes instanceof Uint8Array) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (read) return complain(diagnostics, { code: 'E047', message: `read gives no bytes for ${path}` });
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : '';
    return complain(diagnostics, { code: 'E047', message: `${path} cannot be read${why}` });
  }
  return complain(diagnostics, { code: 'E047', message: 'there is neither a source nor a way to read one' });
}

/** A little under 2 GiB, where buffers of browsers end. */
const MAX_WEIGHT_BYTES = 2 ** 31 - 2 ** 20;

/** Graph and weights → graph with weights. */
export function bind(
  graph: Graph,
  { weights, ...how }: WeightsOptions,
  diagnostics: Diagnostics,
): Graph | undefined {
  const hasWeights = graph.nodes.every((node) => !isWeight(node) || node.data);
  if (hasWeights && weights !== undefined && graph.nodes.some(isWeight))
    return complain(diagnostics, {
      code: 'E062',
      message: 'an ONNX model has its weights already',
      help: 'leave out --weights and --random-weights',
    });
  if (weights === undefined) {
    if (hasWeights) return graph;
    return complain(diagnostics, {
      code: 'E062',
      message: 'the network needs weights',
      help: 'give trained ones (--weights file.safetensors) or random ones (--random-weights 1)',
    });
  }
  const bytes = graph.nodes.filter(isConstant).reduce((sum, { type }) => sum + 4 * sizeOf(type.shape), 0);
  if (bytes > MAX_WEIGHT_BYTES)
    return complain(diagnostics, {
      code: 'E046',
      message: `the weights take ${bytes.toLocaleString('en')} bytes; a bundle holds up to ${MAX_WEIGHT_BYTES.toLocaleString('en')}`,
      help: 'no browser can load more into one buffer; cnnc summary shows which layers are large',
    });
  if ('random' in weights) return randomWeights(graph, weights.random);
  try {
    const file = weights instanceof ArrayBuffer ? new Uint8Array(weights) : weights;
    const { graph: bound, complaints } = bindWeights(graph, readWeightsFile(file), how);
    for (const complaint of complaints) complain(diagnostics, complaint);
    if (complaints.length > 0) return undefined;
    const warning = notFinite(bound);
    if (warning) diagnostics.list.push({ severity: 'warning', labels: [], ...warning });
    return bound;
  } catch (error) {
    if (error instanceof Refusal) return complain(diagnostics, error.complaint);
    throw error;
  }
}

/** Reports what is wrong with a file as a whole, or at one place of it. */
export function complain(
  diagnostics: Diagnostics,
  { code, message, help, place }: PlacedComplaint,
): undefined {
  diagnostics.list.push({
    code,
    severity: 'error',
    message,
    labels: place ? [{ span: place }] : [],
    ...(help !== undefined && { help }),
  });
}

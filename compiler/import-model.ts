// An ONNX model as a program of the language, and its weights.
import type { BuiltProgram } from './frontend/program.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
import type { Graph } from './ir/graph.ts';
import { writeSafetensors } from './frontend/weights/write-safetensors.ts';
import type { SourceOptions } from './options.ts';
import { raise, type Raised } from './raise/index.ts';
import { checked, complain, frontend, network, type CheckResult } from './stages.ts';
import { version } from './version.ts';

export interface ImportResult extends CheckResult {
  /** The program. */
  readonly text?: string;
  /** What its classes are called, and the file in which the program looks for that. */
  readonly labels?: { readonly file: string; readonly text: string };
  /** A safetensors file with its weights. */
  readonly weights?: Uint8Array;
}

/** Writes an ONNX model as a program, which compiles to what the model itself compiles to. */
export async function importModel(options: SourceOptions): Promise<ImportResult> {
  const diagnostics = new Diagnostics();
  const raised = await raiseModel(options, diagnostics);
  return {
    ok: raised !== undefined,
    diagnostics: diagnostics.list,
    ...(raised && {
      text: raised.text,
      ...(raised.labels && { labels: raised.labels }),
      weights: writeRaised(raised),
    }),
  };
}

/** The program, or the one for an ONNX model. */
export async function program(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<BuiltProgram | undefined> {
  if (options.onnx === undefined) return frontend(options, diagnostics);
  const raised = await raiseModel(options, diagnostics);
  return raised && readRaised(raised, options);
}

/** A model as the graph of its program, with the axes that the model has at its ends, and the weights for it. */
export async function modelAsProgram(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<{ readonly graph: Graph; readonly weights: Uint8Array } | undefined> {
  const raised = await raiseModel(options, diagnostics);
  const built = raised && (await readRaised(raised, options));
  if (!built) return undefined;
  // Names were compared when it was raised.
  const inputs = endsLike(raised.meant.inputs, built.graph.inputs);
  const outputs = endsLike(raised.meant.outputs, built.graph.outputs);
  return { graph: { ...built.graph, inputs, outputs }, weights: writeRaised(raised) };
}

/** Ends of the program's graph, with what the model says of those with their names. */
function endsLike<End extends { readonly name: string; readonly node: unknown }>(
  meant: readonly End[],
  said: readonly End[],
): End[] {
  const byName = new Map(meant.map((end) => [end.name, end]));
  return said.map(({ name, node }) => ({ ...byName.get(name)!, node }));
}

/** Nobody wrote this text, so nobody is warned about it; it was read back before, without errors. */
function readRaised(
  { text, labels }: Raised,
  { name, path }: SourceOptions,
): Promise<BuiltProgram | undefined> {
  const read = async () => new TextEncoder().encode(labels?.text);
  const named = { ...(name !== undefined && { name }), ...(path !== undefined && { path }) };
  return frontend({ source: text, read, ...named }, new Diagnostics());
}

async function raiseModel(
  options: SourceOptions,
  diagnostics: Diagnostics,
): Promise<(Raised & { readonly meant: Graph }) | undefined> {
  if (!checked(options, {}, diagnostics)) return undefined;
  if (options.onnx === undefined)
    return complain(diagnostics, {
      code: 'E047',
      message: 'this is a program already',
      help: 'import takes ONNX models',
    });
  const built = await network(options, diagnostics);
  const raised = built && (await raise(built.graph));
  if (!raised) return undefined;
  return 'text' in raised ? { ...raised, meant: built.graph } : complain(diagnostics, raised);
}

const writeRaised = ({ weights }: Raised): Uint8Array =>
  writeSafetensors(weights, { format: 'pt', layout: 'torch', producer: `cnnc ${version}` });

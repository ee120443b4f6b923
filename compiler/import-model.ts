// An ONNX model as a program of the language, and its weights.
import type { BuiltProgram } from './frontend/program.ts';
import { Diagnostics } from './frontend/diagnostics.ts';
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
  if (!raised) return undefined;
  const { name, path } = options;
  const read = async () => new TextEncoder().encode(raised.labels?.text);
  const source = {
    source: raised.text,
    read,
    ...(name !== undefined && { name }),
    ...(path !== undefined && { path }),
  };
  // Nobody wrote this text, so nobody is warned about it; it was read back before, without errors.
  return frontend(source, new Diagnostics());
}

async function raiseModel(options: SourceOptions, diagnostics: Diagnostics): Promise<Raised | undefined> {
  if (!checked(options, {}, diagnostics)) return undefined;
  if (options.onnx === undefined)
    return complain(diagnostics, {
      code: 'E047',
      message: 'this is a program already',
      help: 'import takes ONNX models',
    });
  const built = await network(options, diagnostics);
  const raised = built && (await raise(built.graph));
  if (!raised || 'text' in raised) return raised;
  return complain(diagnostics, raised);
}

const writeRaised = ({ weights }: Raised): Uint8Array =>
  writeSafetensors(weights, { format: 'pt', layout: 'torch', producer: `cnnc ${version}` });

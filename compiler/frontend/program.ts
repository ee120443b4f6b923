// Text → graph: the language's whole frontend.
import type { Graph } from '../ir/graph.ts';
import { verify } from '../ir/verify.ts';
import type { Diagnostics } from './diagnostics.ts';
import { expand } from './expand.ts';
import { loadProgram, type Read } from './files.ts';
import { lower, type Layer } from './lower.ts';

export interface ProgramSource {
  readonly text: string;
  readonly path: string;
  readonly name: string;
  readonly read: Read | undefined;
}

export interface BuiltProgram {
  readonly graph: Graph;
  readonly layers: readonly Layer[];
}

/** The graph that the program says, without weights; undefined when there was an error, which is reported. */
export async function buildProgram(
  source: ProgramSource,
  diagnostics: Diagnostics,
): Promise<BuiltProgram | undefined> {
  const { program, file } = await loadProgram(source.text, source.path, source.read, diagnostics);
  const built = lower(source.name, expand(program, file, diagnostics), diagnostics);
  if (diagnostics.list.some(({ severity }) => severity === 'error')) return undefined;
  verify(built.graph);
  return built;
}

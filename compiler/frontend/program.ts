// Text → graph: the language's whole frontend.
import type { Program } from '../../grammar/ast.ts';
import type { Graph } from '../ir/graph.ts';
import { verify } from '../ir/verify.ts';
import { EnoughSaid, type Diagnostics } from './diagnostics.ts';
import { expand } from './expand.ts';
import { loadProgram } from './files.ts';
import type { Expansion } from './instance.ts';
import { attachLabels } from './labels.ts';
import { lint } from './lints.ts';
import { lower, type Layer } from './lower.ts';
import type { ProgramSource } from './program-source.ts';

export interface BuiltProgram {
  readonly program: Program;
  readonly expansion: Expansion;
  /** One for each instance of the expansion, in order. */
  readonly layers: readonly Layer[];
  readonly graph: Graph;
}

/** The graph that the program says, without weights; undefined when there was an error, which is reported. */
export async function buildProgram(
  source: ProgramSource,
  diagnostics: Diagnostics,
): Promise<BuiltProgram | undefined> {
  const built = await untilEnoughIsSaid(() => build(source, diagnostics));
  const isRight = diagnostics.list.every(({ severity }) => severity !== 'error');
  if (built && isRight) {
    verify(built.graph);
    await untilEnoughIsSaid(() => lint(built, diagnostics));
  }
  diagnostics.sort();
  return isRight ? built : undefined;
}

async function untilEnoughIsSaid<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EnoughSaid) return undefined;
    throw error;
  }
}

async function build(source: ProgramSource, diagnostics: Diagnostics): Promise<BuiltProgram> {
  const { text, path, read } = source;
  const { program, file } = await loadProgram(text, path, read, diagnostics);
  const expansion = expand(program, file, diagnostics);
  const { graph, layers } = lower(source, expansion, diagnostics);
  const labelled = await attachLabels({ graph, layers, expansion }, path, read, diagnostics);
  return { program, expansion, layers, graph: labelled };
}

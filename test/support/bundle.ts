// Compiles to a folder of its own and imports the module that was written, as a user would.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import { renderDiagnostic } from '../../grammar/index.ts';
import type { CreateModel } from '../../runtime/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface WrittenBundle {
  readonly folder: string;
  /** The module's `createModel`. */
  readonly createModel: CreateModel;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Throws with the rendered diagnostics when the program does not compile. */
export async function writeBundle(options: CompileOptions): Promise<WrittenBundle> {
  const { ok, diagnostics, files } = await compile({ read: (path) => readFile(path), ...options });
  if (!ok) throw new Error(diagnostics.map((each) => renderDiagnostic(each, { color: false })).join('\n'));
  const folder = await temporaryFolder();
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  const module = [...files.keys()].find((name) => name.endsWith('.js'))!;
  const { createModel } = await import(pathToFileURL(join(folder, module)).href);
  return { folder, createModel, files };
}

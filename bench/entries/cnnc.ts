import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import type { CreateModel } from '../../runtime/index.ts';
import type { Entry } from '../contest.ts';

/** A program of random weights as a model. Every call makes a module of its own, as applications do. */
export async function createModelOf(options: CompileOptions): Promise<Awaited<ReturnType<CreateModel>>> {
  const { ok, files, diagnostics } = await compile({ weights: { random: 1 }, name: 'net', ...options });
  if (!ok) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const folder = await mkdtemp(join(tmpdir(), 'cnnc-bench-'));
  try {
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
    const { createModel }: { createModel: CreateModel } = await import(
      pathToFileURL(join(folder, 'net.js')).href
    );
    return await createModel({ weights: files.get('net.weights.bin')! });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const cnnc = (name: string, options: Omit<CompileOptions, 'source'> = {}): Entry => ({
  name,
  async enter({ workload: { source }, input, graph }) {
    const model = await createModelOf({ targets: ['js'], ...options, source });
    const output = graph.outputs[0]!.name;
    return { run: async () => (await model.run(input))[output]!, dispose: () => model.dispose() };
  },
});

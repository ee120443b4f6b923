// PyTorch as an oracle, where Python has it: `CNNC_PYTHON` names an interpreter, else it is `python3`.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeTorch } from '../../compiler/export/torch/index.ts';
import { weightsInOrder } from '../../compiler/frontend/weights/pair.ts';
import { writeSafetensors } from '../../compiler/frontend/weights/write-safetensors.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { channelsFirst, channelsLast } from '../../compiler/ops/onnx.ts';
import { transpose } from '../../compiler/tensor/transpose.ts';
import type { Arrays } from './targets.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PYTHON = process.env['CNNC_PYTHON'] ?? 'python3';
const succeeds = (...args: string[]): boolean => spawnSync(PYTHON, args).status === 0;

/** What is missing, for titles of tests that are skipped. */
export const noPython = succeeds('--version') ? '' : ` (skipped: no ${PYTHON})`;
export const noTorch = noPython || (succeeds('-c', 'import torch') ? '' : ' (skipped: Python has no torch)');

/** Throws with Python's message where one of the texts is no Python. */
export async function compilePython(texts: Readonly<Record<string, string>>): Promise<void> {
  const folder = await temporaryFolder();
  const files = Object.entries(texts).map(([name, text]) => [join(folder, `${name}.py`), text] as const);
  for (const [path, text] of files) await writeFile(path, text);
  execFileSync(PYTHON, ['-m', 'py_compile', ...files.map(([path]) => path)], { stdio: 'pipe' });
}

export interface TorchJob {
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: Arrays;
  /** What was exported, where that was not done from the graph. */
  readonly exported?: { readonly text: string; readonly weights: Uint8Array };
}

export interface TorchResult {
  readonly error?: string;
  /** Of its state_dict, sorted. */
  readonly keys: readonly string[];
  readonly outputs: Arrays;
}

/** Runs graphs by way of their export, all in one process of Python. */
export async function runTorch(jobs: readonly TorchJob[]): Promise<Map<string, TorchResult>> {
  const folder = await temporaryFolder();
  for (const { name, graph, inputs, exported } of jobs) {
    const { text, weights } = exported ?? exportedOf(graph);
    const job = {
      name,
      class: /^class (\w+)/m.exec(text)![1],
      inputs: graph.inputs.map(({ name: input, node: { type }, dims }) => {
        if (dims) return { shape: dims, data: [...inputs[input]!] };
        const axes = channelsFirst(type.shape.map((_, axis) => axis));
        return { shape: channelsFirst(type.shape), data: [...transpose(inputs[input]!, type.shape, axes)] };
      }),
    };
    await writeFile(join(folder, `${name}.py`), text);
    await writeFile(join(folder, `${name}.safetensors`), weights);
    await writeFile(join(folder, `${name}.job.json`), JSON.stringify(job));
  }
  execFileSync(PYTHON, [resolve(import.meta.dirname, '../export/run_torch.py'), folder], { stdio: 'pipe' });
  const results = jobs.map(async ({ name, graph }) => {
    const { keys, outputs, error } = JSON.parse(await readFile(join(folder, `${name}.result.json`), 'utf8'));
    return [name, { error, keys, outputs: toOurs(outputs ?? {}, graph) }] as const;
  });
  return new Map(await Promise.all(results));
}

function exportedOf(graph: Graph): NonNullable<TorchJob['exported']> {
  const weights = weightsInOrder(graph).map(({ name, type, data }) => ({
    name,
    shape: type.shape,
    data: data!,
  }));
  return { text: writeTorch(graph, 'test').text, weights: writeSafetensors(weights, {}) };
}

/** Outputs with our names and axes; a module with one output gives it without a name. */
const toOurs = (
  outputs: Readonly<Record<string, { shape: number[]; data: string[] }>>,
  { outputs: specs }: Graph,
): Arrays =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => {
      const spec = specs.length === 1 ? specs[0]! : specs.find((each) => each.name === name)!;
      const numbers = Float32Array.from(data, (text) => Number(text.replace('inf', 'Infinity')));
      return [spec.name, spec.dims ? numbers : transpose(numbers, shape, channelsLast(shape.length))];
    }),
  );

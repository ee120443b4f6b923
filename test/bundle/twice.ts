// A bundle with a target written by hand: y = 2x + w, for items of 2 × 2 × 1 values.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleModule } from '../../compiler/bundle/module.ts';
import { bundleTypes } from '../../compiler/bundle/types.ts';
import { packWeights } from '../../compiler/bundle/weights.ts';
import type { CreateModel, Program, TensorSpec } from '../../runtime/index.ts';
import type { Bytes } from '../../runtime/sha256.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TARGET = `\
/** y = 2x + w */
function twice(weights) {
  const [w] = weights.values();
  return {
    run([x], [y]) {
      for (let i = 0; i < y.length; i++) y[i] = 2 * x[i] + w[i];
    },
    dispose() {},
  };
}
`;

export interface Options {
  readonly name?: string;
  readonly inputs?: readonly string[];
  readonly output?: string;
  readonly weight?: string;
  readonly w?: readonly number[];
  /** Size of a second tensor, to fill several chunks. */
  readonly ballast?: number;
  readonly target?: string;
  readonly labels?: readonly string[];
  readonly inline?: boolean;
  readonly hasSelfTest?: boolean;
}

export interface Bundle {
  readonly program: Program;
  readonly js: string;
  readonly types: string;
  readonly weights: Bytes;
}

export async function twice(options: Options = {}): Promise<Bundle> {
  const { name = 'twice', inputs = ['x'], output = 'y', weight = 'w', w = [1, 2, 3, 4] } = options;
  const tensors = [{ name: weight, shape: [2, 2], data: Float32Array.from(w) }];
  if (options.ballast) {
    const data = Float32Array.from({ length: options.ballast }, (_, i) => i);
    tensors.push({ name: 'ballast', shape: [options.ballast], data });
  }
  const { file, spec } = await packWeights(tensors);
  const tensor = (tensorName: string): TensorSpec => ({
    name: tensorName,
    shape: [2, 2, 1],
    dtype: 'float32',
  });
  const outputs = [{ ...tensor(output), ...(options.labels && { labels: options.labels }) }];
  const program = { name, cnnc: '0.1.0', inputs: inputs.map(tensor), outputs, weights: spec };
  const js = bundleModule({
    program,
    targets: { js: options.target ?? TARGET },
    weightsFile: 'twice.weights.bin',
    inlineWeights: options.inline ? file : undefined,
    banner: `${name}\n\ny = 2x + w`,
  });
  return { program, js, types: bundleTypes(program, ['js'], options), weights: file };
}

/** A folder with these files. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** Writes module and weights beside each other. */
export const write = ({ js, types, weights }: Bundle): Promise<string> =>
  folderOf({
    'package.json': '{ "type": "module" }',
    'twice.js': js,
    'twice.d.ts': types,
    'twice.weights.bin': weights,
  });

/** What a program gets that imports the bundle. */
export async function load(bundle: Bundle): Promise<CreateModel> {
  const url = pathToFileURL(join(await write(bundle), 'twice.js'));
  // The declarations beside the module promise this; types.test.ts checks them.
  const module = (await import(/* @vite-ignore */ url.href)) as { default: CreateModel };
  return module.default;
}

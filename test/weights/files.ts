// Weights files made by hand, so that they may be wrong.
import * as fc from 'fast-check';
import { writeNpy } from '../../compiler/frontend/weights/npy.ts';
import { readWeightsFile } from '../../compiler/frontend/weights/read.ts';
import { compile, exportWeights, type CompileOptions } from '../../compiler/index.ts';

/** A safetensors file with any text as its header. */
export function safetensorsOf(header: string | Uint8Array, data = new Uint8Array()): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return Uint8Array.from(Buffer.concat([length, text, data]));
}

/** The usual description of a tensor of the header, with something else in it. */
export const entry = (change: object = {}): string =>
  JSON.stringify({ dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change });

/** An array of NumPy counting 0, 1, 2, … */
export const counting = (...shape: number[]): Uint8Array =>
  writeNpy({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) });

/** The file with other text in it, as often as it occurs; what is shorter is padded with spaces. */
export const edited = (file: Uint8Array, from: string, to: string): Uint8Array =>
  Uint8Array.from(
    Buffer.from(Buffer.from(file).toString('latin1').replaceAll(from, to.padEnd(from.length)), 'latin1'),
  );

/** Copies of a file that end early or have one byte changed. */
export const damaged = (whole: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.nat(whole.length).map((length) => whole.slice(0, length)),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, value]) => whole.with(at, value)),
  );

/** What reading a file and all of its tensors throws. */
export function errorOf(file: Uint8Array): unknown {
  try {
    for (const { read } of readWeightsFile(file).tensors.values()) read();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A network with one weight, `a.weight`, of two elements. */
export const ONE_WEIGHT = 'INPUT(2) -> FC(1, bias=false) as a';

type Given = Pick<CompileOptions, 'weights' | 'layout' | 'bind' | 'bindMap'>;

/** What compiling says about a weights file: messages, and their help. */
export async function messages(source: string, given: Given): Promise<string[]> {
  const { diagnostics } = await compile({ source, targets: ['js'], ...given });
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .flatMap(({ message, help }) => (help === undefined ? [message] : [message, help]));
}

/** The weights that a bundle gets. */
export async function bundled(source: string, given: Given): Promise<Uint8Array> {
  const { files, diagnostics } = await compile({ source, targets: ['js'], ...given });
  const file = files.get('model.weights.bin');
  if (!file) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return file;
}

/** Random weights for a program, as a file of cnnc's. */
export async function written(source: string, to: 'torch' | 'tf' = 'torch'): Promise<Uint8Array> {
  const { file } = await exportWeights({ source, weights: { random: 1 }, to });
  return file!;
}

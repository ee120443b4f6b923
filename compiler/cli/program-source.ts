import type { SourceOptions } from '../index.ts';
import { InputError } from './failure.ts';
import { ONNX_FLAGS, onnxOptions, type OnnxFlags } from './onnx-flags.ts';
import { nameOf, readBeside, readBytes, readSource } from './read-input.ts';
import type { Terminal } from './terminal.ts';

/** A program as the compiler takes it: from a file, or from standard input for `-`. */
export async function programSource(
  path: string,
  terminal: Terminal,
  flags: OnnxFlags = {},
): Promise<SourceOptions> {
  if (isOnnx(path)) {
    const read = readBeside(path, readBytes);
    return { onnx: await readBytes(path), path, read, ...(await onnxOptions(flags)) };
  }
  const flag = ONNX_FLAGS.find((name) => flags[name] !== undefined);
  if (flag) throw new InputError(`${path}: --${flag} is for ONNX models`);
  const source = await readSource(path, terminal);
  return { source, path: nameOf(path), read: readBeside(path) };
}

/** Models are known by the end of their names. */
export const isOnnx = (path: string): boolean => /\.onnx$/i.test(path);

/** What `FILE` means, for the help of every command that takes a program. */
export const FILE_HELP = 'a .cnn program or an .onnx model; - reads a program from standard input';

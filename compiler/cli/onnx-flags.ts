import { type Command, InvalidArgumentError } from 'commander';
import type { SourceOptions } from '../index.ts';
import { InputError } from './failure.ts';
import { readNpy } from './npy.ts';
import { readBytes } from './read-input.ts';

/** What an ONNX model leaves open, as the options of commands say it. */
export interface OnnxFlags {
  readonly constant?: readonly Assignment[];
  readonly shape?: readonly Assignment[];
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** Adds `--constant` and `--shape`. */
export const withOnnxFlags = (command: Command): Command =>
  command
    .option(
      '--constant <input=numbers>',
      'an input of an ONNX model that is really a parameter: axes=1,2 or scales=file.npy; may be given several times',
      collect,
    )
    .option(
      '--shape <input=sizes>',
      'sizes of an input that an ONNX model leaves open: input=1x3x224x224; may be given several times',
      collect,
    );

/** The flags as the compiler takes them. */
export async function onnxOptions({ constant, shape }: OnnxFlags): Promise<Partial<SourceOptions>> {
  const constants = constant && (await Promise.all(constant.map(numbersOf)));
  return {
    ...(constants && { constants: Object.fromEntries(constants) }),
    ...(shape && { shapes: Object.fromEntries(shape.map(sizesOf)) }),
  };
}

function collect(text: string, before: readonly Assignment[] = []): readonly Assignment[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give the name of an input, `=` and its value.');
  return [...before, { name: text.slice(0, at), value: text.slice(at + 1) }];
}

async function numbersOf({ name, value }: Assignment): Promise<[string, ArrayLike<number>]> {
  if (value.endsWith('.npy')) return [name, readNpy(await readBytes(value), value).data];
  const numbers = value === '' ? [] : value.split(',').map(Number);
  if (numbers.some((number) => Number.isNaN(number)))
    throw new InputError(`--constant ${name}=${value}: is no list of numbers and no .npy file`);
  return [name, numbers];
}

function sizesOf({ name, value }: Assignment): [string, number[]] {
  return [name, value.split(/[x×,]/i).map((size) => (size === '' ? NaN : Number(size)))];
}

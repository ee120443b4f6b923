import { type Command, InvalidArgumentError } from 'commander';
import type { SourceOptions } from '../index.ts';
import { InputError } from './failure.ts';
import { readNpy } from './npy.ts';
import { readBytes } from './read-input.ts';

/** What an ONNX model leaves open, as the options of commands say it. */
export interface OnnxFlags {
  readonly constant?: readonly Assignment[];
  readonly shape?: readonly Assignment[];
  readonly image?: string;
  readonly labels?: string;
}

interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** The names of the flags, for where they mean nothing. */
export const ONNX_FLAGS = ['constant', 'shape', 'image', 'labels'] as const satisfies (keyof OnnxFlags)[];

/** Adds `--constant`, `--shape`, `--image` and `--labels`. */
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
    )
    .option(
      '--image <attributes>',
      'how pictures become the input of an ONNX model, as INPUT says it: "scale=1/255, mean=(0.5, 0.4, 0.4), order=bgr"',
    )
    .option('--labels <file>', 'names of the classes of an ONNX model: one on each line, or a list in JSON');

/** The flags as the compiler takes them. */
export async function onnxOptions({
  constant,
  shape,
  image,
  labels,
}: OnnxFlags): Promise<Partial<SourceOptions>> {
  const constants = constant && (await Promise.all(constant.map(numbersOf)));
  return {
    ...(image !== undefined && { image }),
    ...(labels !== undefined && { labels: await readLabels(labels) }),
    ...(constants && { constants: Object.fromEntries(constants) }),
    ...(shape && { shapes: Object.fromEntries(shape.map(sizesOf)) }),
  };
}

function collect(text: string, before: readonly Assignment[] = []): readonly Assignment[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give the name of an input, `=` and its value.');
  const name = text.slice(0, at);
  if (before.some((other) => other.name === name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return [...before, { name, value: text.slice(at + 1) }];
}

async function numbersOf({ name, value }: Assignment): Promise<[string, ArrayLike<number>]> {
  if (value.endsWith('.npy')) return [name, readNpy(await readBytes(value), value).data];
  const numbers =
    value === '' ? [] : value.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (numbers.some((number) => Number.isNaN(number)))
    throw new InputError(`--constant ${name}=${value}: is no list of numbers and no .npy file`);
  return [name, numbers];
}

function sizesOf({ name, value }: Assignment): [string, number[]] {
  const written = value.split(/[x×,]/i);
  const wrong = written.find((size) => !/^\d+$/.test(size));
  if (wrong === undefined) return [name, written.map(Number)];
  const what = value === '' ? 'there are no sizes' : `"${wrong}" is no size`;
  const batch =
    wrong === written[0] && wrong !== '' ? '; the batch is 1, and run takes any number of items' : '';
  throw new InputError(`--shape ${name}=${value}: ${what}; write it as in ${name}=1x3x224x224${batch}`);
}

/** Most labels that are read: far more than classifiers have classes. */
const MOST_LABEL_BYTES = 64e6;

async function readLabels(path: string): Promise<readonly string[]> {
  const bytes = await readBytes(path);
  if (bytes.length > MOST_LABEL_BYTES) throw new InputError(`${path}: is too long to be a list of labels`);
  const text = new TextDecoder().decode(bytes);
  if (!/^\s*[[{]/.test(text)) return text.trimEnd().split(/\r?\n/);
  const list = inOrder(parseJson(text));
  if (Array.isArray(list) && list.every((label): label is string => typeof label === 'string')) return list;
  throw new InputError(`${path}: is no list of texts in JSON, nor texts by their numbers from 0`);
}

/** `{ "0": "cat", "1": "dog" }` as a list; anything else as it is. */
function inOrder(labels: unknown): unknown {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return labels;
  const byNumber = new Map(Object.entries(labels));
  return Array.from({ length: byNumber.size }, (_, i) => byNumber.get(String(i)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

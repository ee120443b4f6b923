import { type Command, InvalidArgumentError, Option } from 'commander';
import { check, type SourceOptions } from '../index.ts';
import { InputError } from './failure.ts';
import { parseInteger } from './weights-flags.ts';

/** Another input size. */
export interface AtFlag {
  readonly at?: readonly (readonly number[])[];
}

/** At which sizes a network is to work, and whether it scans them, as the options of commands say it. */
export interface SizeFlags extends AtFlag {
  readonly dense?: true | 'average' | 'max';
  readonly stride?: number;
  readonly method?: 'stitch' | 'atrous';
}

/** Adds `--at`, `--dense`, `--stride` and `--method`. */
export const withSizeFlags = (command: Command): Command =>
  command
    .option(
      '--at <size>',
      'another input size: 384x384, or a length; may be given several times',
      collectSize,
    )
    .option(
      '--dense [scores]',
      'evaluate a classifier at every position: all scores, their average or max',
      parseScores,
    )
    .option('--stride <pixels>', "a finer stride than the network's own, for --dense", parseInteger)
    .addOption(
      new Option('--method <how>', 'how a finer stride is reached; by default with less work').choices([
        'stitch',
        'atrous',
      ]),
    );

/** Adds `--at` for commands that only want to know what INPUT leaves open. */
export const withOpenSizeFlag = (command: Command): Command =>
  command.option('--at <size>', 'the size that INPUT(?x?x3) leaves open: 384x384, or a length', collectSize);

/** The flags as the compiler takes them. */
export const sizeOptions = ({ at, dense, stride, method }: SizeFlags): Partial<SourceOptions> => ({
  ...(at && { at }),
  ...(dense !== undefined && { dense }),
  ...(stride !== undefined && { stride }),
  ...(method && { method }),
});

/** The same for a command that does one size at a time. */
export function oneSize(flags: SizeFlags): Partial<SourceOptions> {
  if ((flags.at?.length ?? 0) > 1) throw new InputError('--at: this command takes one size');
  return sizeOptions(flags);
}

/** The size that a program leaves open; one that does not is as large as it says. */
export async function openSize(source: SourceOptions, { at }: AtFlag): Promise<SourceOptions> {
  if (at === undefined) return source;
  const options = { ...source, ...oneSize({ at }) };
  if (source.onnx !== undefined || (await check(source)).ok)
    throw new InputError(`${source.path}: has its size; --at is here for what INPUT(?x?x3) leaves open`);
  return options;
}

/** What a command is to do for each size, beneath its heading where there are several. */
export async function forEachSize(
  flags: SizeFlags,
  run: (options: Partial<SourceOptions>, title: string | undefined) => Promise<void>,
): Promise<void> {
  const sizes = flags.at ?? [undefined];
  for (const size of sizes)
    await run(
      { ...sizeOptions(flags), ...(size && { at: [size] }) },
      size && sizes.length > 1 ? size.join('x') : undefined,
    );
}

function collectSize(
  text: string,
  before: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  const sizes = text.split(/[x×]/).map(Number);
  if (sizes.length > 2 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new InvalidArgumentError('Give height and width as 384x384, or a length.');
  return before.some((other) => other.join() === sizes.join()) ? before : [...before, sizes];
}

function parseScores(text: string): 'average' | 'max' {
  if (text === 'average' || text === 'max') return text;
  throw new InvalidArgumentError(
    `It is average or max. A file stands before it, or it is written as --dense=max: cnnc … ${text} --dense`,
  );
}

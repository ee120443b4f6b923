import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SourceOptions } from '../index.ts';
import { parseInteger } from './weights-flags.ts';

/** At which sizes a network is to work, and whether it scans them, as the options of commands say it. */
export interface SizeFlags {
  readonly at?: readonly (readonly number[])[];
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
    .addOption(
      new Option(
        '--dense [scores]',
        'evaluate a classifier at every position: all scores, their average or max',
      ).choices(['average', 'max']),
    )
    .option('--stride <pixels>', "a finer stride than the network's own, for --dense", parseInteger)
    .addOption(
      new Option('--method <how>', 'how a finer stride is reached; by default with less work').choices([
        'stitch',
        'atrous',
      ]),
    );

/** The flags as the compiler takes them. */
export const sizeOptions = ({ at, dense, stride, method }: SizeFlags): Partial<SourceOptions> => ({
  ...(at && { at }),
  ...(dense !== undefined && { dense }),
  ...(stride !== undefined && { stride }),
  ...(method && { method }),
});

function collectSize(
  text: string,
  before: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  const sizes = text.split(/[x×]/).map(Number);
  if (sizes.length > 2 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new InvalidArgumentError('Give height and width as 384x384, or a length.');
  return [...before, sizes];
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { LAYOUTS, type WeightsOptions } from '../index.ts';
import { readBytes } from './read-input.ts';

/** Where a program's weights come from, and how they are understood, as the options of commands say it. */
export interface WeightsFlags {
  readonly weights?: string;
  readonly randomWeights?: number;
  readonly layout?: (typeof LAYOUTS)[number];
  readonly bind?: string;
}

/** Adds `--weights` with `--layout` and `--bind`, and `--random-weights`, which excludes them. */
export const withWeightsFlags = (command: Command): Command =>
  command
    .addOption(new Option('-w, --weights <file>', 'trained weights, a .safetensors or .npz file'))
    .addOption(
      new Option('--random-weights <seed>', 'weights drawn from a seed, the same on every machine')
        .argParser(parseInteger)
        .conflicts(['weights', 'layout', 'bind']),
    )
    .addOption(
      new Option(
        '--layout <framework>',
        'whose layouts the weights have; default: what the file says, else torch',
      ).choices(LAYOUTS),
    )
    .option(
      '--bind <how>',
      'how tensors find their weights: by name (default), by order, or by a file of lines program.path = file.name',
    );

/** The flags as `compile` takes them; nothing where none was given. */
export async function readWeights({
  weights,
  randomWeights,
  layout,
  bind,
}: WeightsFlags): Promise<WeightsOptions> {
  if (randomWeights !== undefined) return { weights: { random: randomWeights } };
  return {
    ...(weights !== undefined && { weights: await readBytes(weights) }),
    ...(layout && { layout }),
    ...(bind !== undefined && (await readBind(bind))),
  };
}

async function readBind(how: string): Promise<Pick<WeightsOptions, 'bind' | 'bindMap'>> {
  if (how === 'name' || how === 'order') return { bind: how };
  return { bindMap: { path: how, text: new TextDecoder().decode(await readBytes(how)) } };
}

/** A whole number ≥ 0 as a command-line argument. */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  }
  return value;
}

/** A whole number ≥ 1 as a command-line argument. */
export function parseCount(text: string): number {
  const count = parseInteger(text);
  if (count === 0) throw new InvalidArgumentError('Give a whole number, 1 or more.');
  return count;
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { readBytes } from './read-input.ts';

/** Where a program's weights come from, as the options of `compile` and `run` say it. */
export interface WeightsFlags {
  readonly weights?: string;
  readonly randomWeights?: number;
}

/** Adds `--weights` and `--random-weights`, which exclude each other. */
export const withWeightsFlags = (command: Command): Command =>
  command
    .addOption(new Option('-w, --weights <file>', 'trained weights, a .safetensors file'))
    .addOption(
      new Option('--random-weights <seed>', 'weights drawn from a seed, the same on every machine')
        .argParser(parseInteger)
        .conflicts('weights'),
    );

/** The flags as `compile` takes them; nothing where neither was given. */
export async function readWeights({
  weights,
  randomWeights,
}: WeightsFlags): Promise<{ weights?: Uint8Array | { random: number } }> {
  if (weights !== undefined) return { weights: await readBytes(weights) };
  if (randomWeights !== undefined) return { weights: { random: randomWeights } };
  return {};
}

/** A whole number ≥ 0 as a command-line argument. */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('Give a whole number, 0 or more.');
  }
  return value;
}
